"""A percentile's shift, judged by what a snapshot keeps of the samples: against the samples."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_core.change_score import LISTED_FROM
from metrics_core.document import BinLatency
from metrics_core.latency import Grouped, latency
from metrics_core.latency_shift import (
    LEAST_SPREAD,
    Distribution,
    Part,
    age_score,
    part_score,
    percentile_score,
)

SAMPLES = st.lists(st.integers(0, 10**7), min_size=1, max_size=300)


def known_of(samples: list[int]) -> Distribution:
    """What a snapshot whose window has one bin tells of these samples."""
    ms = np.array(samples, np.int64)
    grouped = Grouped.by(ms, np.zeros(len(ms), np.int64), 1)
    whole = latency(ms)
    each = BinLatency(
        p50=whole.p50,
        p95=whole.p95,
        p99=whole.p99,
        samples=len(samples),
        buckets=grouped.buckets()[0] if samples else {},
    )
    return Distribution.of(whole, [each])


def log_normal(seed: int, n: int, median: float, sigma: float = 0.6) -> Distribution:
    dice = Random(seed)
    return known_of([int(median * dice.lognormvariate(0, sigma)) for _ in range(n)])


@given(SAMPLES, st.sampled_from([1, 2, 5, 10, 100, 2_000, 50_000, 10**6]))
def test_at_a_buckets_edge_the_samples_above_are_counted_exactly(
    samples: list[int], edge: int
) -> None:
    # Just below the edge, where no whole number lies between: at it, percentiles may tie.
    told = known_of(samples).above(edge - 1e-9)
    assert told.of == len(samples)
    assert told.events == pytest.approx(sum(ms >= edge for ms in samples), abs=0.51)


@given(SAMPLES, st.floats(0, 2e7), st.floats(0, 2e7))
def test_fewer_samples_lie_above_more(samples: list[int], one: float, other: float) -> None:
    known, (low, high) = known_of(samples), sorted((one, other))
    assert len(samples) >= known.above(low).events >= known.above(high).events >= 0


@given(SAMPLES, SAMPLES, st.sampled_from([50, 95]))
def test_the_score_changes_its_sign_with_the_sides(a: list[int], b: list[int], q: int) -> None:
    one, other = known_of(a), known_of(b)
    assert percentile_score(one, other, q) == -percentile_score(other, one, q)
    assert percentile_score(one, one, q) == 0


@pytest.mark.parametrize("q", [50, 95])
@pytest.mark.parametrize(("n", "median"), [(60, 4_000.0), (800, 40_000.0), (5_000, 21.0)])
def test_samples_alike_are_hardly_ever_a_shift(q: int, n: int, median: float) -> None:
    scores = [
        percentile_score(log_normal(2 * s, n, median), log_normal(2 * s + 1, n, median), q)
        for s in range(100)
    ]
    assert sum(abs(score) >= LISTED_FROM for score in scores) == 0


@pytest.mark.parametrize("q", [50, 95])
@pytest.mark.parametrize("median", [20.0, 29.0, 44.0, 70.0])
def test_a_shift_by_half_is_found_wherever_it_lies_between_edges(q: int, median: float) -> None:
    before, after = log_normal(1, 2_000, median), log_normal(2, 2_000, 1.5 * median)
    assert percentile_score(before, after, q) >= LISTED_FROM


def test_a_longer_tail_moves_the_p95_and_not_the_p50() -> None:
    dice = Random(3)
    calm = [int(1_000 * dice.lognormvariate(0, 0.3)) for _ in range(900)]
    slow = [int(60_000 * dice.lognormvariate(0, 0.3)) for _ in range(100)]
    before, after = known_of(calm + calm[:100]), known_of(calm + slow)
    assert percentile_score(before, after, 95) > 2 * LISTED_FROM
    assert percentile_score(before, after, 50) == 0


def test_without_samples_there_is_no_score() -> None:
    nothing = known_of([])
    assert percentile_score(nothing, known_of([1, 2]), 95) == 0
    assert nothing.spread == LEAST_SPREAD


def test_the_spread_of_a_log_normal_is_its_sigma() -> None:
    assert log_normal(1, 20_000, 40_000, 1.0).spread == pytest.approx(1.0, abs=0.05)
    assert log_normal(1, 20_000, 40_000, 0.1).spread == LEAST_SPREAD


def test_a_parts_p95_needs_a_hundred_tasks_on_both_sides() -> None:
    assert part_score(Part(10_000, 99), Part(90_000, 500), 0.5) == 0
    assert part_score(Part(10_000, 100), Part(90_000, 500), 0.5) > LISTED_FROM
    assert part_score(Part(0, 100), Part(0, 100), 0.5) == 0


def test_a_stuck_task_is_found_where_latencies_are_narrow() -> None:
    assert age_score(60_000, 6 * 3_600_000, 40_000, 0.5) > LISTED_FROM
    assert 0 < age_score(60_000, 6 * 3_600_000, 40_000, 2.0) < LISTED_FROM


def test_a_task_that_came_just_now_is_no_sign_of_a_fast_queue() -> None:
    assert age_score(50_000, 10, 40_000, 0.5) == age_score(50_000, 40_000, 40_000, 0.5)
    assert age_score(10, 39_000, 40_000, 0.5) == age_score(0, 0, 0, 0.5) == 0
