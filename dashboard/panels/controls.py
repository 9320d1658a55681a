"""Controls: source and window. They show the view in the URL, and write it back there."""

from collections.abc import Iterable

import streamlit as st

from dashboard import wording
from dashboard.view import MAX_MINUTES, View

PICKS = (5, 15, 30, 60, 180, 360, 720, 1440)
SOURCE, PICK, MINUTES = "source-select", "window-pick", "window-minutes"


def controls(view: View, sources: Iterable[str]) -> None:
    """The source where there are several; the window by quick picks, and to the minute."""
    # The URL is what holds the view: the widgets are set to it each time before they are drawn.
    st.session_state[SOURCE] = view.source
    st.session_state[PICK] = view.minutes if view.minutes in PICKS else None
    st.session_state[MINUTES] = view.minutes
    names = list(sources)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        if len(names) > 1:
            st.selectbox("Source", names, key=SOURCE, width=220, on_change=_choose_source)
        st.segmented_control(
            "Window",
            PICKS,
            key=PICK,
            format_func=wording.span,
            on_change=_choose_pick,
            wrap=True,
        )
        with st.container(width="stretch"):
            st.slider(
                "Window in minutes",
                1,
                MAX_MINUTES,
                key=MINUTES,
                format="%d min",
                on_change=_choose_minutes,
            )


def _choose_source() -> None:
    st.query_params["source"] = st.session_state[SOURCE]


def _choose_pick() -> None:
    # None: the pick that is shown was clicked again, which changes nothing.
    if st.session_state[PICK] is not None:
        st.query_params["minutes"] = str(st.session_state[PICK])


def _choose_minutes() -> None:
    st.query_params["minutes"] = str(st.session_state[MINUTES])
