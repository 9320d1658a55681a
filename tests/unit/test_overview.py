"""Overview and recent failures: the contract's shapes, made of a snapshot and of a list."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from metrics_core import Snapshot, Window, take_snapshot
from metrics_core.errors import InvalidScope, InvalidWindow, UsageError
from metrics_core.failures_recent import recent_failures
from metrics_core.overview import Overview, overview_of
from tests.builders import HOUR, at, row, sqlite_source

COLUMNS = (
    "id, status, created_at, started_at, finished_at, duration_ms, error, cost_usd, tenant_id, "
    "agent_id, trace_id"
)
TASKS = (
    row("a", "completed", created=0, finished=9, duration_ms=100, cost_usd=1.25, tenant_id="t1"),
    row("b", "completed", created=0, finished=9, duration_ms=201, cost_usd=1.96, tenant_id="t1"),
    row("c", "failed", created=0, finished=8, duration_ms=100, error="GPU_OOM: 80", tenant_id="t1")
    | {"agent_id": "a1", "trace_id": "tr-c"},
    row("d", "cancelled", created=0, finished=8, duration_ms=5, cost_usd=7.0, tenant_id="t1"),
    row("e", "queued", created=0, tenant_id="t1"),
)


def snapshot(tmp_path: Path, **scope: str) -> Snapshot:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, dimensions=("tenant_id", "agent_id"))
    return take_snapshot(source, HOUR, scope)


def test_an_overview_is_the_contract_s_text(tmp_path: Path) -> None:
    overview = overview_of(snapshot(tmp_path, tenant_id="t1"), 1, {"tenant_id": "t1"})
    assert overview.to_json() == (
        "{\n"
        '  "window_start": "2026-01-30T10:00:00Z",\n'
        '  "window_end": "2026-01-30T11:00:00Z",\n'
        '  "window_hours": 1,\n'
        '  "filters": {\n'
        '    "window_hours": 1,\n'
        '    "tenant_id": "t1"\n'
        "  },\n"
        '  "total_runs": 3,\n'
        '  "successful_runs": 2,\n'
        '  "failed_runs": 1,\n'
        '  "success_rate": 66.666667,\n'
        '  "total_cost_usd": 3.21,\n'
        '  "avg_latency_ms": 133.666667\n'
        "}\n"
    )


def test_an_empty_set_is_zeros(tmp_path: Path) -> None:
    empty = overview_of(snapshot(tmp_path, tenant_id="t2"), 1, {"tenant_id": "t2"})
    members = list(json.loads(empty.to_json()).items())[4:]
    assert members == [
        ("total_runs", 0),
        ("successful_runs", 0),
        ("failed_runs", 0),
        ("success_rate", 0.0),
        ("total_cost_usd", 0.0),
        ("avg_latency_ms", 0.0),
    ]
    assert all(isinstance(value, float) for _, value in members[3:])


def test_a_source_without_cost_and_run_times_answers_zeros(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, [row("a", "completed", created=0, finished=9)])
    found = overview_of(take_snapshot(source, HOUR), 1, {})
    assert (found.total_runs, found.success_rate) == (1, 100.0)
    assert (found.total_cost_usd, found.avg_latency_ms) == (0.0, 0.0)


def test_the_same_question_is_the_same_bytes(tmp_path: Path) -> None:
    scope = {"tenant_id": "t1", "agent_id": "a1"}
    backwards = dict(reversed(scope.items()))
    texts = {
        overview_of(snapshot(tmp_path, **order), 1, order).to_json()
        for order in (scope, backwards, scope)
    }
    assert len(texts) == 1


def test_an_overview_cannot_be_changed(tmp_path: Path) -> None:
    overview = overview_of(snapshot(tmp_path), 1, {})
    with pytest.raises(ValidationError, match="frozen"):
        overview.total_runs = 9
    with pytest.raises(TypeError):
        overview.filters["x"] = "y"  # type: ignore[index]
    assert Overview.model_validate_json(overview.to_json()) == overview


def test_recent_failures_are_the_contract_s_text(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, dimensions=("tenant_id", "agent_id"))
    answer = recent_failures(source, HOUR.end, 5, {"tenant_id": "t1"})
    assert answer.to_json() == (
        "{\n"
        '  "window_start": "2026-01-23T11:00:00Z",\n'
        '  "window_end": "2026-01-30T11:00:00Z",\n'
        '  "filters": {\n'
        '    "limit": 5,\n'
        '    "tenant_id": "t1"\n'
        "  },\n"
        '  "failures": [\n'
        "    {\n"
        '      "run_id": "c",\n'
        '      "agent_id": "a1",\n'
        '      "workflow_id": null,\n'
        '      "error_type": "GPU_OOM",\n'
        '      "occurred_at": "2026-01-30T10:00:08Z",\n'
        '      "trace_id": "tr-c"\n'
        "    }\n"
        "  ]\n"
        "}\n"
    )


def test_what_the_source_does_not_know_of_a_failure_is_null(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, [row("a", "failed", created=0, finished=9)])
    (failure,) = recent_failures(source, HOUR.end).failures
    assert failure.run_id == "a"
    assert (failure.agent_id, failure.workflow_id) == (None, None)
    assert (failure.error_type, failure.trace_id) == (None, None)


def test_they_reach_168_hours_back_and_end_before_to(tmp_path: Path) -> None:
    week = 168 * 3600
    tasks = [
        row(f"{seconds}", "failed", created=-2 * week, finished=seconds)
        for seconds in (-week - 0.000001, -week, -0.000001, 0)
    ]
    found = recent_failures(sqlite_source(tmp_path, tasks), at(0)).failures
    assert [failure.run_id for failure in found] == ["-1e-06", str(-week)]


def test_of_a_source_that_keeps_less_they_reach_as_far_as_it_does(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    tasks = [
        {"id": f"{hours} h ago", "status": "failed", "finished_at": now - timedelta(hours=hours)}
        for hours in (3, 50)
    ]
    source = sqlite_source(tmp_path, tasks, retention_hours=48)
    found = recent_failures(source, now - timedelta(hours=1))
    assert [failure.run_id for failure in found.failures] == ["3 h ago"]
    assert timedelta(hours=46.9) < found.window_end - found.window_start <= timedelta(hours=47)
    with pytest.raises(InvalidWindow, match="keeps its tasks for 48 h"):
        recent_failures(source, now - timedelta(hours=49))


def test_wrong_questions_are_refused(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, dimensions=("tenant_id",))
    for limit in (0, 201):
        with pytest.raises(UsageError, match=rf"^limit must be 1 to 200, not {limit}$"):
            recent_failures(source, HOUR.end, limit)
    with pytest.raises(InvalidScope, match="no dimension 'agent_id'; its dimensions: tenant_id"):
        recent_failures(source, HOUR.end, 5, {"agent_id": "a1"})
    with pytest.raises(UsageError, match="a requestId is"):
        recent_failures(source, HOUR.end, 5, request_id="a b")


def test_a_failure_of_an_overview_is_listed_and_no_other(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, dimensions=("tenant_id",))
    window = Window.ending(HOUR.end, minutes=10_080)
    overview = overview_of(take_snapshot(source, window), 168, {})
    assert overview.failed_runs == len(recent_failures(source, HOUR.end).failures) == 1
