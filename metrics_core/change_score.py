"""How sure a change is: one score for every kind of figure, so that all can be ranked. Pure.

A score is a z: by how many standard errors a change exceeds SMALLEST_RATIO, the least change that
matters. So 0 is "no change worth a sentence", however large n is, and small n cannot lead, however
large the change looks. From LISTED_FROM on a change is listed; noise alone gets there in less than
three of a thousand figures. Positive is a rise, negative a fall, and swapping the sides changes
exactly the sign.

Counts and shares use the signed root of the likelihood ratio (the G-test, Sokal and Rohlf,
Biometry, ch. 17) with Yates' continuity correction, which unlike the plain z holds for small and
for lopsided counts. Other figures use the distance of their logarithms.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance

SMALLEST_RATIO = 1.2
LISTED_FROM = 3.0
CONTINUITY = 0.5
FEWEST_BINS = 8


@dataclass(frozen=True)
class Rate:
    """So many events out of, or during, so much."""

    events: float
    of: float


def rate_score(before: Rate, after: Rate, dispersion: float = 1.0) -> float:
    """Two Poisson rates: given all events, those of one side are binomial in its part of `of`.

    The variance is `dispersion` times that of Poisson events (quasi-Poisson).

    >>> round(rate_score(Rate(100, 1), Rate(200, 1)), 2), rate_score(Rate(100, 1), Rate(119, 1))
    (4.21, 0.0)
    >>> round(rate_score(Rate(1, 1), Rate(2, 1)), 2), round(rate_score(Rate(0, 1), Rate(11, 1)), 2)
    (0.0, 3.07)
    """
    if min(before.of, after.of) <= 0:
        return 0.0
    rises = after.events * before.of > before.events * after.of
    low, high = (before, after) if rises else (after, before)
    score = math.sqrt(_rate_deviance(low, high) / dispersion)
    return score if rises else -score


def _rate_deviance(low: Rate, high: Rate) -> float:
    """Of high's events from what they were if its rate were SMALLEST_RATIO times the low one."""
    total, weight = low.events + high.events, SMALLEST_RATIO * high.of
    expected = total * weight / (weight + low.of)
    seen = high.events - CONTINUITY
    if seen <= expected:
        return 0.0
    return 2 * (_term(seen, expected) + _term(total - seen, total - expected))


def share_score(before: Rate, after: Rate) -> float:
    """Two proportions: G-test of the two-by-two table. It knows no SMALLEST_RATIO of its own.

    >>> round(share_score(Rate(5, 100), Rate(20, 100)), 2)
    3.07
    """
    if min(before.of, after.of) <= 0:
        return 0.0
    rises = after.events * before.of > before.events * after.of
    low, high = (before, after) if rises else (after, before)
    score = math.sqrt(_table_deviance(low, high))
    return score if rises else -score


def _table_deviance(low: Rate, high: Rate) -> float:
    events, whole = low.events + high.events, low.of + high.of
    expected = events * high.of / whole
    excess = high.events - expected - CONTINUITY
    if excess <= 0:
        return 0.0
    cells = (
        (expected, excess),
        (events - expected, -excess),
        (high.of - expected, -excess),
        (low.of - events + expected, excess),
    )
    return 2 * math.fsum(_term(cell + by, cell) for cell, by in cells)


def _term(seen: float, expected: float) -> float:
    return seen * math.log(seen / expected) if seen > 0 else 0.0


def log_score(before: float, after: float, variance: float) -> float:
    """Two positive figures whose logarithms differ by noise of this variance (0: unknown, score 0).

    >>> log_score(100, 119, 0.01), round(log_score(100, 200, 0.01), 2)
    (0.0, 5.11)
    """
    if min(before, after, variance) <= 0:
        return 0.0
    beyond = math.log(max(before, after) / min(before, after)) - math.log(SMALLEST_RATIO)
    score = max(beyond, 0.0) / math.sqrt(variance)
    return score if after > before else -score


def level_score(before: int, after: int, deviation: float) -> float:
    """Two counts at an instant: Poisson noise, and the standard deviation of the level in time.

    >>> round(level_score(10, 30, 50.0), 2), round(level_score(5, 400, 2.0), 1)
    (0.25, 19.4)
    """
    low, high = sorted((before, after))
    beyond = high - SMALLEST_RATIO * low - CONTINUITY
    score = max(beyond, 0.0) / math.sqrt(max(low + high, 1) + 2 * deviation**2)
    return score if after > before else -score


def dispersion(counts: Sequence[int]) -> float:
    """How many times as much as Poisson events these counts of equal bins vary; at least 1.

    >>> dispersion([3, 5] * 8), dispersion([0, 0, 0, 40] * 4)
    (1.0, 30.0)
    """
    if len(counts) < FEWEST_BINS or not any(counts):
        return 1.0
    return max(1.0, pvariance(counts) / fmean(counts))
