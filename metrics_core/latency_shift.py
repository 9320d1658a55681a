"""How sure a shift of a percentile is, by what a snapshot tells of a latency's spread. Pure."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from metrics_core.change_score import SMALLEST_RATIO, Rate, log_score, share_score
from metrics_core.document import BinLatency, Latency
from metrics_core.latency import BUCKET_EDGES_MS, percentile_index

EDGES = [int(edge) for edge in BUCKET_EDGES_MS]
NORMAL_QUANTILE = {50: 0.0, 95: 1.645, 99: 2.326}
TAIL_ERROR = 2.113
"""sqrt(0.95 * 0.05) / density(1.645): the standard error of a normal's p95, times sqrt(n)."""
LEAST_SPREAD = 0.5
LEAST_AGE_SPREAD = 0.75
SMALLEST_SAMPLE = 100
"""Below it a p95 is one of the five largest values, and no formula for its error holds."""


@dataclass(frozen=True)
class Distribution:
    """The samples of one latency as far as known: how many lie below some values, exactly at
    bucket edges and percentiles, and in between as if even on a logarithmic scale.
    """

    latency: Latency
    known: tuple[tuple[float, float], ...]
    """(value in ms, samples below it), ascending in both."""

    @classmethod
    def of(cls, latency: Latency, bins: Iterable[BinLatency]) -> "Distribution":
        """Of the window's figures and of its bins' bucket counts."""
        points = [*_edges(bins), *_percentiles(latency)]
        return cls(latency, tuple(sorted(points)))

    def percentile(self, q: int) -> int | None:
        return {50: self.latency.p50, 95: self.latency.p95, 99: self.latency.p99}[q]

    def above(self, ms: float) -> Rate:
        """About how many of the samples are longer."""
        n, place = self.latency.samples, bisect_right(self.known, (ms, math.inf))
        if place in (0, len(self.known)):
            return Rate(n if place == 0 else 0, n)
        (left, least), (right, most) = self.known[place - 1 : place + 1]
        part = (math.log1p(ms) - math.log1p(left)) / (math.log1p(right) - math.log1p(left))
        return Rate(n - (least + part * (most - least)), n)

    def beyond(self, q: int) -> Rate:
        """How many of the samples lie beyond the q-th percentile; half of that one itself."""
        n = self.latency.samples
        return Rate(n - percentile_index(n, q) - 0.5, n)

    @property
    def spread(self) -> float:
        """The standard deviation of the logarithm, were it normal: by the widest two percentiles.

        At least LEAST_SPREAD, so that latencies that hardly vary do not make each ms a change.
        """
        steps = [(q, ms) for q in NORMAL_QUANTILE if (ms := self.percentile(q)) is not None]
        widths = [
            (math.log1p(slow) - math.log1p(fast)) / (NORMAL_QUANTILE[high] - NORMAL_QUANTILE[low])
            for (low, fast), (high, slow) in pairwise(steps)
        ]
        return max(LEAST_SPREAD, *widths) if widths else LEAST_SPREAD


def _edges(bins: Iterable[BinLatency]) -> list[tuple[float, float]]:
    buckets: Counter[int] = Counter()
    for each in bins:
        buckets.update({int(edge): count for edge, count in each.buckets.items()})
    points, below = [], 0
    for edge in sorted(buckets):
        points.append((float(edge), float(below)))
        below += buckets[edge]
        points += [(float(end), float(below)) for end in EDGES[bisect_right(EDGES, edge) :][:1]]
    return points


def _percentiles(latency: Latency) -> list[tuple[float, float]]:
    n = latency.samples
    asked = ((latency.p50, 50), (latency.p95, 95), (latency.p99, 99), (latency.max, 100))
    return [(float(ms), percentile_index(n, q) + 0.5) for ms, q in asked if ms is not None]


def percentile_score(before: Distribution, after: Distribution, q: int) -> float:
    """The control percentile test (Mathisen 1943), both ways, of which the less sure one counts.

    One way: how many of the slower side's samples lie beyond SMALLEST_RATIO times the faster side's
    percentile, against how many of the faster side's lie beyond it; the other way round likewise.
    """
    old, new = before.percentile(q), after.percentile(q)
    if old is None or new is None:
        return 0.0
    fast, slow = (before, after) if new > old else (after, before)
    low, high = sorted((old, new))
    if high <= SMALLEST_RATIO * low:
        return 0.0
    score = min(
        share_score(fast.beyond(q), slow.above(SMALLEST_RATIO * low)),
        share_score(fast.above(high / SMALLEST_RATIO), slow.beyond(q)),
    )
    return max(score, 0.0) if new > old else -max(score, 0.0)


@dataclass(frozen=True)
class Part:
    """The p95 of one value of a dimension, and how many tasks it is of."""

    p95: int
    n: int


def part_score(before: Part, after: Part, spread: float) -> float:
    """The p95 of a part, of which no distribution is known: it is taken to spread as the whole.

    Of a log-normal with this spread the logarithm of p95 has a standard error of
    TAIL_ERROR * spread / sqrt(n). 0 where a side has less than SMALLEST_SAMPLE.
    """
    if min(before.n, after.n) < SMALLEST_SAMPLE:
        return 0.0
    variance = (TAIL_ERROR * spread) ** 2 * (1 / before.n + 1 / after.n)
    return log_score(max(before.p95, 1), max(after.p95, 1), variance)


def age_score(before_ms: int, after_ms: int, typical_ms: int, spread: float) -> float:
    """The age of the oldest open task, as if it were one draw of that latency on each side.

    Below the typical latency (its p50) all ages count as that: a task that came just now is no
    sign of a fast queue. It spreads at least by LEAST_AGE_SPREAD: the oldest may be one that will
    fail, and failures, which may run to a time limit, are in no latency.
    """
    variance = 2 * max(spread, LEAST_AGE_SPREAD) ** 2
    least = max(typical_ms, 1)
    return log_score(max(before_ms, least), max(after_ms, least), variance)
