"""The series: one entry a bin, all bins in one pass. Pure."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from metrics_core.document import BinLatency, SeriesBin
from metrics_core.figures import Figures
from metrics_core.latency import Grouped, Samples
from metrics_core.states import state_counts


def series(figures: Figures) -> tuple[SeriesBin, ...]:
    """Flow, states at its end and latencies of each bin of the window."""
    columns = {**_flow(figures), **_states(figures)}
    counts = zip(*(column.tolist() for column in columns.values()), strict=True)
    waits = _latencies(figures, figures.time_to_processing)
    runs = _latencies(figures, figures.time_to_complete)
    return tuple(
        SeriesBin(
            from_=part.start,
            to=part.end,
            partial=part.partial,
            tasks=figures.task_counts(dict(zip(columns, count, strict=True))),
            time_to_processing_ms=wait,
            time_to_complete_ms=run,
        )
        for part, count, wait, run in zip(figures.bins, counts, waits, runs, strict=True)
    )


def _flow(figures: Figures) -> dict[str, NDArray[np.int64]]:
    ended = {status: figures.end_counts(mask) for status, mask in figures.ended_as.items()}
    return {"created": figures.bin_counts(figures.life.begin[figures.created])} | ended


def _states(figures: Figures) -> Mapping[str, NDArray[np.int64]]:
    return state_counts(figures.stays, len(figures.bins))


def _latencies(figures: Figures, samples: Samples) -> Iterator[BinLatency]:
    """One latency of each bin."""
    grouped = Grouped.by(samples.ms, figures.end_bins[samples.rows], len(figures.bins))
    columns = (*map(grouped.percentiles, (50, 95, 99)), grouped.samples, grouped.buckets())
    for p50, p95, p99, n, buckets in zip(*columns, strict=True):
        yield BinLatency(p50=p50, p95=p95, p99=p99, samples=n, buckets=buckets)
