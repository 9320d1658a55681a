"""Comparing two snapshots: every figure side by side, and what changed by more than noise would."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from metrics_core import Comparison, Snapshot, StillframeError, Window, compare, take_snapshot
from metrics_core.comparison import Delta
from metrics_core.errors import NotComparable
from metrics_core.evidence import Freshness
from tests.builders import HOUR, TEN, at, row, sqlite_source
from tests.compared import QUEUE_COLUMNS, Row, crowd, tasks

NINE = Window.ending(TEN, minutes=60)
SHORT = "id, status, created_at, started_at, finished_at"
Taking = Callable[..., Snapshot]


@pytest.fixture(name="taken")
def taking(tmp_path: Path) -> Taking:
    """Takes a snapshot of rows; all of them are of one source."""

    def take(rows: Sequence[Row], window: Window = HOUR, **settings: Any) -> Snapshot:
        scope = settings.pop("scope", {})
        given = {"columns": QUEUE_COLUMNS, "dimensions": ("queue",), **settings}
        return take_snapshot(sqlite_source(tmp_path, rows, **given), window, scope)

    return take


def delta(comparison: Comparison, figure: str) -> Delta:
    return next(each for each in comparison.deltas if each.figure == figure)


def sentences(comparison: Comparison) -> list[str]:
    return [each.text for each in comparison.changes]


def numbers(one: Delta) -> tuple[object, ...]:
    return one.before, one.after, one.difference, one.ratio, one.n_before, one.n_after, one.meaning


def test_each_figure_stands_beside_itself_with_its_n(taken: Taking) -> None:
    before = taken([*tasks(40), *tasks(10, "failed", "f"), row("q", "queued", created=60)])
    after = taken([*tasks(60), *tasks(20, "failed", "f"), row("q", "queued", created=3000)])
    compared = compare(before, after)
    assert numbers(delta(compared, "tasks.created")) == (51, 81, 30, 1.588235, 51, 81, "neutral")
    assert numbers(delta(compared, "tasks.completed")) == (40, 60, 20, 1.5, 40, 60, "better")
    assert numbers(delta(compared, "tasks.failed")) == (10, 20, 10, 2.0, 10, 20, "worse")
    assert numbers(delta(compared, "failureRate")) == (0.2, 0.25, 0.05, 1.25, 50, 80, "worse")
    assert numbers(delta(compared, "backlog.queued.oldestAgeMs")) == (
        *(3_540_000, 600_000, -2_940_000, 0.169492),
        *(1, 1, "better"),
    )
    assert [each.figure for each in compared.deltas] == [
        *(f"tasks.{name}" for name in ("created", "completed", "failed", "cancelled")),
        *(f"tasks.{name}" for name in ("processing", "queued", "scheduled")),
        "failureRate",
        *(f"latency.timeToProcessingMs.{p}" for p in ("p50", "p95", "p99")),
        *(f"latency.timeToCompleteMs.{p}" for p in ("p50", "p95", "p99")),
        *(f"backlog.{state}.oldestAgeMs" for state in ("queued", "processing")),
        *("cost.usd", "cost.perTask"),
    ]


def test_sentences_say_what_people_say(taken: Taking) -> None:
    before = taken([*tasks(200, cost_usd=0.01), *tasks(10, "failed", "f", error_code="OLD")])
    after = taken([*tasks(200, run=60, cost_usd=0.5), *tasks(50, "failed", "f", error_code="OLD")])
    compared = compare(before, after)
    assert delta(compared, "latency.timeToCompleteMs.p95").text == (
        "p95 of time to complete rose from 19 s to 1 min 54 s (n 200 → 200)"
    )
    assert delta(compared, "failureRate").text == (
        "Failure rate rose from 4.8 % to 20 %, by 15.2 percentage points (n 210 → 250)"
    )
    assert delta(compared, "tasks.queued").text == "Queued did not change: 0 (n 0 → 0)"
    assert delta(compared, "cost.perTask").text == (
        "Cost per ended task rose from $0.01 to $0.50 (n 200 → 200)"
    )
    assert set(sentences(compared)) == {
        "p50 of time to complete rose from 15 s to 1 min 30 s (n 200 → 200)",
        "p95 of time to complete rose from 19 s to 1 min 54 s (n 200 → 200)",
        "p95 of time to complete of tasks without queue rose from 19 s to 1 min 54 s (n 200 → 200)",
        "Failures with OLD rose from 10 to 50 (n 10 → 50)",
        "Failure rate rose from 4.8 % to 20 %, by 15.2 percentage points (n 210 → 250)",
        (
            "Failure rate of tasks without queue rose from 4.8 % to 20 %, "
            "by 15.2 percentage points (n 210 → 250)"
        ),
        "Cost per ended task rose from $0.01 to $0.50 (n 200 → 200)",
    }


def test_what_one_side_cannot_measure_is_null_with_the_reason(taken: Taking) -> None:
    compared = compare(taken([]), taken(tasks(5), lacks=("created_at",)), force=True)
    created = delta(compared, "tasks.created")
    assert numbers(created) == (0, None, None, None, 0, None, "neutral")
    assert created.reason == "After: The source has no created_at."
    assert created.text == ("Created cannot be compared. After: The source has no created_at.")
    rate = delta(compared, "failureRate")
    assert numbers(rate) == (None, 0.0, None, None, 0, 5, "neutral")
    assert rate.reason == "Before: Nothing completed or failed."
    assert delta(compared, "latency.timeToProcessingMs.p95").reason == (
        "Before: There are no samples. After: The source has no created_at."
    )
    oldest = delta(compared, "backlog.processing.oldestAgeMs")
    assert oldest.reason == "On both sides: No task was processing."


def test_a_state_that_one_side_has_not_is_null_there_and_one_that_none_has_is_absent(
    taken: Taking,
) -> None:
    waits = row("w", "retrying", created=5, started=6)
    compared = compare(
        taken([], columns=SHORT, dimensions=()), taken([waits], columns=SHORT, dimensions=())
    )
    retrying = delta(compared, "tasks.retrying")
    assert numbers(retrying) == (None, 1, None, None, None, 1, "neutral")
    assert retrying.reason == "Before: There are no retrying tasks in this source."
    assert "tasks.scheduled" not in [each.figure for each in compared.deltas]
    assert "cost.usd" not in [each.figure for each in compared.deltas]


def test_flows_of_windows_of_unlike_length_are_compared_per_hour(taken: Taking) -> None:
    rows = tasks(300, cost_usd=0.5, over=1500)
    before = taken(rows, Window.ending(at(1800), minutes=30))
    after = taken(rows, Window.ending(at(3600), minutes=180))
    compared = compare(before, after)
    assert compared.flows_per_hour
    assert compared.notes == (
        "The windows are of 30 min and 3 h: flows are compared per hour.",
        "The windows overlap: what lies in both hides a part of the change.",
    )
    created = delta(compared, "tasks.created")
    assert numbers(created) == (600.0, 100.0, -500.0, 0.166667, 300, 300, "neutral")
    assert created.text == "Created fell from 600/h to 100/h (n 300 → 300)"
    assert delta(compared, "cost.usd").text == "Cost fell from $300.00/h to $50.00/h (n 300 → 300)"
    assert delta(compared, "tasks.queued").unit == "tasks"
    assert sentences(compared)[0] == "Created tasks fell from 600/h to 100/h (n 300 → 300)"


def test_error_codes_of_windows_of_unlike_length_are_compared_per_hour(taken: Taking) -> None:
    rows = [*tasks(240, "failed", "a", error_code="A"), *tasks(240, "failed", "b", error_code="B")]
    later = tasks(960, "failed", "c", error_code="A", since=3600)
    before, after = taken(rows), taken([*rows, *later], Window.ending(at(7200), minutes=120))
    by_code = {each.name: each for each in compare(before, after).changes}
    assert (
        by_code["A"].text
        == "Failures with A rose from 240/h (240) to 600/h (1,200) (n 480 → 1,440)"
    )
    assert (
        by_code["B"].text == "Failures with B fell from 240/h (240) to 120/h (240) (n 480 → 1,440)"
    )
    assert (by_code["B"].before, by_code["B"].after, by_code["B"].unit) == (
        *(240.0, 120.0),
        "tasks per hour",
    )


def test_new_and_gone_codes_are_told_apart_and_rare_ones_are_noise(taken: Taking) -> None:
    before = [*tasks(90), *tasks(30, "failed", "g", error_code="GONE")]
    after = [*tasks(90), *tasks(30, "failed", "n", error_code="NEW")]
    rare = tasks(4, "failed", "r", error_code="RARE")
    compared = compare(taken(before), taken([*after, *rare]))
    told = {each.name: (each.direction, each.meaning, each.text) for each in compared.changes}
    assert told == {
        "GONE": ("gone", "better", "Failures with GONE are gone: there were 30 (n 30 → 34)"),
        "NEW": ("new", "worse", "Failures with NEW are new: 30 (n 30 → 34)"),
    }


def test_a_code_that_is_not_among_a_hundred_is_not_called_new(taken: Taking) -> None:
    few = [*crowd(100, 3, "c"), *tasks(2, "failed", "x", error_code="X")]
    many = [*crowd(100, 3, "c"), *tasks(40, "failed", "x", error_code="X")]
    before, after = taken(few), taken(many)
    assert before.errors is not None
    assert before.errors.other is not None
    [change] = [each for each in compare(before, after).changes if each.name == "X"]
    assert change.text == "Failures with X rose from at most 2 to 40 (n 302 → 340)"
    assert (change.before, change.after, change.direction) == (None, 40, "rose")


def test_failures_beyond_the_hundred_codes_are_compared_together(taken: Taking) -> None:
    before, after = taken([*crowd(110, 1, "c")]), taken([*crowd(180, 1, "c")])
    [other] = [each for each in compare(before, after).changes if each.kind == "other_errors"]
    assert other.text == (
        "Failures with codes beyond the listed ones rose from 10 to 80 (n 110 → 180)"
    )


def test_the_value_of_a_dimension_that_changed_is_named(taken: Taking) -> None:
    def rows(failed: int, run: float) -> list[Row]:
        good = tasks(300, name="a", queue="a")
        return [
            *good,
            *tasks(150, name="b", queue="b", run=run),
            *tasks(failed, "failed", "f", queue="b", error_code="E"),
        ]

    compared = compare(taken(rows(3, 10)), taken(rows(60, 40)))
    of_values = [each for each in compared.changes if each.dimension]
    assert {(each.dimension, each.value) for each in of_values} == {("queue", "b")}
    assert {each.text for each in of_values} == {
        "Failure rate of queue=b rose from 2 % to 28.6 %, by 26.6 percentage points (n 153 → 210)",
        "p95 of time to complete of queue=b rose from 19 s to 1 min 16 s (n 150 → 150)",
    }


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"name": "jobs"}, "their sources differ (tasks and jobs)"),
        ({"sql": "SELECT * FROM tasks WHERE true"}, "the definitions of their source differ"),
        ({"scope": {"queue": "a"}}, "their scopes differ (all tasks and queue=a)"),
    ],
)
def test_what_cannot_be_compared_is_refused_unless_forced(
    taken: Taking, other: dict[str, Any], says: str
) -> None:
    before, after = taken(tasks(3, queue="a")), taken(tasks(3, queue="a"), **other)
    with pytest.raises(NotComparable) as refusal:
        compare(before, after)
    assert isinstance(refusal.value, StillframeError)
    assert says in str(refusal.value)
    [note] = [each for each in compare(before, after, force=True).notes if "although" in each]
    assert note.startswith(f"Compared although {says}")


def test_percentiles_of_another_definition_are_refused(taken: Taking) -> None:
    before = taken(tasks(3))
    provenance = before.provenance.model_copy(update={"percentile_method": "interpolated"})
    with pytest.raises(NotComparable, match="percentiles are defined differently"):
        compare(before, before.model_copy(update={"provenance": provenance}))


def test_forced_comparisons_of_unlike_tasks_list_rates_and_no_counts(taken: Taking) -> None:
    rows = [
        *tasks(900, name="a", queue="a"),
        *tasks(9, "failed", "fa", queue="a", error_code="E"),
        *tasks(70, name="b", queue="b"),
        *tasks(30, "failed", "fb", queue="b", error_code="E"),
    ]
    before, after = taken(rows, scope={"queue": "a"}), taken(rows, scope={"queue": "b"})
    compared = compare(before, after, force=True)
    assert sentences(compared) == [
        "Failures with E rose from 1 % (9) to 30 % (30) (n 9 → 30)",
        "Failure rate rose from 1 % to 30 %, by 29 percentage points (n 909 → 100)",
    ]


def test_staleness_and_equal_figures_are_noted(taken: Taking) -> None:
    fresh = taken(tasks(3))
    stale = fresh.marked(
        Freshness(state="STALE", since=TEN, reason="the database did not answer"),
        request_id="req_2",
    )
    assert compare(fresh, stale).notes == (
        "Both snapshots hold the same figures.",
        "The windows overlap: what lies in both hides a part of the change.",
        "The snapshot after is STALE since 2026-01-30T10:00:00Z: the database did not answer.",
    )


def test_windows_that_touch_do_not_overlap(taken: Taking) -> None:
    assert compare(taken(tasks(3), NINE), taken(tasks(3), HOUR)).notes == ()


def test_the_text_is_definite_and_is_read_back_to_the_same_bytes(taken: Taking) -> None:
    before, after = taken(tasks(200), NINE), taken([*tasks(150), *tasks(50, "failed", "ü😀")])
    text = compare(before, after).to_json()
    read_again = [Snapshot.from_json(each.to_json()) for each in (before, after)]
    assert compare(*read_again).to_json() == text
    read = Comparison.model_validate_json(text, strict=True)
    assert read == compare(before, after)
    assert read.to_json() == text
    assert list(json.loads(text)) == [
        *("schemaVersion", "before", "after", "flowsPerHour", "notes", "deltas", "changes"),
    ]
    with pytest.raises(ValidationError):
        read.notes = ()
