"""The series: one entry a bin, all bins in one pass. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from metrics_core.document import SeriesBin
from metrics_core.figures import Figures
from metrics_core.latency import Grouped, Samples
from metrics_core.states import state_counts

# One call makes and checks all bins: a call for each of their parts takes half as long again.
SERIES = TypeAdapter(tuple[SeriesBin, ...])


def series(figures: Figures) -> tuple[SeriesBin, ...]:
    """Flow, states at its end and latencies of each bin of the window."""
    counts = _task_counts(figures)
    waits = _latencies(figures, figures.time_to_processing)
    runs = _latencies(figures, figures.time_to_complete)
    return SERIES.validate_python(
        tuple(
            {
                "from_": part.start,
                "to": part.end,
                "partial": part.partial,
                "tasks": tasks,
                "time_to_processing_ms": wait,
                "time_to_complete_ms": run,
            }
            for part, tasks, wait, run in zip(figures.bins, counts, waits, runs, strict=True)
        )
    )


def _task_counts(figures: Figures) -> Iterator[Mapping[str, int | None]]:
    """The flow of each bin and the states at its end."""
    columns = figures.known_counts({**_flow(figures), **_states(figures)})
    none = [None] * len(figures.bins)
    listed = [none if column is None else column.tolist() for column in columns.values()]
    for counts in zip(*listed, strict=True):
        yield dict(zip(columns, counts, strict=True))


def _flow(figures: Figures) -> dict[str, NDArray[np.int64]]:
    ended = {status: figures.end_counts(mask) for status, mask in figures.ended_as.items()}
    return {"created": figures.bin_counts(figures.life.begin[figures.created])} | ended


def _states(figures: Figures) -> Mapping[str, NDArray[np.int64]]:
    return state_counts(figures.stays, len(figures.bins))


def _latencies(figures: Figures, samples: Samples) -> Iterator[Mapping[str, Any]]:
    """One latency of each bin."""
    grouped = Grouped.by(samples.ms, figures.end_bins[samples.rows], len(figures.bins))
    columns = (*map(grouped.percentiles, (50, 95, 99)), grouped.samples, grouped.buckets())
    for p50, p95, p99, n, buckets in zip(*columns, strict=True):
        yield {"p50": p50, "p95": p95, "p99": p99, "samples": n, "buckets": buckets}
