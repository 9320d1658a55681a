"""What state each task was in at an instant: beginning, end, stays, ledger. Pure.

The rules are design.md's "Beginning", "End" and "State, at an instant t". Every figure about
states folds the same stays, so no two of them can disagree.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

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
        return Lifetimes(begin=self.begin[mask], end=self.end[mask], settled=self.settled[mask])


@dataclass(frozen=True)
class Stay:
    """Tasks `rows` were in `state` at each instant t with after < t <= until."""

    state: str
    rows: NDArray[np.intp]
    after: Instants
    until: Instants


def lifetimes(tasks: Tasks) -> Lifetimes:
    """Beginning, end and settling of each task, with design.md's repairs."""
    ended = tasks.is_status(*ENDED_STATUSES)
    begin = _begin(tasks)
    end = np.where(ended, np.maximum(_known_end(tasks, begin), begin), NEVER)
    changed = np.maximum(np.maximum(tasks.created, tasks.started), tasks.updated)
    return Lifetimes(begin=begin, end=end, settled=np.where(ended, end, changed))


def _begin(tasks: Tasks) -> Instants:
    others = [_or(times, NEVER) for times in (tasks.started, tasks.finished, tasks.updated)]
    earliest = np.minimum(np.minimum(others[0], others[1]), others[2])
    waits = tasks.is_status("scheduled", "retrying")
    last_resort = np.where(waits, ALWAYS, _or(tasks.eligible, ALWAYS))
    fallback = np.where(earliest == NEVER, last_resort, earliest)
    return np.where(tasks.created == NULL, fallback, tasks.created)


def _known_end(tasks: Tasks, begin: Instants) -> Instants:
    updated = np.where(tasks.updated == NULL, begin, tasks.updated)
    return np.where(tasks.finished == NULL, updated, tasks.finished)


def _or(times: Instants, default: int) -> Instants:
    return np.where(times == NULL, default, times)


def lived(life: Lifetimes, start: int, end: int) -> Mask:
    """Which tasks were there at some instant of the window [start, end)."""
    return (life.begin < end) & (life.end >= start)


def open_at(life: Lifetimes, instant: int) -> int:
    """How many tasks were there and had not ended."""
    return int(np.count_nonzero((life.begin < instant) & (life.end >= instant)))


def stays(tasks: Tasks, life: Lifetimes) -> Iterator[Stay]:
    """Every stay of every task in every state but the ended ones."""
    started = _or(tasks.started, NEVER)
    eligible = _or(tasks.eligible, ALWAYS)
    waited = np.minimum(life.settled, started)
    begin = life.begin
    yield _stay("processing", np.maximum(begin, started), life.settled)
    yield _stay("queued", np.maximum(begin, eligible), waited)
    yield _stay("scheduled", begin, np.minimum(waited, eligible))
    yield from _present_stays(tasks, life)


def _present_stays(tasks: Tasks, life: Lifetimes) -> Iterator[Stay]:
    """The stays of open tasks in the state that their row's status tells."""
    since = np.maximum(life.begin, life.settled)
    for state in ("processing", "retrying"):
        yield _open_stay(state, tasks.is_status(state), since, None)
    scheduled = tasks.is_status("scheduled")
    waits = scheduled | tasks.is_status("queued")
    due = np.where(tasks.eligible == NULL, np.where(scheduled, NEVER, ALWAYS), tasks.eligible)
    yield _open_stay("scheduled", waits, since, due)
    yield _open_stay("queued", waits, np.maximum(since, due), None)


def _open_stay(state: str, mask: Mask, after: Instants, until: Instants | None) -> Stay:
    rows = np.flatnonzero(mask)
    begin = after[rows]
    end = np.full(len(rows), NEVER) if until is None else until[rows]
    real = begin < end
    return Stay(state, rows[real], begin[real], end[real])


def _stay(state: str, after: Instants, until: Instants) -> Stay:
    rows = np.flatnonzero(after < until)
    return Stay(state, rows, after[rows], until[rows])


def state_counts(
    all_stays: tuple[Stay, ...], passed: Callable[[Instants], NDArray[np.intp]], size: int
) -> Mapping[str, NDArray[np.int64]]:
    """How many tasks were in each open state at each of `size` ascending instants.

    `passed` tells of each instant given how many of those `size` are not after it.
    """
    counts = {state: np.zeros(size, np.int64) for state in OPEN_STATES}
    for stay in all_stays:
        entered, left = passed(stay.after), passed(stay.until)
        counts[stay.state] += _running(entered, size) - _running(left, size)
    return counts


def _running(first: NDArray[np.intp], length: int) -> NDArray[np.int64]:
    return np.cumsum(np.bincount(first, minlength=length + 1)[:length])


def states_at(all_stays: tuple[Stay, ...], instant: int, size: int) -> NDArray[np.int8]:
    """The state of each of `size` tasks at an instant, as index of STATUSES; else NOWHERE."""
    states = np.full(size, NOWHERE, np.int8)
    for stay in all_stays:
        there = (stay.after < instant) & (instant <= stay.until)
        states[stay.rows[there]] = STATUS_CODE[stay.state]
    return states
