"""Comparing two snapshots: every figure side by side, and what changed by more than noise would."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from metrics_core import Comparison, Snapshot, StillframeError, Window, compare, take_snapshot
from metrics_core.comparison import Change, Delta
from metrics_core.errors import NotComparable
from metrics_core.evidence import Freshness
from tests.builders import HOUR, TEN, at, row, sqlite_source
from tests.calm_queue import COLUMNS, CalmQueue

NINE = Window.ending(TEN, minutes=60)
QUEUE_COLUMNS = (
    "id, status, created_at, eligible_at, started_at, finished_at, error_code, cost_usd, queue"
)
SHORT = "id, status, created_at, started_at, finished_at"
Row = dict[str, object]
Taking = Callable[..., Snapshot]


@pytest.fixture(name="taken")
def taking(tmp_path: Path) -> Taking:
    """Takes a snapshot of rows; all of them are of one source."""

    def take(rows: Sequence[Row], window: Window = HOUR, **settings: Any) -> Snapshot:
        scope = settings.pop("scope", {})
        given = {"columns": QUEUE_COLUMNS, "dimensions": ("queue",), **settings}
        return take_snapshot(sqlite_source(tmp_path, rows, **given), window, scope)

    return take


def tasks(number: int, status: str = "completed", name: str = "t", **values: object) -> list[Row]:
    """So many tasks, evenly from `since` on `over` so long, that wait a second and run for ten."""
    spans = {"run": 10.0, "wait": 1.0, "since": 0.0, "over": 3400.0}
    run, wait, since, over = (float(str(values.pop(key, spans[key]))) for key in spans)
    begins = [round(since + i * over / number, 3) for i in range(number)]
    return [
        row(
            f"{name}{i}",
            status,
            created=begin,
            started=begin + wait,
            finished=begin + wait + run * (1 + i % 10 / 10),
            **values,
        )
        for i, begin in enumerate(begins)
    ]


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
    rows = [*tasks(60, "failed", "a", error_code="A"), *tasks(60, "failed", "b", error_code="B")]
    later = tasks(240, "failed", "c", error_code="A", since=3600)
    before, after = taken(rows), taken([*rows, *later], Window.ending(at(7200), minutes=120))
    by_code = {each.name: each for each in compare(before, after).changes}
    assert by_code["A"].text == "Failures with A rose from 60/h (60) to 150/h (300) (n 120 → 360)"
    assert by_code["B"].text == "Failures with B fell from 60/h (60) to 30/h (60) (n 120 → 360)"
    assert (by_code["B"].before, by_code["B"].after, by_code["B"].unit) == (
        *(60.0, 30.0),
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


def crowd(codes: int, each: int, name: str) -> Iterable[Row]:
    for number in range(codes):
        yield from tasks(each, "failed", f"{name}{number}_", error_code=f"CODE_{number:03}")


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
        read.notes = ()  # type: ignore[misc]


def test_changes_stand_in_one_total_order(taken: Taking) -> None:
    before = [*tasks(50), *crowd(3, 40, "c")]
    compared = compare(taken(before), taken(tasks(50)))
    places = [(-each.score, each.kind, each.name) for each in compared.changes]
    assert places == sorted(places)
    assert [each.name for each in compared.changes if each.kind == "error_code"] == [
        *("CODE_000", "CODE_001", "CODE_002"),
    ]


def test_the_order_of_codes_and_values_in_a_snapshot_does_not_matter(taken: Taking) -> None:
    def turned(snapshot: Snapshot) -> Snapshot:
        assert snapshot.errors is not None
        codes = snapshot.errors.codes[::-1]
        parts = [b.model_copy(update={"values": b.values[::-1]}) for b in snapshot.breakdowns]
        errors = snapshot.errors.model_copy(update={"codes": codes})
        return snapshot.model_copy(update={"errors": errors, "breakdowns": tuple(parts[::-1])})

    before = taken([*tasks(90, queue="a"), *crowd(130, 2, "c")])
    after = taken([*tasks(90, queue="b"), *crowd(110, 9, "c"), *tasks(90, name="a", queue="a")])
    assert compare(turned(before), turned(after)) == compare(before, after)


@pytest.mark.parametrize(
    ("queue", "minutes"),
    [
        (CalmQueue(an_hour=20), 60),
        (CalmQueue(an_hour=120), 60),
        (CalmQueue(an_hour=120, sigma=1.5, failure_rate=0.3), 60),
        (CalmQueue(an_hour=600), 15),
    ],
    ids=str,
)
def test_noise_is_not_listed(tmp_path: Path, queue: CalmQueue, minutes: int) -> None:
    """Of pairs of windows between which nothing changed, less than one in twenty lists anything."""
    hours = 30
    rows = list(queue.rows(11, hours))
    source = sqlite_source(tmp_path, rows, columns=COLUMNS, dimensions=("engine", "tenant_id"))
    whole = [Window.ending(TEN + timedelta(hours=h), minutes=60) for h in range(1, hours)]
    taken = [
        take_snapshot(source, replace(w, start=w.end - timedelta(minutes=minutes))) for w in whole
    ]
    pairs = [(i, j) for step in (1, 2, 7) for i, j in enumerate(range(step, hours - 1))]
    alarms = [(i, j) for i, j in pairs if compare(taken[i], taken[j]).changes]
    assert len(pairs) == 77
    assert len(alarms) < 0.05 * len(pairs)


def mirrored(change: Change) -> Change:
    """The same change as seen from the other side, but for its sentence."""
    opposite: dict[str, Any] = {
        "new": "gone",
        "gone": "new",
        "rose": "fell",
        "fell": "rose",
        "better": "worse",
        "worse": "better",
        "neutral": "neutral",
    }
    return change.model_copy(
        update={
            "before": change.after,
            "after": change.before,
            "n_before": change.n_after,
            "n_after": change.n_before,
            "direction": opposite[change.direction],
            "meaning": opposite[change.meaning],
            "text": "",
        }
    )


def test_the_other_way_round_everything_is_mirrored(taken: Taking) -> None:
    before = [*tasks(300, queue="a"), *crowd(2, 30, "c"), row("q", "queued", created=3599)]
    waiting = [row(f"q{i}", "queued", created=i) for i in range(90)]
    after = taken(
        [*tasks(90, queue="a", run=50, wait=60), *waiting], Window.ending(HOUR.end, minutes=75)
    )
    there, back = compare(taken(before), after), compare(after, taken(before))
    assert {each.kind for each in there.changes} == {
        "age",
        "backlog",
        "error_code",
        "failure_rate",
        "flow",
        "latency",
    }
    assert [each.model_copy(update={"text": ""}) for each in back.changes] == [
        mirrored(each) for each in there.changes
    ]
