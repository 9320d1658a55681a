"""Screens: what there is to see of one snapshot, from top to bottom, wherever it comes from."""

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext

import streamlit as st

from dashboard.panels import (
    breakdowns,
    errors,
    flow,
    frozen,
    header,
    last_task,
    latency,
    notice,
    provenance,
    quality,
    tasks_behind,
    tiles,
    what_changed,
)
from dashboard.shown import Shown

Panel = Callable[[Shown], None]

ON_TOP: tuple[Panel, ...] = (header.header, notice.not_live, notice.no_comparison)
ON_TOP_OF_A_KEPT_ONE: tuple[Panel, ...] = (
    header.header,
    frozen.verdict,
    notice.not_live,
    notice.no_comparison,
)
PANELS: tuple[Panel, ...] = (
    last_task.last_task,
    tiles.tiles,
    what_changed.what_changed,
    quality.quality,
    flow.flow,
    latency.latency,
    errors.errors,
    tasks_behind.tasks_behind,
    breakdowns.breakdowns,
    provenance.provenance,
)
SHIFTING = frozenset({last_task.last_task, errors.errors})
"""Panels that draw more elements at one time than at another."""
log = logging.getLogger("stillframe.page")


def draw(shown: Shown, panels: Sequence[Panel]) -> None:
    """What there is to see of one snapshot, and of nothing else."""
    for panel in panels:
        # In a place of its own, so that less to say than before moves no other. Only where it can
        # happen: a place is a message of each refresh.
        with st.container() if panel in SHIFTING else nullcontext():
            if shown.stands_still:
                _draw_as_far_as_it_goes(panel, shown)
            else:
                panel(shown)


def _draw_as_far_as_it_goes(panel: Panel, shown: Shown) -> None:
    """A document that was made elsewhere may be of the right shape and make no sense."""
    try:
        panel(shown)
    except Exception:
        log.exception("a snapshot could not be drawn")
        notice.refused("This part cannot be drawn: the parts of this document do not go together.")
