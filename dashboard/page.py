"""The page from top to bottom: who looks, at what, and one snapshot of it, drawn anew each 30 s."""

from pathlib import Path

import streamlit as st

from dashboard import runtime, viewer
from dashboard.panels import (
    breakdowns,
    controls,
    errors,
    flow,
    header,
    latency,
    notice,
    provenance,
    quality,
    tiles,
    top_bar,
)
from dashboard.shown import Shown
from dashboard.view import View, is_arbitrary, parse_view, views_instead
from metrics_core import StillframeError
from metrics_core.errors import UsageError

STYLE = Path(__file__).with_name("page.css")
REFRESH_SECONDS = 30
PANELS = (
    notice.not_live,
    notice.no_tasks,
    tiles.tiles,
    quality.quality,
    flow.flow,
    latency.latency,
    errors.errors,
    breakdowns.breakdowns,
    provenance.provenance,
)


def page() -> None:
    """Who is signed in sees the view of the URL, or what is wrong with it."""
    st.set_page_config(page_title="Stillframe", layout="wide")
    who = viewer.require_signed_in()
    st.html(STYLE)
    top_bar.top_bar(who.name)
    sources = runtime.current().sources
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    try:
        view = parse_view(params, sources)
    except UsageError as error:
        notice.no_such_view(str(error), views_instead(params, sources))
        return
    controls.controls(view, sources)
    if is_arbitrary(params, sources):
        notice.first_of_several(view.source)
    figures(view)


@st.fragment(run_every=REFRESH_SECONDS)
def figures(view: View) -> None:
    """One snapshot of the view, as it is now; the fragment is all that a refresh runs."""
    viewer.require_signed_in()
    with st.container():
        notice.unsafe_role(runtime.current().roles.warning(view.source))
    place = st.empty()
    if st.session_state.get("drawn") is None:
        place.skeleton(height=1200)
    try:
        snapshot = runtime.current().collector.live(view.source, view.minutes)
    except StillframeError as error:
        place.empty()
        notice.no_figures(str(error), refresh_seconds=REFRESH_SECONDS)
        return
    place.empty()
    runtime.remember(snapshot)
    draw(Shown(view=view, snapshot=snapshot))
    st.session_state["drawn"] = True


def draw(shown: Shown) -> None:
    """Everything there is to see of one snapshot, and of nothing else."""
    header.header(shown.snapshot, refresh_seconds=REFRESH_SECONDS)
    for panel in PANELS:
        # Each in a place of its own: one that has less to say than before moves no other.
        with st.container():
            panel(shown)


page()
