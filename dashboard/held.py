"""Held: the snapshots that stay on the screen while refresh is off, whatever else is clicked."""

import streamlit as st

from dashboard import runtime
from dashboard.view import View
from metrics_core import Snapshot

HELD = "held-snapshots"
Question = tuple[object, ...]


def question_of(view: View, part: str) -> Question:
    """What tells two snapshots apart, as far as the view says; `part` is which of its two."""
    compare = view.compare if part == "before" else None
    return (part, view.source, view.minutes, view.to, *sorted(view.scope.items()), compare)


def held(view: View, part: str) -> Snapshot | None:
    """The snapshot that stays where it is: refresh is off, and it is what the view asks for."""
    request_id = _ids().get(question_of(view, part))
    still = view.is_live and view.refresh_seconds is None
    return runtime.recall(request_id) if still and request_id else None


def hold(view: View, part: str, snapshot: Snapshot) -> None:
    """Keep what is now on the screen, in place of what was."""
    ids = _ids()
    for question in [each for each in ids if each[0] == part]:
        del ids[question]
    runtime.remember(snapshot)
    ids[question_of(view, part)] = snapshot.request_id


def on_screen() -> str | None:
    """The requestId of the snapshot that was drawn last."""
    return next((id_ for question, id_ in _ids().items() if question[0] == "shown"), None)


def _ids() -> dict[Question, str]:
    ids: dict[Question, str] = st.session_state.setdefault(HELD, {})
    return ids


def let_go() -> None:
    """Take new snapshots at the next drawing."""
    st.session_state.pop(HELD, None)
