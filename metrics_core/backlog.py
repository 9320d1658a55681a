"""Backlog, ledger and cost: the single figures of a window. Pure."""

import numpy as np

from metrics_core.document import Backlog, Cost, Ledger, Waiting
from metrics_core.figures import Figures
from metrics_core.latency import exact_sum, queue_entry
from metrics_core.states import open_at
from metrics_core.tasks import NULL, STATUS_CODE, Instants, Mask, Tasks


def backlog(figures: Figures) -> Backlog:
    """What waits at the window's end, and how long the oldest has."""
    return Backlog(queued=_waiting(figures, "queued"), processing=_waiting(figures, "processing"))


def since_of(tasks: Tasks, state: str) -> Instants:
    """Since when each task would be in this state, queued or processing; NULL where unknown."""
    return tasks.started if state == "processing" else queue_entry(tasks)


def age_ms(figures: Figures, since: int) -> int:
    """How long it has been at the window's end."""
    return (figures.end - since) // 1000


def _waiting(figures: Figures, state: str) -> Waiting:
    since = since_of(figures.tasks, state)
    there = figures.states_at_end == STATUS_CODE[state]
    known = there & (since != NULL) & (not figures.lacks(f"backlog.{state}.oldestAgeMs"))
    oldest = int(since[known].min()) if known.any() else None
    return Waiting(
        count=int(np.count_nonzero(there)),
        oldest_age_ms=None if oldest is None else age_ms(figures, oldest),
        oldest_id=None if oldest is None else figures.tasks.least_ids(known & (since == oldest))[0],
        unknown_age=int(np.count_nonzero(there & ~known)),
    )


def ledger(figures: Figures) -> Ledger | None:
    """The window's balance; both its ends are counted by themselves."""
    if not figures.knows_created or figures.lacks("ledger"):
        return None
    opened, closed = open_at(figures.life, figures.start), open_at(figures.life, figures.end)
    created = int(np.count_nonzero(figures.created))
    ended = {name: int(np.count_nonzero(mask)) for name, mask in figures.ended_as.items()}
    return Ledger(
        open_at_from=opened,
        created=created,
        **ended,
        open_at_to=closed,
        difference=opened + created - sum(ended.values()) - closed,
    )


def cost(figures: Figures) -> Cost | None:
    """Cost of the tasks that ended in the window."""
    return cost_of(figures.tasks, figures.ended)


def cost_of(tasks: Tasks, which: Mask) -> Cost | None:
    """Cost of these tasks, in whole millionths of a dollar; null where there is no column."""
    if "cost_usd" not in tasks.columns:
        return None
    usd = tasks.cost_usd[which]
    known = usd[~np.isnan(usd)]
    millionths = exact_sum(np.rint(known * 1e6).astype(np.int64))
    return Cost(usd=millionths / 1e6, samples=len(known))
