"""Runs: the tasks that completed or failed in a window, their mean run time, their cost. Pure."""

import numpy as np
from numpy.typing import NDArray

from metrics_core.backlog import cost_of
from metrics_core.document import Runs
from metrics_core.figures import Figures
from metrics_core.latency import exact_sum, lacks_time_to_complete
from metrics_core.tasks import NULL, Mask, Tasks


def runs(figures: Figures) -> Runs:
    """How many runs ended, how long they took on average, what they cost."""
    ended = figures.ended_as["completed"] | figures.ended_as["failed"]
    micros = _run_times_us(figures.tasks, ended)
    return Runs(
        count=int(np.count_nonzero(ended)),
        avg_latency_ms=_mean_ms(micros),
        latency_samples=len(micros),
        cost=cost_of(figures.tasks, ended),
    )


def _run_times_us(tasks: Tasks, ended: Mask) -> NDArray[np.int64]:
    """The run times of those of these tasks that have one, in microseconds, in any order."""
    if lacks_time_to_complete(tasks.columns):
        return np.empty(0, np.int64)
    if "duration_ms" in tasks.columns:
        return _measured_us(tasks.duration_ms[ended])
    known = ended & (tasks.started != NULL) & (tasks.finished != NULL)
    # Over all rows, and chosen once: to gather the rows first takes twice as long.
    micros = tasks.finished - tasks.started
    known &= micros >= 0
    chosen: NDArray[np.int64] = micros[known]
    return chosen


def _measured_us(duration_ms: NDArray[np.float64]) -> NDArray[np.int64]:
    known = duration_ms[duration_ms >= 0]  # no NaN is
    whole = np.floor(known)
    return whole.astype(np.int64) * 1000 + np.rint((known - whole) * 1000).astype(np.int64)


def _mean_ms(micros: NDArray[np.int64]) -> float | None:
    return round(exact_sum(micros) / (1000 * len(micros)), 6) if len(micros) else None
