"""One contract, kept on every database alike."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from metrics_core import Source, Window, take_snapshot
from metrics_core.errors import DatabaseError, InvalidScope, ScanTooLarge, SourceError
from tests.databases import TaskTable

TO = datetime(2026, 1, 30, 10, tzinfo=UTC)
HOUR = Window.ending(TO, minutes=60)
COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "error", "engine")


def at(minutes: float) -> datetime:
    """So many minutes before the window's end."""
    return TO - timedelta(minutes=minutes)


def task(name: str, status: str = "completed", **columns: object) -> dict[str, object]:
    times = {"created_at": at(30), "started_at": at(29), "finished_at": at(28)}
    return {"id": name, "status": status, **times, "engine": "runway"} | columns


def source_of(table: TaskTable, **settings: object) -> Source:
    select = f"SELECT {', '.join(COLUMNS)} FROM task_table"
    base: dict[str, object] = {"name": "tasks", "url": table.url, "sql": select}
    return Source.model_validate(base | {"dimensions": ("engine",)} | settings)


def load(table: TaskTable, *rows: Mapping[str, object]) -> None:
    table.load(rows, COLUMNS)


def test_an_empty_table_is_a_snapshot_of_zeros_and_nulls(table: TaskTable) -> None:
    load(table)
    snapshot = take_snapshot(source_of(table), HOUR)
    assert snapshot.tasks.model_dump() == {
        "created": 0,
        "completed": 0,
        "failed": 0,
        "cancelled": 0,
        "processing": 0,
        "queued": 0,
    }
    assert snapshot.latency.time_to_complete_ms.p50 is None
    assert snapshot.latency.time_to_complete_ms.samples == 0
    assert snapshot.failure_rate is None
    assert len(snapshot.series) == 60
    assert snapshot.quality.findings == ()


def test_a_window_excludes_its_end_and_includes_its_beginning(table: TaskTable) -> None:
    second = timedelta(microseconds=1)
    load(
        table,
        task("at the end", created_at=at(90), finished_at=TO),
        task("just before the end", created_at=at(90), finished_at=TO - second),
        task("at the beginning", created_at=at(90), started_at=at(89), finished_at=at(60)),
        task("just before", created_at=at(90), started_at=at(89), finished_at=at(60) - second),
    )
    snapshot = take_snapshot(source_of(table), HOUR)
    assert snapshot.tasks.completed == 2
    assert snapshot.tasks.processing == 1
    assert snapshot.ledger is not None
    assert snapshot.ledger.open_at_from == 3


def test_a_past_window_does_not_change_with_what_happens_outside_it(table: TaskTable) -> None:
    rows = [
        task("ended"),
        task("failed", "failed", error="Traceback…", finished_at=at(5)),
        task("running", "processing", started_at=at(10), finished_at=None),
        task("waiting", "queued", started_at=None, finished_at=None),
    ]
    load(table, *rows)
    before = take_snapshot(source_of(table), HOUR)
    later = {"finished_at": TO + timedelta(minutes=3), "status": "completed"}
    load(
        table,
        *rows[:2],
        rows[2] | later,
        rows[3] | later | {"started_at": TO},
        task("of the next hour", created_at=TO, started_at=TO, finished_at=None),
        task("of the day before", created_at=at(1500), finished_at=at(1400)),
    )
    after = take_snapshot(source_of(table), HOUR)
    assert before.tasks.processing == 1
    assert before.tasks.queued == 1
    assert after.digest.content == before.digest.content
    assert after.digest.document != before.digest.document


def test_the_scope_limits_every_figure(table: TaskTable) -> None:
    load(table, task("a"), task("b", engine="luma"), task("c", engine=None))
    snapshot = take_snapshot(source_of(table), HOUR, {"engine": "luma"})
    assert snapshot.tasks.created == 1
    assert snapshot.scope == {"engine": "luma"}
    assert [part.value for part in snapshot.breakdowns[0].values] == ["luma"]


@pytest.mark.parametrize("value", ["'; DROP TABLE task_table; --", "é🎬", "a\nb", "%s ? $1 :x", ""])
def test_what_a_viewer_typed_is_a_value_and_never_sql(table: TaskTable, value: str) -> None:
    load(table, task("a", engine=value), task("b"))
    assert take_snapshot(source_of(table), HOUR, {"engine": value}).tasks.created == 1
    assert take_snapshot(source_of(table), HOUR).tasks.created == 2


def test_a_scope_that_is_no_dimension_names_the_dimensions(table: TaskTable) -> None:
    with pytest.raises(InvalidScope, match="has no dimension 'tenant'; its dimensions: engine"):
        take_snapshot(source_of(table), HOUR, {"tenant": "t1"})


def test_more_rows_than_max_rows_are_refused_and_never_sampled(table: TaskTable) -> None:
    load(table, task("a"), task("b"), task("c"))
    assert take_snapshot(source_of(table, max_rows=3), HOUR).tasks.completed == 3
    with pytest.raises(ScanTooLarge, match="more than max_rows = 2 tasks: ask for a shorter"):
        take_snapshot(source_of(table, max_rows=2), HOUR)


def test_a_missing_column_is_named_with_those_that_are_there(table: TaskTable) -> None:
    load(table, task("a"))
    source = source_of(table, sql="SELECT id, created_at, engine FROM task_table")
    with pytest.raises(SourceError, match="has no column status; it has id, created_at, engine"):
        take_snapshot(source, HOUR)


def test_a_select_without_any_time_is_refused(table: TaskTable) -> None:
    load(table, task("a"))
    source = source_of(table, sql="SELECT id, status, engine FROM task_table")
    with pytest.raises(SourceError, match="needs at least one of created_at, started_at"):
        take_snapshot(source, HOUR)


@pytest.mark.parametrize(
    ("select", "told"),
    [
        ("SELECT nowhere FROM task_table", "nowhere"),
        ("SELECT * FROM no_such_table", "no_such_table"),
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM task_table WHERE id = :tenant", "its SELECT fails"),
    ],
)
def test_a_select_that_fails_says_so_in_one_line(table: TaskTable, select: str, told: str) -> None:
    load(table)
    with pytest.raises(SourceError) as failure:
        take_snapshot(source_of(table, sql=select), HOUR)
    assert told in str(failure.value)
    assert len(str(failure.value).splitlines()) == 1


def test_a_column_of_a_wrong_type_is_named(table: TaskTable) -> None:
    load(table, task("a", error="soon"), task("b", error="later"))
    select = "SELECT id, status, error AS created_at, engine FROM task_table"
    with pytest.raises(SourceError, match="its column created_at does not hold a time"):
        take_snapshot(source_of(table, sql=select), HOUR)
    select = "SELECT id, status, created_at, error AS duration_ms, engine FROM task_table"
    with pytest.raises(SourceError, match="its column duration_ms does not hold a number"):
        take_snapshot(source_of(table, sql=select), HOUR)


def test_the_select_may_use_the_window_and_may_end_in_comment_or_semicolon(
    table: TaskTable,
) -> None:
    load(table, task("a"), task("b", created_at=at(90)))
    newest = "created_at >= :window_from AND created_at < :window_to -- newest only"
    if table.dialect == "sqlite":
        newest = "julianday(created_at) >= julianday(:window_from) -- newest only"
    select = f"SELECT {', '.join(COLUMNS)} FROM task_table WHERE {newest}"
    assert take_snapshot(source_of(table, sql=select), HOUR).tasks.created == 1
    plain = f"SELECT {', '.join(COLUMNS)} FROM task_table ;\n"
    assert take_snapshot(source_of(table, sql=plain), HOUR).tasks.completed == 2


def test_a_scan_cannot_write(table: TaskTable) -> None:
    load(table, task("a"))
    writing = {
        "postgresql": "SELECT setval('written', 7)::text AS id, 'queued' AS status, "
        "timestamptz '2026-01-30 09:30:00Z' AS created_at, '' AS engine",
        "sqlite": "SELECT 1 AS id, 'queued' AS status, NULL AS created_at, "
        "load_extension('x') AS engine",
    }[table.dialect]
    if table.dialect == "postgresql":
        table.run("CREATE SEQUENCE IF NOT EXISTS written")
    with pytest.raises((DatabaseError, SourceError)):
        take_snapshot(source_of(table, sql=writing), HOUR)


def test_an_error_text_is_read_by_its_two_ends(table: TaskTable) -> None:
    text = "Traceback (most recent call last):\n" + "  deep\n" * 400 + "ValueError: bad prompt"
    load(table, task("a", "failed", error=text))
    (error,) = take_snapshot(source_of(table), HOUR).top_errors
    assert error.code == "ValueError"
    assert error.sample_message == f"{text[:500]} … {text[-500:]}"


def test_the_database_clock_is_recorded(table: TaskTable) -> None:
    load(table)
    provenance = take_snapshot(source_of(table), HOUR).provenance
    assert provenance.database == table.dialect
    assert abs(provenance.database_clock - datetime.now(UTC)) < timedelta(minutes=1)
    assert provenance.live is False
