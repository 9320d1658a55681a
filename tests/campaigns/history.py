"""A static table of tasks whose counts at any instant are known without a database.

Task n begins at START + n * step, starts 200 ms later and ends 300 ms later; each tenth fails. The
table reaches beyond the present, so a live window is always full and never changes its rows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from metrics_core import Snapshot, Source
from metrics_core.window import epoch_us
from tests.campaigns.server import Connection, Server

START_AFTER_US, END_AFTER_US = 200_000, 300_000
FAIL_EACH = 10
QUEUES = ("red", "green", "blue")
MAKE = """
CREATE TABLE campaign_tasks AS
SELECT
  'task_' || n AS id,
  CASE WHEN n % {fail_each} = 0 THEN 'failed' ELSE 'completed' END AS status,
  began AS created_at,
  began + interval '{start_after} us' AS started_at,
  began + interval '{end_after} us' AS finished_at,
  CASE WHEN n % {fail_each} = 0 THEN 'OUT_OF_LUCK: no luck with ' || n END AS error,
  (ARRAY['red', 'green', 'blue'])[1 + n % 3] AS queue
FROM (
  SELECT n, TIMESTAMPTZ '{start}' + n * interval '{step} us' AS began
  FROM generate_series(0, {rows} - 1) AS n
) AS made
"""
SELECT = """
WITH pause AS MATERIALIZED (SELECT pg_sleep(seconds) FROM campaign_pace)
SELECT id, status, created_at, started_at, finished_at, error, queue
FROM campaign_tasks
WHERE (SELECT count(*) FROM pause) = 1
"""
"""It sleeps once, for as long as campaign_pace says, and then sends its rows."""


@dataclass(frozen=True, kw_only=True)
class History:
    """The tasks of the table."""

    start: datetime
    step_us: int
    rows: int

    @classmethod
    def around_now(cls, rows_an_hour: int, hours_ahead: float = 2) -> "History":
        start = (datetime.now(UTC) - timedelta(minutes=65)).replace(microsecond=0)
        rows = round(rows_an_hour * (hours_ahead + 65 / 60))
        return cls(start=start, step_us=3_600_000_000 // rows_an_hour, rows=rows)

    def load(self, server: Server, pause_seconds: float = 0.0) -> None:
        make = MAKE.format(
            fail_each=FAIL_EACH,
            start_after=START_AFTER_US,
            end_after=END_AFTER_US,
            start=self.start.isoformat(),
            step=self.step_us,
            rows=self.rows,
        )
        with server.connect() as connection:
            connection.execute(make.encode())
            connection.execute("CREATE INDEX ON campaign_tasks (created_at)")
            connection.execute("CREATE INDEX ON campaign_tasks (finished_at)")
            connection.execute("CREATE TABLE campaign_pace (seconds double precision)")
            connection.execute("INSERT INTO campaign_pace VALUES (%s)", [pause_seconds])
            connection.execute("VACUUM ANALYZE campaign_tasks")

    def is_true(self, shown: Snapshot) -> bool:
        """Whether every count of the snapshot is that of its window and scope."""
        start, end = epoch_us(shown.window.from_), epoch_us(shown.window.to)
        of_queue = shown.scope.get("queue")
        created = self._tasks(start, end, 0, of_queue)
        ended = self._tasks(start, end, END_AFTER_US, of_queue)
        failed = sum(task % FAIL_EACH == 0 for task in ended)
        here = self._before(end), self._before(end, START_AFTER_US), self._before(end, END_AFTER_US)
        tasks = shown.tasks
        told = (tasks.created, tasks.completed, tasks.failed, tasks.processing, tasks.queued)
        return told == (
            len(created),
            len(ended) - failed,
            failed,
            len(_in_queue(range(here[2], here[1]), of_queue)),
            len(_in_queue(range(here[1], here[0]), of_queue)),
        )

    def _tasks(self, start: int, end: int, after: int, queue: str | None) -> list[int]:
        """The tasks of the queue whose beginning + after is in [start, end)."""
        return _in_queue(range(self._before(start, after), self._before(end, after)), queue)

    def _before(self, instant: int, after: int = 0) -> int:
        """How many tasks there are whose beginning + after is before the instant."""
        elapsed = instant - after - epoch_us(self.start)
        return min(max(-(-elapsed // self.step_us), 0), self.rows)


def _in_queue(tasks: range, queue: str | None) -> list[int]:
    return [task for task in tasks if queue in (None, QUEUES[task % len(QUEUES)])]


def set_pause(connection: Connection, seconds: float) -> None:
    connection.execute("UPDATE campaign_pace SET seconds = %s", [seconds])


def source(url: str, name: str = "campaign", **settings: object) -> Source:
    """The table as a source."""
    given = {"name": name, "url": url, "sql": SELECT, "dimensions": ("queue",)}
    return Source.model_validate(given | settings)
