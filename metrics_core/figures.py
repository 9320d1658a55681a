"""Figures: what all parts of one snapshot share: the tasks that lived, their flow and states.

Made once a snapshot; series, breakdowns, errors and backlog only fold it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics_core.document import TaskCounts
from metrics_core.latency import Samples, cohort, time_to_complete, time_to_processing
from metrics_core.source import ENDED_STATUSES, Source
from metrics_core.states import OPEN_STATES, Lifetimes, Stay, states_at, stays
from metrics_core.tasks import STATUS_CODE, Instants, Mask, Tasks
from metrics_core.window import Bin, Window, epoch_us

OPTIONAL_STATES = ("scheduled", "retrying")
NOT_COUNTED: Mapping[str, Any] = dict.fromkeys(TaskCounts.model_fields)


@dataclass(frozen=True)
class Figures:
    """The tasks that lived in a window, and of each whether it began or ended there."""

    source: Source
    window: Window
    tasks: Tasks
    life: Lifetimes

    @cached_property
    def start(self) -> int:
        return epoch_us(self.window.start)

    @cached_property
    def end(self) -> int:
        return epoch_us(self.window.end)

    @cached_property
    def created(self) -> Mask:
        """Which tasks began in the window."""
        return self.life.begin >= self.start

    @cached_property
    def ended(self) -> Mask:
        """Which tasks ended in the window."""
        return self.life.end < self.end

    @cached_property
    def ended_as(self) -> Mapping[str, Mask]:
        """Which tasks ended in the window, by status."""
        return {status: self.ended & self.tasks.is_status(status) for status in ENDED_STATUSES}

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """All stays, their moments being the bins' ends: moment n is the end of the n-th bin."""
        return tuple(stays(self.tasks, self.life, self.bins_passed))

    @cached_property
    def states_at_end(self) -> NDArray[np.int8]:
        """The state of each task at the window's end."""
        return states_at(self.stays, len(self.bins), len(self.tasks))

    @cached_property
    def outcomes(self) -> NDArray[np.int8]:
        """What became of each task, as index of STATUSES: how it ended, or its state at the end."""
        return np.where(self.ended, self.tasks.status, self.states_at_end)

    @cached_property
    def open_counts(self) -> Mapping[str, int]:
        """How many tasks are in each open state at the window's end."""
        counts = {s: np.count_nonzero(self.states_at_end == STATUS_CODE[s]) for s in OPEN_STATES}
        return {state: int(count) for state, count in counts.items()}

    @cached_property
    def time_to_processing(self) -> Samples:
        if self.lacks("latency.timeToProcessingMs"):
            return Samples.none()
        return time_to_processing(self.tasks, self._cohort)

    @cached_property
    def time_to_complete(self) -> Samples:
        if self.lacks("latency.timeToCompleteMs"):
            return Samples.none()
        return time_to_complete(self.tasks, self._cohort)

    @cached_property
    def _cohort(self) -> Mask:
        return cohort(self.tasks, self.ended_as["completed"])

    @cached_property
    def bins(self) -> tuple[Bin, ...]:
        return tuple(self.window.bins())

    def bin_of(self, instants: Instants) -> NDArray[np.intp]:
        """The bin of each instant; all lie in the window."""
        bins = instants - self._first_bin
        bins //= self._bin_width
        return bins

    def bins_passed(self, instants: Instants) -> NDArray[np.int8]:
        """How many bins ended at or before each instant; of the window's own that is their bin."""
        passed = self.bin_of(instants)
        np.maximum(passed, 0, out=passed)
        passed[instants >= self.end] = len(self.bins)
        return passed.astype(np.int8)

    @cached_property
    def end_bins(self) -> NDArray[np.int8]:
        """The bin in which each task ended, if it ended in the window."""
        return self.bins_passed(self.life.end)

    @cached_property
    def _bin_width(self) -> int:
        return self.window.bin_seconds * 1_000_000

    @cached_property
    def _first_bin(self) -> int:
        """The beginning of the first bin, were it not partial."""
        return self.start - self.start % self._bin_width

    def bin_counts(self, instants: Instants) -> NDArray[np.int64]:
        """How many of the instants, all in the window, lie in each bin."""
        return np.bincount(self.bin_of(instants), minlength=len(self.bins))

    def end_counts(self, ended: Mask | NDArray[np.intp]) -> NDArray[np.int64]:
        """How many of these tasks, all ended in the window, did so in each bin."""
        return np.bincount(self.end_bins[ended], minlength=len(self.bins))

    @cached_property
    def knows_created(self) -> bool:
        return "created_at" in self.tasks.columns

    @cached_property
    def optional_states(self) -> tuple[str, ...]:
        """Which of scheduled and retrying this source has."""
        return tuple(state for state in OPTIONAL_STATES if self._has(state))

    def _has(self, state: str) -> bool:
        by_time = state == "scheduled" and "eligible_at" in self.tasks.columns
        return by_time or state in self.source.statuses or bool(self.tasks.is_status(state).any())

    def task_counts(self, counts: Mapping[str, int]) -> TaskCounts:
        """The counts by name; null or absent where this source has no such figure."""
        return TaskCounts(**self.known_counts(counts))

    def known_counts(self, counts: Mapping[str, Any]) -> dict[str, Any]:
        """The members of `task_counts`, or of many: each count may be a column of them."""
        return {**NOT_COUNTED, **{name: counts[name] for name in self._counted}}

    @cached_property
    def _counted(self) -> tuple[str, ...]:
        """The counts that this source can give."""
        created = ("created",) if self.knows_created else ()
        names = (*created, *ENDED_STATUSES, "processing", "queued", *self.optional_states)
        return tuple(name for name in names if not self.lacks(f"tasks.{name}"))

    def lacks(self, figure: str) -> bool:
        """Whether the source states that it cannot give this figure."""
        return figure in self.source.not_measurable


def ratio(part: int, whole: int) -> float | None:
    """part / whole to 6 digits; null of nothing."""
    return round(part / whole, 6) if whole else None
