"""Latencies: which tasks are samples, percentiles that are members, buckets."""

import numpy as np
import pytest

from metrics_core.latency import (
    LARGEST_MS,
    Grouped,
    exact_sum,
    lacks_time_to_complete,
    lacks_time_to_processing,
    latency,
    percentile_index,
    queue_entry,
)
from metrics_core.tasks import NULL
from tests.builders import figures_of, row, tasks_of, us

FULL = frozenset({"created_at", "started_at", "finished_at", "duration_ms", "time_to_processing"})


def waits(**times: object) -> tuple[list[int], int]:
    """Time to processing of one completed task that finished at 99 s, and how many were dropped."""
    found = figures_of(row("a", "completed", **{"finished": 99, **times})).time_to_processing
    return found.ms.tolist(), len(found.negative)


def runs(**values: object) -> tuple[list[int], int]:
    """Time to complete of one completed task, and how many were dropped."""
    found = figures_of(row("a", "completed", **values)).time_to_complete
    return found.ms.tolist(), len(found.negative)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"created": 0, "started": 5}, ([5000], 0)),
        ({"created": 0, "started": 0.001999}, ([1], 0)),
        ({"created": 0, "eligible": 3, "started": 5}, ([2000], 0)),
        ({"created": 4, "eligible": 3, "started": 5}, ([1000], 0)),
        ({"created": 5, "started": 5}, ([0], 0)),
        ({"created": 5, "started": 4.999999}, ([], 1)),
        ({"created": 0, "eligible": 6, "started": 5}, ([], 1)),
        ({"created": 0}, ([], 0)),
        ({"started": 5}, ([], 0)),
    ],
)
def test_time_to_processing_is_from_the_later_of_created_and_eligible(
    times: dict[str, object], expected: tuple[list[int], int]
) -> None:
    assert waits(**times) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"created": 0, "started": 5, "finished": 7.000999}, ([2000], 0)),
        ({"created": 0, "started": 5, "finished": 7, "duration_ms": 1.9}, ([1], 0)),
        ({"created": 0, "duration_ms": 250.0}, ([250], 0)),
        ({"created": 0, "started": 5, "finished": 4}, ([], 1)),
        ({"created": 0, "started": 5, "finished": 7, "duration_ms": -0.25}, ([], 1)),
        ({"created": 0, "finished": 7}, ([], 0)),
        ({"created": 0, "duration_ms": float(LARGEST_MS)}, ([LARGEST_MS], 0)),
    ],
)
def test_time_to_complete_is_the_measured_duration_or_else_the_run(
    values: dict[str, object], expected: tuple[list[int], int]
) -> None:
    assert runs(**values) == expected


@pytest.mark.parametrize("status", ["failed", "cancelled", "processing"])
def test_only_completed_tasks_are_samples(status: str) -> None:
    figures = figures_of(row("a", status, created=0, started=1, finished=2, duration_ms=3.0))
    assert (len(figures.time_to_processing.ms), len(figures.time_to_complete.ms)) == (0, 0)


def test_a_task_that_completed_after_the_window_is_no_sample_of_it() -> None:
    figures = figures_of(
        row("at to", "completed", created=0, started=1, finished=3600),
        row("before", "completed", created=0, started=1, finished=3599.999999),
    )
    assert figures.time_to_processing.ms.tolist() == [1000]


def test_a_wait_needs_a_known_run_even_where_its_own_times_are_there() -> None:
    figures = figures_of(row("a", "completed", created=0, started=1, updated=9))
    assert len(figures.time_to_processing.ms) == 0


@pytest.mark.parametrize(
    ("missing", "column"),
    [
        (set(), None),
        ({"created_at"}, "created_at"),
        ({"started_at"}, "started_at"),
        ({"time_to_processing"}, "time_to_processing"),
    ],
)
def test_what_time_to_processing_needs(missing: set[str], column: str | None) -> None:
    assert lacks_time_to_processing(FULL - missing) == column


@pytest.mark.parametrize(
    ("missing", "column"),
    [
        ({"started_at"}, None),
        ({"duration_ms"}, None),
        ({"duration_ms", "started_at"}, "started_at"),
        ({"duration_ms", "finished_at"}, "finished_at"),
    ],
)
def test_what_time_to_complete_needs(missing: set[str], column: str | None) -> None:
    assert lacks_time_to_complete(FULL - missing) == column


def test_a_source_that_lacks_its_columns_has_no_samples() -> None:
    task = row("a", "completed", created=0, started=1, finished=2)
    figures = figures_of(task, lacks=["created_at", "duration_ms", "finished_at"])
    assert (len(figures.time_to_processing.ms), len(figures.time_to_complete.ms)) == (0, 0)


def test_queue_entry_is_unknown_where_created_is() -> None:
    tasks = tasks_of(row("a", "queued", eligible=5), row("b", "queued", created=1, eligible=5))
    assert queue_entry(tasks).tolist() == [NULL, us(5)]


@pytest.mark.parametrize(
    ("n", "expected"),
    [(1, (0, 0, 0)), (2, (1, 1, 1)), (3, (1, 2, 2)), (20, (10, 19, 19)), (100, (50, 95, 99))],
)
def test_the_place_of_a_percentile(n: int, expected: tuple[int, int, int]) -> None:
    assert tuple(percentile_index(n, q) for q in (50, 95, 99)) == expected


def test_latency_of_samples_in_any_order() -> None:
    found = latency(np.array([30, 10, 20, 41], np.int64))
    assert (found.p50, found.p95, found.p99, found.max) == (30, 41, 41, 41)
    assert (found.avg, found.samples) == (25, 4)


def test_no_samples_have_no_figures() -> None:
    found = latency(np.array([], np.int64))
    assert (found.p50, found.p95, found.avg, found.p99, found.max) == (None,) * 5
    assert found.samples == 0


def test_the_mean_of_the_largest_latencies_does_not_overflow() -> None:
    assert latency(np.full(5000, LARGEST_MS)).avg == LARGEST_MS
    assert exact_sum(np.full(5000, LARGEST_MS)) == 5000 * LARGEST_MS
    assert exact_sum(np.array([-3, -(2**40), 1])) == -(2**40) - 2


def test_samples_are_grouped_and_sorted_within_their_group() -> None:
    grouped = Grouped.by(np.array([9, 1, 5, 7, 3]), np.array([2, 0, 2, 2, 0]), 4)
    assert grouped.samples == [2, 0, 3, 0]
    assert grouped.percentiles(50) == [3, None, 7, None]
    assert grouped.percentiles(99) == [3, None, 9, None]


@pytest.mark.parametrize(
    ("ms", "bucket"),
    [
        (0, "0"),
        (1, "1"),
        (2, "2"),
        (4, "2"),
        (5, "5"),
        (9, "5"),
        (10, "10"),
        (19, "10"),
        (49_999, "20000"),
        (50_000, "50000"),
        (LARGEST_MS, "5000000000000000"),
    ],
)
def test_a_latency_is_in_the_bucket_of_the_largest_edge_not_above_it(ms: int, bucket: str) -> None:
    grouped = Grouped.by(np.array([ms]), np.array([0]), 1)
    assert grouped.buckets() == [{bucket: 1}]


def test_buckets_ascend_and_only_filled_ones_are_named() -> None:
    grouped = Grouped.by(np.array([700, 3, 1000, 2, 600]), np.array([0, 0, 0, 0, 1]), 3)
    assert grouped.buckets() == [{"2": 2, "500": 1, "1000": 1}, {"500": 1}, {}]
    assert list(grouped.buckets()[0]) == ["2", "500", "1000"]


@pytest.mark.parametrize("largest", [900, 2**30, LARGEST_MS])
def test_groups_of_latencies_of_any_size_are_told_apart(largest: int) -> None:
    grouped = Grouped.by(np.array([largest, 7, largest, 0]), np.array([0, 1, 2, 2]), 4)
    assert grouped.percentiles(99) == [largest, 7, largest, None]
    assert [sum(counts.values()) for counts in grouped.buckets()] == [1, 1, 2, 0]
