"""The preset agent_events on SQLite: from a handful of events to runs."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from metrics_core.failures_recent import recent_failures
from metrics_core.presets import preset_settings
from metrics_core.snapshot import Snapshot
from metrics_core.source import Source
from metrics_core.take import take_snapshot
from metrics_core.window import Window, utc_text
from tests.builders import HOUR, at

DAY = 86_400
TABLE = """
CREATE TABLE agent_events (
  id INTEGER PRIMARY KEY, event_type TEXT, occurred_at TEXT, tenant_id TEXT, workspace_id TEXT,
  project_id TEXT, run_id TEXT, agent_id TEXT, workflow_id TEXT, error_type TEXT,
  trace_id TEXT, cost_usd NUMERIC, payload TEXT
)
"""
Event = dict[str, object]


def event(run: str, kind: str, seconds: float, **values: object) -> Event:
    plain: Event = {"run_id": run, "event_type": kind, "occurred_at": utc_text(at(seconds))}
    return plain | {"payload": "{}", "tenant_id": "t1", "agent_id": "a1"} | values


def started(run: str, seconds: float, **values: object) -> Event:
    return event(run, "run.started", seconds, **values)


def ended(run: str, seconds: float, kind: str = "completed", **values: object) -> Event:
    return event(run, f"run.{kind}", seconds, **values)


def source_of(tmp_path: Path, *events: Event) -> Source:
    path = tmp_path / "events.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute(TABLE)
        for each in events:
            marks = ", ".join("?" * len(each))
            connection.execute(
                f"INSERT INTO agent_events ({', '.join(each)}) VALUES ({marks})",
                list(each.values()),
            )
    connection.close()
    settings: dict[str, Any] = preset_settings("agent_events", "sqlite")
    return Source(name="runs", url=f"sqlite:///{path}", **settings)


def snapshot(tmp_path: Path, *events: Event, window: Window = HOUR, **scope: str) -> Snapshot:
    return take_snapshot(source_of(tmp_path, *events), window, scope)


def flow(found: Snapshot) -> tuple[int | None, int | None, int, int | None]:
    tasks = found.tasks
    return tasks.created, tasks.completed, tasks.failed, tasks.processing


def findings(found: Snapshot) -> list[tuple[str, str | None, int]]:
    return [(each.kind, each.value, each.count) for each in found.quality.findings]


def test_a_run_begins_with_its_start_and_ends_with_its_end(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path,
        started("r1", 10),
        ended("r1", 70),
        started("r2", 20),
        ended("r2", 30, "failed", error_type="ToolError"),
    )
    assert flow(found) == (2, 1, 1, 0)
    assert [(each.code, each.task_ids) for each in found.top_errors] == [("ToolError", ("r2",))]
    assert found.latency.time_to_complete_ms.p50 == 60_000
    assert findings(found) == []


def test_a_run_has_no_queue_and_says_so(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 10), ended("r1", 70))
    assert found.latency.time_to_processing_ms.samples == 0
    assert [each.figure for each in found.quality.not_measurable] == ["latency.timeToProcessingMs"]


def test_the_measured_latency_wins_over_the_time_between_the_events(tmp_path: Path) -> None:
    payload = '{"run": {"latency_ms": 1234}}'
    found = snapshot(tmp_path, started("r1", 10), ended("r1", 70, payload=payload))
    assert found.latency.time_to_complete_ms.max == 1234


def test_a_run_in_flight_is_processing(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 600))
    assert flow(found) == (1, 0, 0, 1)
    assert found.backlog.processing.oldest_age_ms == 3_000_000


def test_a_late_end_does_not_change_the_window_before_it(tmp_path: Path) -> None:
    events = started("r1", 10), ended("r1", 3600)
    assert flow(snapshot(tmp_path, *events)) == (1, 0, 0, 1)
    later = Window.ending(at(7200), minutes=60)
    assert flow(snapshot(tmp_path, *events, window=later)) == (0, 1, 0, 0)


def test_an_end_without_a_start_counts_and_is_found(tmp_path: Path) -> None:
    found = snapshot(tmp_path, ended("r1", 70, payload='{"run": {"latency_ms": 500}}'))
    assert flow(found) == (1, 1, 0, 0)
    assert found.latency.time_to_complete_ms.samples == 1
    assert findings(found) == [("missing_created_at", None, 1)]


def test_a_run_ends_once_and_a_second_end_changes_nothing(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path, ended("r1", 90, "failed", error_type="Late"), started("r1", 10), ended("r1", 70)
    )
    assert flow(found) == (1, 1, 0, 0)
    assert found.top_errors == ()


def test_a_second_start_does_not_make_the_run_younger(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 500), started("r1", 10))
    assert found.backlog.processing.oldest_age_ms == 3_590_000
    assert flow(found) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("seconds", "processing", "lost"),
    [(3600 - 7 * DAY, 1, 0), (3600 - 7 * DAY - 1, 0, 1), (-8 * DAY + 60, 0, 1)],
)
def test_a_run_without_an_end_is_lost_after_seven_days(
    tmp_path: Path, seconds: float, processing: int, lost: int
) -> None:
    found = snapshot(tmp_path, started("r1", seconds))
    assert found.tasks.processing == processing
    value = "lost: started over 7 days ago, no end"
    assert findings(found) == [("unknown_status", value, 1)] * lost


def test_a_run_that_ended_after_a_week_ended_all_the_same(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 100 - 7 * DAY), ended("r1", 200))
    assert (flow(found), findings(found)) == ((0, 1, 0, 0), [])


def test_a_run_was_lost_before_its_very_late_end(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", -7 * DAY), ended("r1", 3600))
    assert found.tasks.processing == 0
    assert [kind for kind, _, _ in findings(found)] == ["unknown_status"]


MODEL_CALLS = (
    event("r1", "model.call.completed", 20, cost_usd=0.25),
    event("r1", "model.call.failed", 30, cost_usd=0.125),
    event("r2", "model.call.completed", 30, cost_usd=100),
)


def test_the_cost_of_a_run_is_the_one_on_its_end_and_is_not_counted_twice(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 10), *MODEL_CALLS, ended("r1", 70, cost_usd=0.3))
    assert found.cost is not None
    assert (found.cost.usd, found.cost.samples) == (0.3, 1)


def test_a_cost_of_zero_on_the_end_is_a_cost(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 10), *MODEL_CALLS, ended("r1", 70, cost_usd=0))
    assert found.cost is not None
    assert (found.cost.usd, found.cost.samples) == (0.0, 1)


def test_only_without_one_there_it_is_the_sum_of_the_runs_model_calls(tmp_path: Path) -> None:
    found = snapshot(tmp_path, started("r1", 10), *MODEL_CALLS, ended("r1", 70))
    assert found.cost is not None
    assert (found.cost.usd, found.cost.samples) == (0.375, 1)


def test_steps_tools_and_alerts_are_no_runs(tmp_path: Path) -> None:
    kinds = ("step.started", "tool.call.failed", "alert.emitted", "budget.threshold_hit")
    found = snapshot(tmp_path, *(event(f"r{i}", kind, 5) for i, kind in enumerate(kinds)))
    assert flow(found) == (0, 0, 0, 0)
    assert found.provenance.rows_scanned == 0


def test_runs_are_scoped_by_the_ids_of_either_event(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path,
        started("r1", 10),
        started("r2", 10, tenant_id="t2"),
        ended("r3", 70, tenant_id="t2"),
        tenant_id="t2",
    )
    assert flow(found) == (2, 1, 0, 1)
    assert [each.dimension for each in found.breakdowns] == [
        "tenant_id",
        "workspace_id",
        "project_id",
        "agent_id",
        "workflow_id",
    ]


def test_of_two_ends_at_one_instant_the_first_event_counts(tmp_path: Path) -> None:
    both = [ended("r1", 70, "failed"), ended("r1", 70)]
    assert flow(snapshot(tmp_path, started("r1", 10), *both)) == (1, 0, 1, 0)
    assert flow(snapshot(tmp_path, started("r1", 10), *reversed(both))) == (1, 1, 0, 0)


def test_a_run_whose_start_lies_after_its_end_ended_when_its_end_says(tmp_path: Path) -> None:
    events = started("r1", 3605), ended("r1", 3598)
    assert flow(snapshot(tmp_path, *events)) == (1, 1, 0, 0)
    later = Window.ending(at(7200), minutes=60)
    assert flow(snapshot(tmp_path, *events, window=later)) == (0, 0, 0, 0)


def test_only_a_measured_latency_counts_in_the_mean_of_runs(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path,
        started("r1", 10),
        ended("r1", 70, payload='{"run": {"latency_ms": 1000}}'),
        started("r2", 10),
        ended("r2", 70, "failed", payload='{"run": {"latency_ms": 1001}}'),
        started("r3", 10),
        ended("r3", 70),
    )
    assert (found.runs.count, found.runs.avg_latency_ms) == (3, 1000.5)


def test_a_failure_is_listed_with_its_trace(tmp_path: Path) -> None:
    failed = ended("r1", 70, "failed", error_type="ToolError", trace_id="tr-1", workflow_id="w1")
    source = source_of(tmp_path, started("r1", 10, trace_id="tr-0"), failed, ended("r2", 80))
    (failure,) = recent_failures(source, HOUR.end).failures
    assert failure.model_dump(mode="json") == {
        "run_id": "r1",
        "agent_id": "a1",
        "workflow_id": "w1",
        "error_type": "ToolError",
        "occurred_at": "2026-01-30T10:01:10Z",
        "trace_id": "tr-1",
    }
