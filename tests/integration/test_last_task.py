"""When the last task was: against all beginnings and ends of the rows, and what it costs to ask."""

from datetime import UTC, datetime, timedelta

import pytest

from metrics_core.errors import DatabaseError, InvalidScope, ScanTooLarge
from metrics_core.last_task import LastTask, last_task
from metrics_core.postgresql import Postgresql
from metrics_core.scan import wanted_columns
from metrics_core.source import TIME_COLUMNS, Source
from metrics_core.task_statement import latest_statement
from metrics_core.window import Window
from tests.builders import TEN, at, new_source, row
from tests.databases import PostgresTable, SqliteTable, TaskTable

COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "updated_at", "queue")
ROWS = (
    row("ended last", "completed", created=-7200, finished=-600, queue="a"),
    row("began last", "processing", created=-500.5, queue="b"),
    row("still to come", "queued", created=60, queue="a"),
    row("of no status of ours", "strange", created=-10, queue="a"),
    row("at the instant itself", "queued", created=0, queue="a"),
)
DAYS = 86_400


def source_of(table: TaskTable, *rows: dict[str, object], **settings: object) -> Source:
    table.load(rows, COLUMNS)
    sql = f"SELECT {', '.join(COLUMNS)} FROM task_table"
    return new_source(**{"url": table.url, "sql": sql, **settings})


def last_at(source: Source, before: datetime = TEN, **scope: str) -> datetime | None:
    return last_task(source, before, scope).at


def test_the_latest_beginning_or_end_before_the_instant_is_found(table: TaskTable) -> None:
    source = source_of(table, *ROWS)
    assert last_at(source) == at(-500.5)
    assert last_at(source, queue="a") == at(-600)
    assert last_at(source, at(-500.5)) == at(-600)
    assert last_at(source, at(-600)) == at(-7200)
    assert last_at(source, at(0.001)) == TEN
    assert last_at(source, at(3600)) == at(60)


def test_a_task_of_long_ago_is_found_and_no_older_one(table: TaskTable) -> None:
    source = source_of(table, row("old", "completed", created=-300 * DAYS, finished=-299 * DAYS))
    found = last_task(source, TEN)
    assert found.at == at(-299 * DAYS)
    later = last_task(source, at(100 * DAYS))
    assert later == LastTask(
        at=None, since=at(100 * DAYS) - timedelta(days=366), before=at(100 * DAYS)
    )


def test_an_empty_table_is_told_from_a_quiet_one(table: TaskTable) -> None:
    source = source_of(table)
    assert (last_task(source, TEN).at, last_task(source, TEN).no_rows) == (None, True)
    source = source_of(table, row("later", "queued", created=60, queue="a"))
    assert (last_task(source, TEN).at, last_task(source, TEN).no_rows) == (None, False)
    assert last_task(source, TEN, {"queue": "b"}).no_rows is True


def test_of_a_select_that_looks_at_its_window_no_table_is_called_empty(table: TaskTable) -> None:
    sql = f"SELECT {', '.join(COLUMNS)} FROM task_table WHERE created_at >= :window_from"
    found = last_task(source_of(table, sql=sql), TEN)
    assert (found.at, found.no_rows) == (None, False)


def test_nothing_is_looked_for_before_the_retention(table: TaskTable) -> None:
    now = datetime.now(UTC)
    times = {"created_at": now - timedelta(hours=30), "updated_at": now - timedelta(hours=3)}
    task = {"id": "t", "status": "processing", "queue": "a", **times}
    before = now - timedelta(hours=1)
    assert last_at(source_of(table, task, retention_hours=31), before) == times["created_at"]
    found = last_task(source_of(table, task, retention_hours=29), before)
    assert found.at is None
    assert found.since > now - timedelta(hours=30)


def test_what_a_source_lacks_is_replaced_by_its_other_time(table: TaskTable) -> None:
    task = row("t", "completed", created=-900, started=-800, finished=-700, updated=-600)
    assert last_at(source_of(table, task, lacks=["finished_at"])) == at(-600)
    lacks = ["created_at", "finished_at", "updated_at"]
    assert last_at(source_of(table, task, lacks=lacks)) == at(-800)


def test_rows_that_do_not_count_do_not_hide_the_last_task(table: TaskTable) -> None:
    strange = [row(f"s{i:03}", "strange", created=-1 - i / 1000) for i in range(300)]
    found = row("t", "queued", created=-900)
    assert last_at(source_of(table, *strange, found)) == at(-900)
    with pytest.raises(ScanTooLarge):
        last_at(source_of(table, *strange, found, max_rows=100))


@pytest.mark.parametrize("infinite", ["infinity", "-infinity"])
def test_an_infinite_time_is_no_last_task(postgres_table: PostgresTable, infinite: str) -> None:
    source = source_of(postgres_table, row("t", "completed", created=-900, finished=-800))
    columns, values = "id, status, created_at", f"'i', 'queued', '{infinite}'"
    postgres_table.run(f"INSERT INTO task_table ({columns}) VALUES ({values})")
    assert last_at(source) == at(-800)


@pytest.mark.parametrize(
    ("zone", "unit", "times"),
    [
        ("Europe/Berlin", "s", ["2026-01-30 10:59:00", "2026-01-30 11:30:00"]),
        ("UTC", "s", ["2026-01-30T10:59:00+01:00", "2026-01-30 10:30:00"]),
        ("UTC", "ms", [1_769_767_140_000, 1_769_769_000_000]),
        ("UTC", "s", ["no time", 1_769_767_140, "2026-01-30T09:58:59Z"]),
    ],
)
def test_times_of_every_form_are_compared(
    sqlite_table: SqliteTable, zone: str, unit: str, times: list[object]
) -> None:
    rows = [{"id": f"t{i}", "status": "queued", "created_at": at} for i, at in enumerate(times)]
    source = source_of(sqlite_table, *rows, timezone=zone, time_unit=unit)
    assert last_at(source) == at(-60)


@pytest.mark.parametrize(
    ("zone", "hours", "named"), [("Europe/Berlin", 1, ""), ("UTC", -8, "-08:00")]
)
def test_ends_that_only_sql_took_for_earlier_hide_none(
    sqlite_table: SqliteTable, zone: str, hours: int, named: str
) -> None:
    """A bound in SQL is up to a day beyond the instant where texts are naive or of another zone."""

    def text(seconds: float) -> str:
        return f"{at(seconds + 3600 * hours):%Y-%m-%dT%H:%M:%S}{named}"

    def task(name: str, created: float, finished: float) -> dict[str, object]:
        times = {"created_at": text(created), "finished_at": text(finished)}
        return {"id": name, "status": "completed", **times}

    later = [task(f"later {i}", -600, 60 + i) for i in range(30)]
    source = source_of(sqlite_table, *later, task("last", -7200, -60), timezone=zone)
    assert last_at(source) == at(-60)


def test_naive_times_of_a_zone_are_compared_exactly(postgres_table: PostgresTable) -> None:
    source = source_of(postgres_table, *ROWS)
    sql = source.sql.replace("created_at", "created_at AT TIME ZONE 'Asia/Tokyo' AS created_at")
    assert last_at(source.model_copy(update={"sql": sql, "timezone": "Asia/Tokyo"})) == at(-500.5)


def test_a_scope_is_checked(table: TaskTable) -> None:
    with pytest.raises(InvalidScope):
        last_at(source_of(table), tenant="t")


def test_the_deadline_ends_it(postgres_table: PostgresTable) -> None:
    source = source_of(postgres_table, *ROWS, deadline_seconds=0.3)
    slow = source.sql.replace("queue", "queue, pg_sleep(9)") + " OFFSET 0"
    with pytest.raises(DatabaseError, match=r"longer than|too late"):
        last_at(source.model_copy(update={"sql": slow}))


@pytest.mark.parametrize("column", ["created_at", "finished_at"])
def test_an_index_on_the_time_ends_the_reading_early(
    postgres_table: PostgresTable, column: str
) -> None:
    tasks = [row(f"t{i}", "completed", created=-i, finished=-i) for i in range(5_000)]
    source = source_of(postgres_table, *tasks)
    postgres_table.run(f"CREATE INDEX by_time ON task_table ({column})")
    postgres_table.run("ANALYZE task_table")
    database = Postgresql(source)
    with database.transaction():
        wanted = wanted_columns(source, database.columns(source.sql), TIME_COLUMNS)
        window = Window(start=at(-366 * DAYS), end=at(-1000))
        plan = database.plan(
            latest_statement(database, wanted, source.sql, window, {}, column=column, limit=20)
        )
    database.close()
    (scan,) = plan["Plans"]
    assert (plan["Node Type"], scan["Node Type"]) == ("Limit", "Index Scan")
    assert (scan["Scan Direction"], scan["Index Name"]) == ("Backward", "by_time")
    assert scan["Index Cond"].count(column) == 2
