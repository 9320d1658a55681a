"""The page from top to bottom: who looks, at what, and one snapshot of it, drawn anew as asked."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import runtime, viewer, wording
from dashboard.asking import snapshot_before, snapshot_of
from dashboard.held import held, hold
from dashboard.panels import (
    breakdowns,
    chips,
    controls,
    errors,
    flow,
    header,
    last_task,
    latency,
    navigation,
    notice,
    provenance,
    quality,
    setup,
    tasks_behind,
    tiles,
    time_controls,
    top_bar,
    what_changed,
)
from dashboard.shown import Shown
from dashboard.view import View
from dashboard.view_parsing import Params, is_arbitrary, parse_view, views_instead
from metrics_core import Snapshot, StillframeError
from metrics_core.errors import UsageError

STYLE = Path(__file__).with_name("page.css")
ON_TOP = (header.header, notice.not_live, notice.no_comparison)
PANELS = (
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
SHIFTING = frozenset({last_task.last_task, what_changed.what_changed, errors.errors})
"""Panels that draw more elements at one time than at another."""


def page() -> None:
    """Who is signed in sees the view of the URL, or what is wrong with it."""
    st.set_page_config(page_title="Stillframe", layout="wide")
    who = viewer.require_signed_in()
    st.html(STYLE)
    top_bar.top_bar(who.name)
    sources, params = runtime.current().sources, navigation.asked_params()
    now = datetime.now(UTC).replace(microsecond=0)
    navigation.drawing(params)
    try:
        view = parse_view(params, sources, now=now)
    except UsageError as error:
        notice.no_such_view(str(error), views_instead(params, sources, now=now))
        return
    # Above the controls: a reader with a phone must see first how fresh the figures are.
    with st.container(key="top"):
        # Not the container itself: an empty one has no room in the browser.
        top = st.empty()
    controls.controls(view, sources)
    # Each in a place of its own: what comes and goes moves nothing below out of its place.
    with st.container():
        chips.chips(view)
    with st.container():
        if is_arbitrary(params, sources):
            notice.first_of_several(view.source)
    st.fragment(figures, run_every=view.refresh_seconds)(view, params, top)
    st.fragment(setup.setup)(view)


def figures(view: View, params: Params, top: DeltaGenerator) -> None:
    """One snapshot of the view, as it is now; the fragment is all that a refresh runs."""
    viewer.require_signed_in()
    if navigation.asked_params() != params:
        # A panel wrote another view to the URL: the controls must follow.
        st.rerun()
    notice.unsafe_role(runtime.current().roles.warning(view.source))
    place = st.empty()
    if st.session_state.get("drawn") is None:
        place.skeleton(height=1200)
    try:
        shown = taken(view)
    except StillframeError as error:
        place.empty()
        with top.container():
            header.without_figures(view)
        no_figures(view, error)
        return
    place.empty()
    with top.container():
        draw(shown, ON_TOP)
    draw(shown, PANELS)
    st.session_state["drawn"] = True


def taken(view: View) -> Shown:
    """What there is to show: the view's snapshot, and the one before if it can be had."""
    collector = runtime.current().collector
    snapshot = held(view, "shown") or snapshot_of(view, collector)
    hold(view, "shown", snapshot)
    before, problem = None, ""
    try:
        before = held(view, "before") or snapshot_before(view, snapshot, collector)
    except StillframeError as error:
        problem = str(error)
    if before is not None:
        hold(view, "before", before)
    return _shown(view, snapshot, before, problem)


def _shown(view: View, snapshot: Snapshot, before: Snapshot | None, problem: str) -> Shown:
    return Shown(
        view=view,
        snapshot=snapshot,
        before=before,
        no_comparison=problem,
        zone=time_controls.shown_zone(view),
        viewer_zone=wording.zone_named(st.context.timezone),
        refreshed_at=datetime.now(UTC) if view.refresh_seconds else snapshot.provenance.taken_at,
    )


def no_figures(view: View, error: StillframeError) -> None:
    """Why there are none: the view asks for what there is not, or the source does not answer."""
    if isinstance(error, UsageError):
        notice.no_such_view(f"No figures: {error}.", [View(source=view.source)])
    else:
        notice.no_figures(str(error), refresh_seconds=view.refresh_seconds)


def draw(shown: Shown, panels: Sequence[Callable[[Shown], None]]) -> None:
    """What there is to see of one snapshot, and of nothing else."""
    for panel in panels:
        # In a place of its own, so that less to say than before moves no other. Only where it can
        # happen: a place is a message of each refresh.
        with st.container() if panel in SHIFTING else nullcontext():
            panel(shown)


page()
