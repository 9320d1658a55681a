"""Screens: what there is to see of one snapshot, from top to bottom, wherever it comes from."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.panels import (
    breakdowns,
    errors,
    flow,
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

ON_TOP: tuple[Panel, ...] = (header.header, header.notices)
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
SHIFTING = frozenset({last_task.last_task, errors.errors, tasks_behind.tasks_behind})
"""Panels that draw more elements at one time than at another."""
log = logging.getLogger("stillframe.page")


def draw(
    shown: Shown, panels: Sequence[Panel], *, instead_of: DeltaGenerator | None = None
) -> None:
    """What there is to see of one snapshot, and of nothing else.

    The first panel's place is that of `instead_of`, which goes.
    """
    for panel in panels:
        with _place(panel, instead_of):
            if shown.stands_still:
                _draw_as_far_as_it_goes(panel, shown)
            else:
                panel(shown)
        instead_of = None


def _place(panel: Panel, instead_of: DeltaGenerator | None) -> AbstractContextManager[object]:
    """A place of its own, so that less to say than before moves no other panel.

    Only where that can happen: a place is a message of each refresh.
    """
    if instead_of is not None:
        return instead_of.container()
    return st.container() if panel in SHIFTING else nullcontext()


def _draw_as_far_as_it_goes(panel: Panel, shown: Shown) -> None:
    """A document that was made elsewhere may be of the right shape and make no sense."""
    try:
        panel(shown)
    except Exception:
        log.exception("a snapshot could not be drawn")
        notice.refused("This part cannot be drawn: the parts of this document do not go together.")
