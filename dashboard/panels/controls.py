"""Controls: which source, which window, what it is compared with, how often it is drawn anew.

They show the view in the URL, and write it back there: each widget is set to the view before it is
drawn, so none of them can show another.
"""

from collections.abc import Iterable

import streamlit as st

from dashboard.panels import compare_controls, navigation, refresh_controls, time_controls
from dashboard.view import View

SOURCE = "source-select"


def controls(view: View, sources: Iterable[str]) -> None:
    """Two rows: what is shown, and when; then steps in time, comparison and refresh."""
    names = list(sources)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="what"):
        if len(names) > 1:
            _source(view, names)
        time_controls.length(view)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="when"):
        time_controls.end(view)
        compare_controls.compare(view)
        time_controls.zone(view)
        refresh_controls.refresh(view)
    time_controls.problem()


def _source(view: View, names: list[str]) -> None:
    st.session_state[SOURCE] = view.source

    def choose() -> None:
        navigation.write(view.of_source(st.session_state[SOURCE]))

    st.selectbox("Source", names, key=SOURCE, width=220, on_change=choose)
