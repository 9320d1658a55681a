"""What state each task was in at an instant: beginning, end, stays, ledger. Pure.

The rules are design.md's "Beginning", "End" and "State, at an instant t". Every figure about
states folds the same stays, so no two of them can disagree.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics_core.source import ENDED_STATUSES
from metrics_core.tasks import NULL, STATUS_CODE, Instants, Mask, Tasks

ALWAYS = -(2**62)
NEVER = 2**62
OPEN_STATES = ("queued", "processing", "scheduled", "retrying")
NOWHERE = -1


@dataclass(frozen=True, kw_only=True)
class Lifetimes:
    """Of each task: its beginning (ALWAYS where none is known), its end (NEVER on an open one),
    and the last instant at which its row's status does not yet tell its state.
    """

    begin: Instants
    end: Instants
    settled: Instants

    def where(self, mask: Mask) -> "Lifetimes":
        """The tasks for which `mask` is true; the same value where that is every one."""
        if mask.all():
            return self
        return Lifetimes(begin=self.begin[mask], end=self.end[mask], settled=self.settled[mask])


Moments = NDArray[np.integer[Any]]
"""Instants, or how many bins have ended at each of them: the order is the same."""


@dataclass(frozen=True)
class Stay:
    """Tasks `rows` (None is all) were in `state` at each moment t with after < t <= until."""

    state: str
    rows: NDArray[np.intp] | None
    after: Moments
    until: Moments


def lifetimes(tasks: Tasks) -> Lifetimes:
    """Beginning, end and settling of each task, with design.md's repairs."""
    ended = tasks.is_status(*ENDED_STATUSES)
    begin = _begin(tasks)
    end = np.where(ended, np.maximum(_known_end(tasks, begin), begin), NEVER)
    changed = np.maximum(np.maximum(tasks.created, tasks.started), _or(tasks.updated, ALWAYS))
    return Lifetimes(begin=begin, end=end, settled=np.where(ended, end, changed))


def _begin(tasks: Tasks) -> Instants:
    unknown = tasks.created == NULL
    if not unknown.any():
        return tasks.created
    return np.where(unknown, _begin_otherwise(tasks), tasks.created)


def _begin_otherwise(tasks: Tasks) -> Instants:
    """The beginning of tasks without created_at."""
    others = [_or(times, NEVER) for times in (tasks.started, tasks.finished, tasks.updated)]
    earliest = np.minimum(np.minimum(others[0], others[1]), others[2])
    waits = tasks.is_status("scheduled", "retrying")
    last_resort = np.where(waits, ALWAYS, _or(tasks.eligible, ALWAYS))
    return np.where(earliest == NEVER, last_resort, earliest)


def _known_end(tasks: Tasks, begin: Instants) -> Instants:
    unknown = tasks.finished == NULL
    if not unknown.any():
        return tasks.finished
    updated = np.where(tasks.updated == NULL, begin, tasks.updated)
    return np.where(unknown, updated, tasks.finished)


def _or(times: Instants, default: int) -> Instants:
    return np.where(times == NULL, default, times)


def lived(life: Lifetimes, start: int, end: int) -> Mask:
    """Which tasks were there at some instant of the window [start, end)."""
    return (life.begin < end) & (life.end >= start)


def open_at(life: Lifetimes, instant: int) -> int:
    """How many tasks were there and had not ended."""
    return int(np.count_nonzero((life.begin < instant) & (life.end >= instant)))


def stays(
    tasks: Tasks,
    life: Lifetimes,
    moments: Callable[[Instants], Moments] = lambda instants: instants,
) -> Iterator[Stay]:
    """Every stay of every task in every state but the ended ones; some last no moment."""
    begin, settled = moments(life.begin), moments(life.settled)
    started = moments(_or(tasks.started, NEVER))
    waited = np.minimum(settled, started)
    yield Stay("processing", None, np.maximum(begin, started), settled)
    if "eligible_at" in tasks.columns:
        eligible = moments(_or(tasks.eligible, ALWAYS))
        yield Stay("queued", None, np.maximum(begin, eligible), waited)
        yield Stay("scheduled", None, begin, np.minimum(waited, eligible))
    else:
        yield Stay("queued", None, begin, waited)
    yield from _present_stays(tasks, np.maximum(begin, settled), moments)


def _present_stays(
    tasks: Tasks, since: Moments, moments: Callable[[Instants], Moments]
) -> Iterator[Stay]:
    """The stays of open tasks in the state that their row's status tells."""
    never = moments(np.array([NEVER]))
    for state in ("processing", "retrying"):
        rows = np.flatnonzero(tasks.is_status(state))
        yield Stay(state, rows, since[rows], never)
    rows = np.flatnonzero(tasks.is_status("scheduled", "queued"))
    eligible = tasks.eligible[rows]
    undated = np.where(tasks.is_status("scheduled")[rows], NEVER, ALWAYS)
    due = moments(np.where(eligible == NULL, undated, eligible))
    yield Stay("scheduled", rows, since[rows], due)
    yield Stay("queued", rows, np.maximum(since[rows], due), never)


def state_counts(all_stays: tuple[Stay, ...], size: int) -> Mapping[str, NDArray[np.int64]]:
    """How many tasks were in each open state at each of the moments 1 to `size`."""
    changes = {state: np.zeros(size, np.int64) for state in OPEN_STATES}
    for stay in all_stays:
        left = np.maximum(stay.after, stay.until)
        changes[stay.state] += _tally(stay.after, size) - _tally(left, size)
    return {state: np.cumsum(change) for state, change in changes.items()}


def _tally(moments: Moments, size: int) -> NDArray[np.int64]:
    """How many tasks have each of the moments 0 to `size` - 1."""
    return np.bincount(moments, minlength=size)[:size]


def states_at(all_stays: tuple[Stay, ...], moment: int, size: int) -> NDArray[np.int8]:
    """The state of each of `size` tasks at a moment, as index of STATUSES; else NOWHERE."""
    states = np.full(size, NOWHERE, np.int8)
    for stay in all_stays:
        there = (stay.after < moment) & (moment <= stay.until)
        chosen = there if stay.rows is None else stay.rows[there]
        states[chosen] = STATUS_CODE[stay.state]
    return states
