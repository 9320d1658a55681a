"""Redacted: a download without the values that are not to be given away."""

from urllib.parse import urlencode

import streamlit as st

from dashboard import runtime, viewer, wording
from dashboard.held import on_screen
from dashboard.markup import tag
from dashboard.panels.drawing import say
from metrics_core import Snapshot

PRESSED, NAMES = "redact-pressed", "redact-names"
WORDS = {
    "error": "error messages, and codes that may quote them",
    "task_ids": "ids of tasks",
    "taken_by": "who took it",
}


def redacted() -> None:
    """The button, and once it is pressed its dialog."""
    st.button("Redact", key="redact", icon=":material/visibility_off:", on_click=_press)
    if PRESSED in st.session_state:
        _dialog()


def _press() -> None:
    st.session_state[PRESSED] = on_screen()


def _leave() -> None:
    st.session_state.pop(PRESSED, None)


@st.dialog("Download without some values", on_dismiss=_leave)
def _dialog() -> None:
    """What to leave out, and the link."""
    viewer.require_signed_in()
    request_id: str | None = st.session_state.get(PRESSED)
    snapshot = runtime.recall(request_id) if request_id else None
    if snapshot is None:
        say("There are no figures on the screen to download.")
        return
    say(f"{snapshot.source}, {wording.interval(snapshot.window.from_, snapshot.window.to)} UTC.")
    chosen = st.multiselect(
        "Leave out",
        names_of(snapshot),
        key=NAMES,
        format_func=lambda name: WORDS.get(name, f"values of {name}"),
        placeholder="Choose what not to give away",
    )
    if chosen:
        _link(snapshot, chosen)


def names_of(snapshot: Snapshot) -> list[str]:
    """What can be left out of the snapshot."""
    dimensions = [each.dimension for each in snapshot.breakdowns]
    return [*dict.fromkeys([*dimensions, *snapshot.scope]), *WORDS]


def _link(snapshot: Snapshot, chosen: list[str]) -> None:
    query = urlencode({"redact": ",".join(chosen)})
    address = f"snapshots/{snapshot.request_id}?{query}"
    link = tag("a", "Download", href=address, download=True, class_="button")
    told = "The document lists what was left out, and verifies like any other."
    st.html(tag("div", tag("p", link), tag("p", told, class_="quiet"), class_="sf"))
