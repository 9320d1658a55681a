"""The series: one entry a bin, all bins in one pass. Pure."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from metrics_core.document import BinLatency, SeriesBin
from metrics_core.figures import Figures
from metrics_core.latency import Grouped, Samples
from metrics_core.states import state_counts


def series(figures: Figures) -> tuple[SeriesBin, ...]:
    """Flow, states at its end and latencies of each bin of the window."""
    counts = {**_flow(figures), **_states(figures)}
    waits = _by_bin(figures, figures.time_to_processing)
    runs = _by_bin(figures, figures.time_to_complete)
    return tuple(
        SeriesBin(
            from_=part.start,
            to=part.end,
            partial=part.partial,
            tasks=figures.task_counts({name: int(column[i]) for name, column in counts.items()}),
            time_to_processing_ms=_bin_latency(waits, i),
            time_to_complete_ms=_bin_latency(runs, i),
        )
        for i, part in enumerate(figures.bins)
    )


def _flow(figures: Figures) -> dict[str, NDArray[np.int64]]:
    ended = {status: figures.end_counts(mask) for status, mask in figures.ended_as.items()}
    return {"created": figures.bin_counts(figures.life.begin[figures.created])} | ended


def _states(figures: Figures) -> Mapping[str, NDArray[np.int64]]:
    return state_counts(figures.stays, len(figures.bins))


def _by_bin(figures: Figures, samples: Samples) -> Grouped:
    return Grouped.by(samples.ms, figures.end_bins[samples.rows], len(figures.bins))


def _bin_latency(grouped: Grouped, index: int) -> BinLatency:
    p50, p95, p99 = (grouped.percentile(index, q) for q in (50, 95, 99))
    return BinLatency(
        p50=p50,
        p95=p95,
        p99=p99,
        samples=grouped.samples(index),
        buckets=grouped.buckets(index),
    )
