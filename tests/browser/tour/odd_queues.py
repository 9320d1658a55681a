"""Queues as nobody wants them: each of them puts the page into one of its rarer states."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "error", "queue")
LONG_CODE = "PAYMENT_PROVIDER_" + "_".join(f"STEP{n:03}_REFUSED" for n in range(21))
assert len(LONG_CODE) > 300
RIGHT_TO_LEFT = "فشل الاتصال بالخادم بعد 30 ثانية"
EMOJI = "🔥 render farm on fire 👩‍🚒🇺🇳"
ERRORS = (f"{LONG_CODE}: no", RIGHT_TO_LEFT, EMOJI, "QUOTA_EXCEEDED: 7 of 5 seats")
VALUES = 47
QUIET_DAYS = 2
BUSY_TASKS = 120_000

Row = tuple[str | None, ...]
SETTINGS = '''
[sources.{name}]
url = "sqlite:///{folder}/{file}.db"
sql = """SELECT {columns} FROM tasks"""
dimensions = {dimensions}
'''
MEASURABLE = ", ".join(COLUMNS)
SOURCES = {
    "empty": MEASURABLE,
    "quiet": MEASURABLE,
    "away": MEASURABLE,
    "gone": MEASURABLE,
    "bare": "id, status, finished_at",
    "messy": MEASURABLE,
    "many": MEASURABLE,
    "busy": f"{MEASURABLE}, 1234.5 AS cost_usd",
}


def make_odd_queues(folder: Path, *, now: datetime) -> str:
    """Writes a database a queue into the folder, but none for "gone"; returns the settings."""
    rows = {
        "empty": [],
        "quiet": [ordinary(n, now - timedelta(days=QUIET_DAYS, minutes=n)) for n in range(40)],
        "away": ordinary_rows(now),
        "bare": ordinary_rows(now),
        "messy": messy_rows(now),
        "many": many_rows(now),
        "busy": [],
    }
    for name, those in rows.items():
        write(folder / f"{name}.db", those)
    _fill(folder / "busy.db", now)
    return "".join(_settings(folder, name) for name in SOURCES)


def write(database: Path, rows: list[Row]) -> None:
    """A new database with these tasks."""
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE tasks ({', '.join(f'{name} TEXT' for name in COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO tasks VALUES ({marks})", rows)
    connection.close()


def ordinary_rows(now: datetime) -> list[Row]:
    """Two hours of a calm queue: two tasks a minute, one of twelve fails."""
    return [ordinary(n, now - timedelta(seconds=30 * n + 40)) for n in range(240)]


def ordinary(number: int, created: datetime, *, error: str = "NO_SEATS: 3 of 3") -> Row:
    """A task that begins after a few seconds and ends after some more."""
    failed = number % 12 == 7
    status = "failed" if failed else "cancelled" if number % 12 == 3 else "completed"
    started = created + timedelta(seconds=2 + number % 5)
    ended = started + timedelta(seconds=5 + number * 7 % 23)
    times = [at.isoformat() for at in (created, started, ended)]
    return (f"task-{number:05}", status, *times, error if failed else None, f"queue-{number % 3}")


def messy_rows(now: datetime) -> list[Row]:
    """A calm queue with some rows of each kind that the quality findings tell about."""
    instant, later = (now - timedelta(minutes=m) for m in (30, 20))
    at, after = instant.isoformat(), later.isoformat()
    return [
        *ordinary_rows(now),
        *((f"odd-{n}", "on hold", at, None, None, None, "queue-0") for n in range(7)),
        *((f"unended-{n}", "completed", at, at, None, None, "queue-1") for n in range(3)),
        *((f"backwards-{n}", "completed", after, after, at, None, "queue-1") for n in range(4)),
        *((f"timeless-{n}", "failed", None, None, None, None, "queue-2") for n in range(2)),
        *((f"open-{n}", "processing", at, at, after, None, "queue-2") for n in range(2)),
    ]


def many_rows(now: datetime) -> list[Row]:
    """More values of a dimension than can be read at a glance; errors in hard words."""
    rows = [
        ordinary(n, now - timedelta(seconds=7 * n + 40), error=ERRORS[n // 12 % 4])
        for n in range(480)
    ]
    return [(*row[:6], f"tenant-{7 * n % VALUES:02}-{EMOJI}") for n, row in enumerate(rows)]


def _fill(database: Path, now: datetime) -> None:
    """As many tasks in the last hour as a large queue has in a day; the oldest waits for years."""
    begin = (now - timedelta(hours=1)).timestamp()
    with sqlite3.connect(database) as connection:
        connection.execute(
            """WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
            INSERT INTO tasks
            SELECT 'a-task-with-an-id-of-a-remarkable-length-' || i,
                   CASE i % 20 WHEN 0 THEN 'failed' WHEN 1 THEN 'queued' WHEN 2 THEN 'processing'
                   ELSE 'completed' END,
                   datetime(?2 + i * 3600.0 / ?1, 'unixepoch'),
                   CASE WHEN i % 20 <> 1 THEN datetime(?2 + 2 + i * 3600.0 / ?1, 'unixepoch') END,
                   CASE WHEN i % 20 NOT IN (1, 2)
                   THEN datetime(?2 + 9 + i * 3600.0 / ?1, 'unixepoch') END,
                   CASE WHEN i % 20 = 0 THEN 'DISK_FULL: no space' END, 'queue-' || (i % 3)
            FROM n""",
            (BUSY_TASKS, begin),
        )
        ancient = datetime(2019, 1, 1, tzinfo=UTC).isoformat()
        connection.execute(
            "INSERT INTO tasks VALUES ('ancient', 'queued', ?, NULL, NULL, NULL, 'queue-0')",
            (ancient,),
        )
    connection.close()


def _settings(folder: Path, name: str) -> str:
    dimensions = [] if name == "bare" else ["queue"]
    return SETTINGS.format(
        name=name,
        folder=folder,
        file=name,
        columns=SOURCES[name],
        dimensions=dimensions,
    )
