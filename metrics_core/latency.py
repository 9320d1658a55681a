"""Latencies: which tasks have one, percentiles that are members, buckets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics_core.document import Latency
from metrics_core.source import TIME_TO_PROCESSING
from metrics_core.tasks import NULL, Instants, Mask, Tasks

PERCENTILE_METHOD = "sorted[min(n * q // 100, n - 1)]"
LATENCY_BITS = 53
LARGEST_MS = 2**LATENCY_BITS - 1
BUCKET_EDGES_MS = np.array([0, *(m * 10**k for k in range(16) for m in (1, 2, 5))], np.int64)
BUCKET_NAMES = tuple(str(edge) for edge in BUCKET_EDGES_MS)


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
    unknown = tasks.created == NULL
    entry = np.maximum(tasks.created, tasks.eligible)
    entry[unknown] = NULL
    return entry


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
    if "duration_ms" not in tasks.columns:
        return _judged(rows, run_us)
    duration_ms = tasks.duration_ms[rows]
    given = ~np.isnan(duration_ms)
    ms = np.where(given, np.floor(np.where(given, duration_ms, 0)).astype(np.int64), run_us // 1000)
    return _split(rows, ms, negative=np.where(given, duration_ms < 0, run_us < 0))


def _judged(rows: NDArray[np.intp], micros: Instants) -> Samples:
    return _split(rows, micros // 1000, negative=micros < 0)


def _split(rows: NDArray[np.intp], ms: NDArray[np.int64], *, negative: Mask) -> Samples:
    dropped = rows[negative]
    if len(dropped):
        rows, ms = rows[~negative], ms[~negative]
    return Samples(rows=rows, ms=np.minimum(ms, LARGEST_MS), negative=dropped)


def percentile_index(n: int, q: int) -> int:
    """The 0-based place of the q-th percentile among n > 0 sorted values.

    >>> percentile_index(80, 50), percentile_index(80, 95), percentile_index(1, 99)
    (40, 76, 0)
    """
    return min(n * q // 100, n - 1)


def percentile_indexes(n: NDArray[np.intp], q: int) -> NDArray[np.intp]:
    """The `percentile_index` of each n."""
    return np.minimum(n * q // 100, n - 1)


def latency(ms: NDArray[np.int64]) -> Latency:
    """Percentiles, mean and maximum of samples in any order."""
    n = len(ms)
    if not n:
        return Latency(p50=None, p95=None, avg=None, samples=0, p99=None, max=None)
    ordered = np.sort(ms.astype(np.int32) if ms.max() < 2**31 else ms)
    p50, p95, p99 = (int(ordered[percentile_index(n, q)]) for q in (50, 95, 99))
    return Latency(
        p50=p50, p95=p95, avg=exact_sum(ms) // n, samples=n, p99=p99, max=int(ordered[-1])
    )


def exact_sum(values: NDArray[np.int64]) -> int:
    """The sum of up to 2**31 values, beyond what int64 can hold."""
    return int((values >> 32).sum()) * 2**32 + int((values & 0xFFFFFFFF).sum())


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """Samples as sorted keys, each its group above `bits` bits of latency."""

    keys: NDArray[np.integer[Any]]
    bits: int
    starts: NDArray[np.intp]
    """Group g lies in [starts[g], starts[g + 1])."""

    @classmethod
    def by(cls, ms: NDArray[np.int64], groups: NDArray[np.integer[Any]], size: int) -> "Grouped":
        """The samples, each in one of `size` groups; at most 1000."""
        # One sort of one number each is the fastest there is, and of 32 bits twice as fast.
        bits = int(ms.max(initial=0)).bit_length()
        fits = (size << bits) < 2**31
        wide = (groups.astype(np.int64) << bits) | ms
        keys = np.sort(wide.astype(np.int32) if fits else wide)
        firsts = (np.arange(size + 1) << bits).astype(keys.dtype)
        return cls(keys=keys, bits=bits, starts=np.searchsorted(keys, firsts))

    @property
    def samples(self) -> list[int]:
        """How many samples each group has."""
        counts: list[int] = self._sizes.tolist()
        return counts

    @cached_property
    def _sizes(self) -> NDArray[np.intp]:
        return self.starts[1:] - self.starts[:-1]

    @cached_property
    def _filled(self) -> NDArray[np.intp]:
        """The groups that have samples."""
        return np.flatnonzero(self._sizes)

    def percentiles(self, q: int) -> list[int | None]:
        """The q-th percentile of each group; None where it has no samples."""
        filled = self._filled
        places = self.starts[filled] + percentile_indexes(self._sizes[filled], q)
        found = np.full(len(self._sizes), None)
        found[filled] = self.keys[places] - (filled << self.bits)
        listed: list[int | None] = found.tolist()
        return listed

    def buckets(self) -> list[Mapping[str, int]]:
        """Samples of each group by bucket's lower edge in ms, ascending, only those filled."""
        found: list[dict[str, int]] = [{} for _ in self.samples]
        groups, edges = np.nonzero(self._bucket_counts)
        counts = self._bucket_counts[groups, edges]
        filled = zip(groups.tolist(), edges.tolist(), counts.tolist(), strict=True)
        for group, edge, count in filled:
            found[group][BUCKET_NAMES[edge]] = count
        return [*found]

    @cached_property
    def _bucket_counts(self) -> NDArray[np.intp]:
        """Samples by group and bucket: among sorted keys each edge is sought once a group."""
        edges = BUCKET_EDGES_MS[1 << self.bits > BUCKET_EDGES_MS]
        groups = np.arange(len(self.starts) - 1)[:, np.newaxis] << self.bits
        firsts = np.searchsorted(self.keys, (groups + edges).astype(self.keys.dtype))
        return np.diff(firsts, axis=1, append=self.starts[1:, np.newaxis])
