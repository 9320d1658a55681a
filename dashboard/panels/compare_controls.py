"""Compare controls: which other window the figures are compared with."""

from datetime import datetime, timedelta

import streamlit as st

from dashboard import wording
from dashboard.panels import navigation
from dashboard.panels.time_controls import instant_input, shown_zone
from dashboard.view import Archived, View

CHOICE, INSTANT = "compare-pick", "compare-instant"
WIDTH = 195
WEEK = timedelta(days=7)
CHOICES = {
    "nothing": "No comparison",
    "previous": "vs window before",
    "yesterday": "vs same time yesterday",
    "instant": "vs chosen time",
}
ARCHIVED = {"archived": "vs archived snapshot"}
"""Chosen on the snapshot itself, and here only left again."""


def compare(view: View) -> None:
    """The comparison; and its instant where one is chosen, at first that of a week before."""
    chosen = _choice(view)
    st.session_state[CHOICE] = chosen
    choices = CHOICES | (ARCHIVED if chosen == "archived" else {})

    def choose() -> None:
        if st.session_state[CHOICE] != "archived":
            navigation.write(_compared(view, st.session_state[CHOICE]))

    st.selectbox(
        "Compare with",
        list(choices),
        key=CHOICE,
        format_func=choices.__getitem__,
        label_visibility="collapsed",
        width=WIDTH,
        on_change=choose,
    )
    if isinstance(view.compare, datetime):
        _instant(view, view.compare)


def _choice(view: View) -> str:
    if isinstance(view.compare, Archived):
        return "archived"
    return "instant" if isinstance(view.compare, datetime) else view.compare or "nothing"


def _compared(view: View, choice: str) -> View:
    if choice == "instant":
        return view.but(compare=view.window(navigation.now()).end - WEEK)
    return view.but(compare=None if choice == "nothing" else choice)


def _instant(view: View, instant: datetime) -> None:
    def choose(instant: datetime | None) -> None:
        navigation.write(view.but(compare=instant))

    label = f"vs {wording.clock_near(instant, navigation.now(), shown_zone(view))}"
    with st.popover(label, key="compare-popover"):
        instant_input("Compare with the window to", instant, view, key=INSTANT, choose=choose)
