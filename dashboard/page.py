"""The page from top to bottom: who looks, at what, and one snapshot of it, drawn anew as asked."""

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import runtime, viewer, wording
from dashboard.asking import snapshot_before, snapshot_of
from dashboard.held import held, hold, let_go
from dashboard.panels import (
    chips,
    controls,
    header,
    navigation,
    notice,
    setup,
    time_controls,
    top_bar,
)
from dashboard.screens import ON_TOP, PANELS, draw
from dashboard.shown import Shown
from dashboard.still_page import still_page
from dashboard.view import STILL_NAMES, Archived, View
from dashboard.view_parsing import Params, is_arbitrary, parse_view, views_instead
from dashboard.viewer import SignedIn
from metrics_core import Snapshot, StillframeError
from metrics_core.errors import UsageError


def page() -> None:
    """Who is signed in sees what the URL asks for, or what is wrong with it."""
    st.set_page_config(page_title="Stillframe", layout="wide")
    who, params = viewer.require_signed_in(), navigation.asked_params()
    stands_still = any(name in params for name in STILL_NAMES)
    top_bar.top_bar(who.name, stands_still=stands_still)
    navigation.drawing(params)
    if stands_still:
        still_page(params)
    else:
        live_page(params)


def live_page(params: Params) -> None:
    """The view of the URL, with the controls that lead to others."""
    sources, now = runtime.current().sources, datetime.now(UTC).replace(microsecond=0)
    try:
        view = parse_view(params, sources, now=now)
    except UsageError as error:
        notice.no_such_view(str(error), views_instead(params, sources, now=now))
        return
    # Above the controls: a reader with a phone must see first how fresh the figures are.
    with st.container(key="top"):
        on_top = header.place()
    controls.controls(view, sources)
    # Each in a place of its own: what comes and goes moves nothing below out of its place.
    with st.container():
        chips.chips(view)
    with st.container():
        if is_arbitrary(params, sources):
            notice.first_of_several(view.source)
    st.fragment(figures, run_every=view.refresh_seconds)(view, params, on_top)
    st.fragment(setup.setup)(view)


def figures(view: View, params: Params, on_top: DeltaGenerator) -> None:
    """One snapshot of the view, as it is now; the fragment is all that a refresh runs."""
    who = viewer.require_signed_in()
    if navigation.asked_params() != params:
        # A panel wrote another view to the URL: the controls must follow.
        st.rerun()
    notice.unsafe_role(runtime.current().roles.warning(view.source))
    waiting = None
    if "drawn" not in st.session_state:
        waiting = st.empty()
        waiting.skeleton(height=1200)
    try:
        shown = taken(view)
    except StillframeError as error:
        if waiting:
            waiting.empty()
        with on_top:
            header.without_figures(view)
        no_figures(view, error)
        let_go()
        return
    with on_top:
        draw(replace(shown, not_archived=_missed(who)), ON_TOP)
    draw(shown, PANELS, instead_of=waiting)
    st.session_state["drawn"] = True


def taken(view: View) -> Shown:
    """What there is to show: the view's snapshot, and the one before if it can be had."""
    collector = runtime.current().collector
    snapshot = held(view, "shown") or snapshot_of(view, collector)
    hold(view, "shown", snapshot)
    before, problem = None, ""
    try:
        archive = runtime.current().settings.archive
        before = held(view, "before") or snapshot_before(view, snapshot, collector, archive)
    except StillframeError as error:
        problem = str(error)
    if before is not None and not isinstance(view.compare, Archived):
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


def _missed(who: SignedIn) -> str:
    """That what the viewer downloads, or downloaded last, is not archived."""
    if runtime.current().settings.archive is None:
        return "not archived"
    return runtime.current().departures.not_archived(who.session_id)


def no_figures(view: View, error: StillframeError) -> None:
    """Why there are none: the view asks for what there is not, or the source does not answer."""
    if isinstance(error, UsageError):
        notice.no_such_view(f"No figures: {error}.", [View(source=view.source)])
    else:
        notice.no_figures(str(error), refresh_seconds=view.refresh_seconds)


page()
