"""Refresh controls: how often a live view is drawn anew, and a way to hold it still."""

import streamlit as st

from dashboard.held import let_go
from dashboard.panels import navigation
from dashboard.view import DEFAULT_INTERVAL_SECONDS, INTERVALS_SECONDS, OFF, View

WIDTH = 118
EVERY, LAST_INTERVAL = "refresh-pick", "last-interval"


def refresh(view: View) -> None:
    """The interval, and pause or resume. A view of the past stands still anyway."""
    st.session_state[EVERY] = view.every

    def choose() -> None:
        navigation.write(view.but(every=st.session_state[EVERY]))

    st.selectbox(
        "Refresh",
        (OFF, *INTERVALS_SECONDS),
        key=EVERY,
        format_func=_interval,
        label_visibility="collapsed",
        width=WIDTH,
        on_change=choose,
        disabled=not view.is_live,
    )
    _pause(view)
    if view.is_live and view.every == OFF:
        st.button("Refresh now", key="refresh-now", on_click=let_go)


def _interval(seconds: int) -> str:
    return "Refresh off" if seconds == OFF else f"Every {seconds} s"


def _pause(view: View) -> None:
    if view.every == OFF:
        label, icon = "Resume", ":material/play_arrow:"
        every = st.session_state.get(LAST_INTERVAL, DEFAULT_INTERVAL_SECONDS)
    else:
        label, icon, every = "Pause", ":material/pause:", OFF
        # Only where a press of Resume leads; what is shown is in the URL.
        st.session_state[LAST_INTERVAL] = view.every
    st.button(
        label,
        key="pause",
        icon=icon,
        on_click=navigation.write,
        args=(view.but(every=every),),
        disabled=not view.is_live,
    )
