"""Task lists over generated tables, against the slow reference and the figures they explain."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from metrics_core import Snapshot, Source, take_snapshot
from metrics_core.errors import DatabaseError, InvalidScope, ScanTooLarge, SourceError, UsageError
from metrics_core.task_list import (
    Question,
    longest_processing,
    newest_failures,
    oldest_queued,
    slowest_completed,
)
from metrics_core.task_row import TaskRow
from metrics_core.window import epoch_us
from tests.builders import HOUR, at, new_source
from tests.databases import SqliteTable, TaskTable
from tests.reference_figures import ended_in, in_state, ms_to_complete
from tests.reference_parts import Facts, Task, facts
from tests.table_rows import Times
from tests.tables import Case, random_case

ROWS = 40
CASES = 60
Listed = tuple[str, int | None]
"""A task's id and what it is ranked by."""


def facts_of(case: Case) -> Facts:
    return facts(
        case.rows,
        columns=case.columns,
        source=case.source,
        window=case.window,
        scope=case.scope,
    )


def expected_failures(known: Facts) -> list[Listed]:
    failed = ended_in(known.tasks, ("failed",), known.start, known.end)
    ends = [(-(task.ends or 0), task.row.id) for task in failed]
    return [(name, -end) for end, name in sorted(ends)]


def expected_slowest(known: Facts) -> list[Listed]:
    done = ended_in(known.tasks, ("completed",), known.start, known.end)
    timed = [(-ms, t.row.id) for t in done if (ms := ms_to_complete(t)) is not None and ms >= 0]
    return [(name, -ms) for ms, name in sorted(timed)]


def expected_open(known: Facts, state: str, since: Callable[[Task], int | None]) -> list[Listed]:
    tasks = [(task.row.id, since(task)) for task in in_state(known.tasks, state, known.end)]
    ages = [(name, None if t is None else (known.end - t) // 1000, t) for name, t in tasks]
    ages.sort(key=lambda task: (task[2] is None, task[2] or 0, task[0]))
    return [(name, age) for name, age, _ in ages]


def ended_us(task: TaskRow) -> int | None:
    return None if task.ended_at is None else epoch_us(task.ended_at)


def ranked_by(rows: tuple[TaskRow, ...], value: Callable[[TaskRow], int | None]) -> list[Listed]:
    return [(row.id, value(row)) for row in rows]


def assert_like_the_reference(case: Case, source: Source, limit: int) -> None:
    known = facts_of(case)
    question = Question(source=source, window=case.window, scope=case.scope, limit=limit)
    failed = ranked_by(newest_failures(question), ended_us)
    slowest = ranked_by(slowest_completed(question), lambda t: t.time_to_complete_ms)
    queued = ranked_by(oldest_queued(question), lambda t: t.age_ms)
    processing = ranked_by(longest_processing(question), lambda t: t.age_ms)
    assert failed == expected_failures(known)[:limit]
    assert slowest == expected_slowest(known)[:limit]
    assert queued == expected_open(known, "queued", lambda t: t.row.ready)[:limit]
    assert processing == expected_open(known, "processing", lambda t: t.row.started)[:limit]
    snapshot = take_snapshot(source, case.window, case.scope)
    assert_explains(snapshot, slowest, queued, processing)


def assert_explains(
    snapshot: Snapshot, slowest: list[Listed], queued: list[Listed], processing: list[Listed]
) -> None:
    """The first of each list is what the snapshot names."""
    backlog = snapshot.backlog
    assert (slowest[0][1] if slowest else None) == snapshot.latency.time_to_complete_ms.max
    for figure, rows in ((backlog.queued, queued), (backlog.processing, processing)):
        assert [name for name, age in rows[:1] if age is not None] == [
            name for name in [figure.oldest_id] if name is not None
        ]


def assert_cases_like_the_reference(table: TaskTable, times: Times) -> None:
    for seed in range(20_000, 20_000 + CASES):
        case = random_case(seed, ROWS, times=times)
        table.load(case.rows, case.columns)
        limit = Random(seed).choice((1, 2, 7, 100))
        assert_like_the_reference(case, table.source(case), limit)


def test_lists_are_what_the_reference_lists(table: TaskTable) -> None:
    assert_cases_like_the_reference(table, "aware")


def test_lists_of_times_in_any_form_are_too(sqlite_table: SqliteTable) -> None:
    assert_cases_like_the_reference(sqlite_table, "any")


COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "updated_at", "queue")
RETYPED = {
    "naive": ("{0} AT TIME ZONE 'UTC'", {}),
    "zoned": ("{0} AT TIME ZONE 'Europe/Berlin'", {"timezone": "Europe/Berlin"}),
    "number": ("extract(epoch FROM {0}) * 1000000", {"time_unit": "us"}),
}


def failure(name: str, seconds: float | None, **more: object) -> dict[str, object]:
    times = {"created_at": at(0), "finished_at": None if seconds is None else at(seconds)}
    return {"id": name, "status": "failed", "queue": "q", **times, **more}


FAILURES = (
    failure("on the end", 3600),
    failure("a tie", 60),
    failure("Ä tie", 60),
    failure("Z tie", 60),
    failure("by its update", None, updated_at=at(70)),
    failure("by its beginning", None, created_at=at(50)),
    failure("before its beginning", -50, created_at=at(55)),
    failure("before the window", -1, created_at=at(-9)),
    failure("updated since", 40, updated_at=at(9_000)),
    failure("without a beginning", 30, created_at=None),
    {"id": "no failure", "status": "completed", "created_at": at(0), "finished_at": at(65)},
)
IN_ORDER = [
    "by its update",
    "Z tie",
    "a tie",
    "Ä tie",
    "before its beginning",
    "by its beginning",
    "updated since",
    "without a beginning",
]


def failures_source(table: TaskTable, times: str = "{0}", **settings: object) -> Source:
    table.load(FAILURES, COLUMNS)
    columns = [f"{times.format(n)} AS {n}" if n.endswith("_at") else n for n in COLUMNS]
    select = f"SELECT {', '.join(columns)} FROM task_table"
    return new_source(url=table.url, sql=select, **settings)


def newest(source: Source, limit: int, **more: str) -> list[str]:
    question = Question(source=source, window=HOUR, scope=more, limit=limit)
    return [task.id for task in newest_failures(question)]


def test_no_tie_and_no_fallback_loses_a_failure(table: TaskTable) -> None:
    source = failures_source(table)
    for limit in range(1, len(IN_ORDER) + 2):
        assert newest(source, limit) == IN_ORDER[:limit]


@pytest.mark.parametrize("kind", RETYPED)
def test_times_of_any_type_give_the_same_failures(postgres_table: TaskTable, kind: str) -> None:
    times, settings = RETYPED[kind]
    source = failures_source(postgres_table, times, **settings)
    for limit in (1, 3, 5, 200):
        assert newest(source, limit) == IN_ORDER[:limit]


def test_natives_with_quotes_are_read_as_failed(table: TaskTable) -> None:
    statuses = {"failed": ['it\'s "over" \\ ;--']}
    source = failures_source(table, statuses=statuses)
    assert newest(source, 50) == IN_ORDER
    table.run("UPDATE task_table SET status = 'it''s \"over\" \\ ;--' WHERE id = 'a tie'")
    assert newest(source, 50) == IN_ORDER


def test_a_limit_and_a_scope_are_checked(table: TaskTable) -> None:
    source = failures_source(table)
    for limit in (0, -1, 201):
        with pytest.raises(UsageError, match=rf"^limit must be 1 to 200, not {limit}$"):
            newest(source, limit)
    with pytest.raises(InvalidScope, match="has no dimension 'tenant'"):
        newest(source, 5, tenant="t1")


@pytest.mark.parametrize("listed", [slowest_completed, oldest_queued, longest_processing])
def test_a_list_that_is_ranked_here_is_shorter(
    table: TaskTable, listed: Callable[[Question], tuple[TaskRow, ...]]
) -> None:
    question = Question(source=failures_source(table), window=HOUR, scope={}, limit=100)
    assert len(listed(question)) <= 1
    for limit in (0, 101):
        with pytest.raises(UsageError, match=rf"^limit must be 1 to 100, not {limit}$"):
            listed(replace(question, limit=limit))


def test_the_failures_of_one_code_are_found_among_many(table: TaskTable) -> None:
    errors = ["RARE_ONE: x" if i in (3, 150, 299) else f"COMMON_ONE: {i}" for i in range(300)]
    rows = [failure(f"f{i:03}", 600 - i, error=error) for i, error in enumerate(errors)]
    table.load(rows, (*COLUMNS, "error"))
    source = new_source(
        url=table.url, sql=f"SELECT {', '.join((*COLUMNS, 'error'))} FROM task_table"
    )
    question = Question(source=source, window=HOUR, scope={}, limit=2)

    def ids(code: str, limit: int) -> list[str]:
        found = newest_failures(replace(question, limit=limit), code=code)
        assert {task.code for task in found} <= {code}
        return [task.id for task in found]

    assert ids("RARE_ONE", 2) == ["f003", "f150"]
    assert ids("RARE_ONE", 20) == ["f003", "f150", "f299"]
    assert ids("COMMON_ONE", 3) == ["f000", "f001", "f002"]
    assert ids("common_one", 3) == []


def test_without_error_texts_no_failure_has_the_code_that_is_asked_for(table: TaskTable) -> None:
    question = Question(source=failures_source(table), window=HOUR, scope={}, limit=2)
    assert newest_failures(question, code="RARE_ONE") == ()


def test_max_rows_bound_what_cannot_be_sorted(table: TaskTable) -> None:
    source = failures_source(table, max_rows=5)
    question = Question(source=source, window=HOUR, scope={}, limit=2)
    if table.dialect == "postgresql":
        assert newest(source, 2) == IN_ORDER[:2]
    else:
        with pytest.raises(ScanTooLarge):
            newest(source, 2)
    assert [task.id for task in slowest_completed(question)] == []


def test_a_list_ends_at_the_sources_deadline(postgres_table: TaskTable) -> None:
    select = "SELECT id, status, created_at, finished_at, queue, pg_sleep(9) FROM task_table"
    source = failures_source(postgres_table, deadline_seconds=0.3)
    with pytest.raises(DatabaseError, match="longer than the source's deadline"):
        newest(source.model_copy(update={"sql": f"{select} OFFSET 0"}), 5)


def test_a_list_s_statement_names_its_request(postgres_table: TaskTable) -> None:
    select = "SELECT 'a' AS id, 'failed' AS status, queue, finished_at, current_query() AS error"
    source = failures_source(postgres_table)
    telling = source.model_copy(update={"sql": f"{select} FROM task_table"})
    question = Question(
        source=telling, window=HOUR, scope={"queue": "q"}, limit=1, request_id="req_7"
    )
    (task,) = newest_failures(question)
    assert task.error is not None
    assert task.error.startswith("COPY (/* stillframe req_7 */ SELECT")
    # Ids break ties by code points; the wheel's server has no other collation to show it with.
    assert 'task."id" COLLATE "C"\nLIMIT 1)' in task.error


def test_a_snapshot_does_not_read_the_trace(table: TaskTable) -> None:
    source = failures_source(table)
    failing = {
        "postgresql": "1 / (length(id) - length(id))",
        "sqlite": "abs(-9223372036854775807 - 1)",
    }
    sql = source.sql.replace("queue", f"queue, {failing[table.dialect]} AS trace_id")
    telling = source.model_copy(update={"sql": sql})
    assert take_snapshot(telling, HOUR).tasks.failed == len(IN_ORDER)
    with pytest.raises((DatabaseError, SourceError)):
        newest(telling, 1)


def test_a_task_row_tells_what_is_known_of_it(table: TaskTable) -> None:
    columns = (*COLUMNS, "error", "trace_id")
    rows = [
        failure("f", 60, started_at=at(58.5), error="GPU_OOM: 80", trace_id="tr"),
        {"id": "q", "status": "queued", "created_at": at(3590), "error": "GPU_OOM: 80"},
    ]
    table.load(rows, columns)
    source = new_source(url=table.url, sql=f"SELECT {', '.join(columns)} FROM task_table")
    question = Question(source=source, window=HOUR, scope={}, limit=9)
    (failed,), (queued,) = newest_failures(question), oldest_queued(question)
    assert failed.model_dump(mode="json", by_alias=True) == {
        "id": "f",
        "status": "failed",
        "createdAt": "2026-01-30T10:00:00Z",
        "startedAt": "2026-01-30T10:00:58.500000Z",
        "endedAt": "2026-01-30T10:01:00Z",
        "timeToCompleteMs": 1500,
        "ageMs": None,
        "dimensions": {"queue": "q"},
        "error": "GPU_OOM: 80",
        "code": "GPU_OOM",
        "traceId": "tr",
    }
    assert (queued.status, queued.age_ms, queued.ended_at) == ("queued", 10_000, None)
    assert (queued.error, queued.code, queued.trace_id) == (None, None, None)
