"""Quality: what is found about the rows, and what a source cannot measure."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from metrics_core.clock import Skew
from metrics_core.evidence import Finding, Quality
from metrics_core.quality import quality
from tests.builders import Row, figures_of, row, tasks_of


def quality_of(*rows: Row, lacks: Collection[str] = (), skew: Skew | None = None) -> Quality:
    return quality(tasks_of(*rows, lacks=lacks), figures_of(*rows, lacks=lacks), skew)


def skew_of(ahead_ms: int, uncertain_ms: int = 0) -> Skew:
    ahead, uncertainty = (timedelta(milliseconds=ms) for ms in (ahead_ms, uncertain_ms))
    return Skew(ahead=ahead, uncertainty=uncertainty)


def findings(*rows: Row, lacks: Collection[str] = ()) -> list[tuple[str, int, tuple[str, ...]]]:
    found = quality_of(*rows, lacks=lacks).findings
    return [(each.kind, each.count, each.task_ids) for each in found]


def test_orderly_rows_and_no_rows_have_no_findings() -> None:
    assert findings() == []
    assert findings(row("a", "completed", created=0, started=1, finished=2)) == []


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        (row("a", None, created=0), "missing_status"),
        (row("a", "archived", created=0), "unknown_status"),
        (row("a", "failed"), "ended_without_time"),
        (row("a", "queued", created=0, unreadable=True), "unreadable_time"),
        (row("a", "queued", updated=0), "missing_created_at"),
        (row("a", "failed", created=0, updated=9), "missing_finished_at"),
        (row("a", "failed", created=5, finished=4), "end_before_beginning"),
        (row("a", "processing", created=0, finished=9), "open_with_finished_at"),
        (
            row("a", "completed", created=3, started=2, finished=9),
            "negative_time_to_processing",
        ),
        (row("a", "completed", created=0, started=5, finished=4), "negative_time_to_complete"),
    ],
)
def test_each_fault_of_a_row_is_a_finding(task: Row, kind: str) -> None:
    assert findings(task) == [(kind, 1, ("a",))]


def test_an_end_before_the_beginning_is_found_by_updated_at_too() -> None:
    kinds = [kind for kind, _, _ in findings(row("a", "failed", created=5, updated=4))]
    assert kinds == ["missing_finished_at", "end_before_beginning"]


def test_faults_of_ends_outside_the_window_are_not_of_this_window() -> None:
    assert findings(row("a", "failed", created=0, updated=4000)) == []


def test_unclassifiable_rows_are_in_no_other_finding() -> None:
    assert findings(row("a", "archived", finished=5)) == [("unknown_status", 1, ("a",))]


def test_a_row_of_unknown_status_and_without_time_is_found_once() -> None:
    assert findings(row("a", "archived")) == [("unknown_status", 1, ("a",))]


def test_findings_stand_in_one_definite_order() -> None:
    rows = [
        row("1", "completed", created=0, started=5, finished=4),
        row("2", "processing", created=0, finished=9),
        row("3", "queued", updated=0, unreadable=True),
        row("4", "failed"),
        row("5", "archived", created=0),
        row("6", None),
    ]
    assert [kind for kind, _, _ in findings(*rows)] == [
        "missing_status",
        "unknown_status",
        "ended_without_time",
        "unreadable_time",
        "missing_created_at",
        "open_with_finished_at",
        "negative_time_to_complete",
    ]


def test_unknown_statuses_are_listed_largest_first_and_ties_by_value() -> None:
    values = ["zzz", "b", "b", "a", "COMPLETED"]
    found = quality_of(*(row(f"t{i}", value) for i, value in enumerate(values))).findings
    assert [(each.value, each.count) for each in found] == [
        ("b", 2),
        ("COMPLETED", 1),
        ("a", 1),
        ("zzz", 1),
    ]


def test_unknown_statuses_beyond_the_twentieth_are_one_finding() -> None:
    found = quality_of(*(row(f"t{i:02}", f"s{i:02}") for i in range(22))).findings
    assert [each.value for each in found[:20]] == [f"s{i:02}" for i in range(20)]
    rest = found[20]
    assert (rest.kind, rest.value, rest.count) == ("other_unknown_statuses", None, 2)
    assert rest.task_ids == ("t20", "t21")


def test_five_least_ids_are_named_with_duplicates() -> None:
    found = quality_of(*(row(name, None) for name in ("d", "b", "b", "a", "c", "e", None)))
    assert found.findings[0].task_ids == ("", "a", "b", "b", "c")
    assert found.findings[0].count == 7


def test_a_finding_is_a_sentence_with_its_count_and_value() -> None:
    (found,) = quality_of(*(row("t", "{0} 'x'") for _ in range(1200))).findings
    assert found.text == (
        "Rows with the status \"{0} 'x'\", which this source does not map: 1,200. "
        "They are in no figure."
    )


@pytest.mark.parametrize(
    ("skew_ms", "text"),
    [
        (1001, "The database's clock is 1.0 s ahead of Stillframe's; this window ends by ours."),
        (-90_000, "The database's clock is 90.0 s behind Stillframe's; this window ends by ours."),
    ],
)
def test_a_skew_of_more_than_a_second_is_a_finding(skew_ms: int, text: str) -> None:
    (found,) = quality_of(skew=skew_of(skew_ms)).findings
    assert isinstance(found, Finding)
    assert (found.kind, found.count, found.task_ids) == ("clock_skew", 1, ())
    assert found.text == text.replace("by ours", "by Stillframe's")


@pytest.mark.parametrize(
    "skew", [None, skew_of(0), skew_of(1000), skew_of(-1000), skew_of(2000, uncertain_ms=1000)]
)
def test_a_skew_that_may_be_of_up_to_a_second_is_none(skew: Skew | None) -> None:
    assert quality_of(skew=skew).findings == ()


@pytest.mark.parametrize(
    ("lacks", "figures"),
    [
        ([], []),
        (["cost_usd", "updated_at", "eligible_at", "error"], []),
        (["error", "error_code"], ["errors"]),
        (["time_to_processing"], ["latency.timeToProcessingMs"]),
        (["duration_ms", "finished_at"], ["latency.timeToCompleteMs"]),
        (
            ["started_at"],
            ["latency.timeToProcessingMs", "backlog.processing.oldestAgeMs"],
        ),
        (
            ["created_at"],
            [
                "tasks.created",
                "ledger",
                "latency.timeToProcessingMs",
                "backlog.queued.oldestAgeMs",
            ],
        ),
    ],
)
def test_what_a_source_lacks_makes_figures_not_measurable(
    lacks: list[str], figures: list[str]
) -> None:
    assert [each.figure for each in quality_of(lacks=lacks).not_measurable] == figures


def test_the_reason_names_the_column() -> None:
    reasons = [each.reason for each in quality_of(lacks=["started_at"]).not_measurable]
    assert reasons == ["The source has no started_at."] * 2
    (queueless,) = quality_of(lacks=["time_to_processing"]).not_measurable
    assert queueless.reason == ("The source has no queue of its own: a task begins by starting.")


def test_a_source_without_created_at_is_not_measurable_rather_than_repaired() -> None:
    task = row("a", "failed", started=5, finished=9)
    assert findings(task, lacks=["created_at"]) == []


def test_a_source_without_finished_at_tells_that_its_ends_are_repaired() -> None:
    task = row("a", "failed", created=5, updated=9)
    assert findings(task, lacks=["finished_at"]) == [("missing_finished_at", 1, ("a",))]
