"""How sure a change is: the laws of every score, and its values at small n by exact counting."""

import math
from math import comb
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics_core.change_score import (
    LISTED_FROM,
    SMALLEST_RATIO,
    Rate,
    dispersion,
    level_score,
    log_score,
    rate_score,
    share_score,
)

COUNTS = st.integers(0, 10**7)
HOURS = st.floats(1 / 60, 200)
POSITIVE = st.floats(1e-3, 1e9)


def exact_z(low: int, high: int) -> float:
    """The z of high or more of all events by exact counting, if its rate were but 1.2 the other."""
    total, part = low + high, SMALLEST_RATIO / (1 + SMALLEST_RATIO)
    tail = math.fsum(
        comb(total, k) * part**k * (1 - part) ** (total - k) for k in range(high, total + 1)
    )
    return -NormalDist().inv_cdf(tail)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 11), (0, 30), (1, 15), (2, 20), (5, 25), (20, 60), (100, 180)]
)
def test_a_rate_score_is_near_the_exact_one(low: int, high: int) -> None:
    score = rate_score(Rate(low, 1), Rate(high, 1))
    assert score == pytest.approx(exact_z(low, high), abs=0.15)


@given(COUNTS, HOURS, COUNTS, HOURS, st.floats(1, 50))
def test_a_rate_score_changes_its_sign_with_the_sides(
    a: int, a_hours: float, b: int, b_hours: float, noise: float
) -> None:
    there = rate_score(Rate(a, a_hours), Rate(b, b_hours), noise)
    assert there == -rate_score(Rate(b, b_hours), Rate(a, a_hours), noise)
    assert abs(there) <= abs(rate_score(Rate(a, a_hours), Rate(b, b_hours)))
    if there:
        low, high = sorted((a / a_hours, b / b_hours))
        assert high > SMALLEST_RATIO * low * (1 - 1e-9)
        assert (there > 0) == (b / b_hours > a / a_hours)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_of_the_same_change_is_surer(low: int, high: int, more: int) -> None:
    assume(high > SMALLEST_RATIO * low + 1)
    score = rate_score(Rate(low, 1), Rate(high, 1))
    assert rate_score(Rate(low, 1), Rate(high + more, 1)) > score > 0


def test_ten_new_failures_are_noise_and_eleven_are_listed() -> None:
    assert rate_score(Rate(0, 1), Rate(10, 1)) < LISTED_FROM <= rate_score(Rate(0, 1), Rate(11, 1))


def test_nothing_to_compare_by_is_no_change() -> None:
    assert rate_score(Rate(0, 0), Rate(9, 9)) == share_score(Rate(9, 9), Rate(0, 0)) == 0


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_a_share_score_changes_its_sign_with_the_sides(
    a: int, of_a: int, b: int, of_b: int
) -> None:
    assume(a <= of_a and b <= of_b)
    score = share_score(Rate(a, of_a), Rate(b, of_b))
    assert score == -share_score(Rate(b, of_b), Rate(a, of_a))
    assert score == 0 or (score > 0) == (b * of_a > a * of_b)


def test_a_share_score_is_the_root_of_g() -> None:
    """Of the table 20 80 / 45 55, moved by a half towards independence."""
    cells = ((44.5, 32.5), (20.5, 32.5), (55.5, 67.5), (79.5, 67.5))
    g = 2 * sum(seen * math.log(seen / expected) for seen, expected in cells)
    assert share_score(Rate(20, 100), Rate(45, 100)) == pytest.approx(math.sqrt(g))


@given(POSITIVE, POSITIVE, st.floats(1e-6, 100))
def test_a_log_score_changes_its_sign_with_the_sides(a: float, b: float, variance: float) -> None:
    score = log_score(a, b, variance)
    assert score == -log_score(b, a, variance)
    assert (score == 0) == (max(a, b) / min(a, b) <= SMALLEST_RATIO) or abs(score) < 1e-9


@pytest.mark.parametrize(("a", "b", "variance"), [(0, 5, 1), (-1, 5, 1), (5, 0, 1), (1, 9, 0)])
def test_a_figure_that_has_no_logarithm_is_not_judged(a: float, b: float, variance: float) -> None:
    assert log_score(a, b, variance) == 0


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1e4))
def test_a_level_score_changes_its_sign_with_the_sides(a: int, b: int, deviation: float) -> None:
    assert level_score(a, b, deviation) == -level_score(b, a, deviation)
    assert abs(level_score(a, b, deviation)) <= abs(level_score(a, b, 0))


def test_few_bins_or_none_filled_tell_no_dispersion() -> None:
    assert dispersion([0, 99] * 3) == dispersion([0] * 60) == dispersion([]) == 1
    assert dispersion([0, 20] * 4) == 10
