"""Latencies: which tasks have one, percentiles that are members, buckets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics_core.document import Latency
from metrics_core.source import TIME_TO_PROCESSING
from metrics_core.tasks import NULL, Instants, Mask, Tasks

PERCENTILE_METHOD = "sorted[min(n * q // 100, n - 1)]"
LATENCY_BITS = 53
LARGEST_MS = 2**LATENCY_BITS - 1
BUCKET_EDGES_MS = np.array([0, *(m * 10**k for k in range(16) for m in (1, 2, 5))], np.int64)


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Latencies in whole ms of the tasks `rows`; `negative` are the rows whose one was dropped."""

    rows: NDArray[np.intp]
    ms: NDArray[np.int64]
    negative: NDArray[np.intp]

    @classmethod
    def none(cls) -> "Samples":
        rows = np.empty(0, np.intp)
        return cls(rows=rows, ms=np.empty(0, np.int64), negative=rows)


def lacks_time_to_processing(columns: frozenset[str]) -> str | None:
    """The column for want of which time to processing is not measurable."""
    needed = ("created_at", "started_at", TIME_TO_PROCESSING)
    return next((name for name in needed if name not in columns), None)


def lacks_time_to_complete(columns: frozenset[str]) -> str | None:
    """The column for want of which time to complete is not measurable."""
    if "duration_ms" in columns:
        return None
    return next((name for name in ("started_at", "finished_at") if name not in columns), None)


def cohort(tasks: Tasks, completed: Mask) -> Mask:
    """The completed tasks whose run is known: both its times, or its duration."""
    timed: Mask = (tasks.started != NULL) & (tasks.finished != NULL)
    known: Mask = timed | ~np.isnan(tasks.duration_ms)
    return completed & known


def queue_entry(tasks: Tasks) -> Instants:
    """max(created, eligible) of each task; NULL where created is unknown."""
    return np.where(tasks.created == NULL, NULL, np.maximum(tasks.created, tasks.eligible))


def time_to_processing(tasks: Tasks, measured: Mask) -> Samples:
    """started - max(created, eligible) of the tasks of the cohort that have both."""
    if lacks_time_to_processing(tasks.columns):
        return Samples.none()
    entry = queue_entry(tasks)
    rows = np.flatnonzero(measured & (entry != NULL) & (tasks.started != NULL))
    return _judged(rows, tasks.started[rows] - entry[rows])


def time_to_complete(tasks: Tasks, measured: Mask) -> Samples:
    """duration_ms, else finished - started, of the tasks of the cohort."""
    if lacks_time_to_complete(tasks.columns):
        return Samples.none()
    rows = np.flatnonzero(measured)
    run_us = tasks.finished[rows] - tasks.started[rows]
    duration_ms = tasks.duration_ms[rows]
    given = ~np.isnan(duration_ms)
    ms = np.where(given, np.floor(np.where(given, duration_ms, 0)).astype(np.int64), run_us // 1000)
    return _split(rows, ms, negative=np.where(given, duration_ms < 0, run_us < 0))


def _judged(rows: NDArray[np.intp], micros: Instants) -> Samples:
    return _split(rows, micros // 1000, negative=micros < 0)


def _split(rows: NDArray[np.intp], ms: NDArray[np.int64], *, negative: Mask) -> Samples:
    kept = np.minimum(ms[~negative], LARGEST_MS)
    return Samples(rows=rows[~negative], ms=kept, negative=rows[negative])


def percentile_index(n: int, q: int) -> int:
    """The 0-based place of the q-th percentile among n > 0 sorted values.

    >>> percentile_index(80, 50), percentile_index(80, 95), percentile_index(1, 99)
    (40, 76, 0)
    """
    return min(n * q // 100, n - 1)


def latency(ms: NDArray[np.int64]) -> Latency:
    """Percentiles, mean and maximum of samples in any order."""
    n = len(ms)
    if not n:
        return Latency(p50=None, p95=None, avg=None, samples=0, p99=None, max=None)
    ordered = np.sort(ms)
    p50, p95, p99 = (int(ordered[percentile_index(n, q)]) for q in (50, 95, 99))
    return Latency(
        p50=p50, p95=p95, avg=exact_sum(ms) // n, samples=n, p99=p99, max=int(ordered[-1])
    )


def exact_sum(values: NDArray[np.int64]) -> int:
    """The sum of up to 2**31 values below 2**53, beyond what int64 can hold."""
    return int((values >> 32).sum()) * 2**32 + int((values & 0xFFFFFFFF).sum())


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """Samples ordered by group and then by size; group g lies in [starts[g], starts[g + 1])."""

    ms: NDArray[np.int64]
    starts: NDArray[np.intp]

    @classmethod
    def by(cls, ms: NDArray[np.int64], groups: NDArray[np.intp], size: int) -> "Grouped":
        """The samples, each in one of `size` groups; at most 1024."""
        # One sort of one number each, the group above the latency's bits, is the fastest there is.
        ordered = np.sort((groups.astype(np.int64) << LATENCY_BITS) | ms) & LARGEST_MS
        starts = np.concatenate(([0], np.cumsum(np.bincount(groups, minlength=size))))
        return cls(ms=ordered, starts=starts)

    def samples(self, group: int) -> int:
        return int(self.starts[group + 1] - self.starts[group])

    def percentile(self, group: int, q: int) -> int | None:
        n = self.samples(group)
        return int(self.ms[self.starts[group] + percentile_index(n, q)]) if n else None

    def buckets(self, group: int) -> Mapping[str, int]:
        """Samples of a group by their bucket's lower edge in ms, ascending, only those filled."""
        counts = self._bucket_counts[group]
        return {str(BUCKET_EDGES_MS[b]): int(counts[b]) for b in np.flatnonzero(counts)}

    @cached_property
    def _bucket_counts(self) -> NDArray[np.intp]:
        """Samples by group and bucket, in one pass."""
        size, edges = len(self.starts) - 1, len(BUCKET_EDGES_MS)
        groups = np.repeat(np.arange(size), np.diff(self.starts))
        buckets = np.searchsorted(BUCKET_EDGES_MS, self.ms, "right") - 1
        return np.bincount(groups * edges + buckets, minlength=size * edges).reshape(size, edges)
