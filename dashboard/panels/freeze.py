"""Freeze: the snapshot that is on the screen goes into the archive, with who, why and incident.

The button is no part of what a refresh draws; a press of it remembers what was drawn last.
"""

from urllib.parse import urlencode

import streamlit as st

from dashboard import runtime, viewer, wording
from dashboard.held import on_screen
from dashboard.markup import Html, tag, untrusted
from dashboard.metrics_line import tell_metrics
from dashboard.panels.archive import set_up
from dashboard.sessions import MAX_NAME_LENGTH, declared_name
from dashboard.viewer import SignedIn
from metrics_core import Deposit, Snapshot, StillframeError
from metrics_core.archive_record import LONGEST_TEXT, Receipt
from metrics_core.evidence import Viewer

PRESSED, OUTCOME = "freeze-pressed", "freeze-outcome"
WHY, INCIDENT, NAME = "freeze-why", "freeze-incident", "freeze-name"
LONGEST_KEY = 200


def freeze() -> None:
    """The button, and once it is pressed its dialog."""
    st.button("Freeze", key="freeze", icon=":material/inventory_2:", on_click=_press)
    if PRESSED in st.session_state:
        _dialog()


def _press() -> None:
    st.session_state[PRESSED] = on_screen()
    st.session_state.pop(OUTCOME, None)


def _leave() -> None:
    for name in (PRESSED, OUTCOME):
        st.session_state.pop(name, None)


@st.dialog("Freeze this snapshot", on_dismiss=_leave)
def _dialog() -> None:
    """What is to be frozen and why; after that what became of it."""
    who = viewer.require_signed_in()
    snapshot = _snapshot()
    if snapshot is None:
        _say("There are no figures on the screen to freeze.", role="alert")
    elif runtime.current().settings.archive is None:
        _say("Not archived: no archive is set.", role="alert")
        set_up()
    elif OUTCOME in st.session_state:
        _tell(snapshot, st.session_state[OUTCOME])
    else:
        _form(snapshot, who)


def _snapshot() -> Snapshot | None:
    request_id: str | None = st.session_state.get(PRESSED)
    return runtime.recall(request_id) if request_id else None


def _form(snapshot: Snapshot, who: SignedIn) -> None:
    _what(snapshot)
    with st.form("freeze-form", border=False):
        st.text_area("Why", key=WHY, max_chars=LONGEST_TEXT, height=90)
        st.text_input("Incident", key=INCIDENT, max_chars=LONGEST_KEY, placeholder="OPS-4711")
        if who.name:
            how = "as your proxy tells" if who.told_by_proxy else "self-declared at the sign-in"
            _say("By ", untrusted(who.name), f" ({how})")
        else:
            st.text_input("Your name", key=NAME, max_chars=MAX_NAME_LENGTH)
        st.form_submit_button("Freeze it", type="primary", on_click=_freeze)


def _what(snapshot: Snapshot) -> None:
    """Which snapshot: the screen behind may have gone on."""
    window = f"{wording.interval(snapshot.window.from_, snapshot.window.to)} UTC"
    name = tag("code", snapshot.request_id)
    _say(tag("b", snapshot.source), f", {window}, ", name, ": as it was when you pressed Freeze.")


def _freeze() -> None:
    """Archive it, and keep what became of that for the dialog to tell."""
    who, snapshot = viewer.signed_in(), _snapshot()
    if who is None or snapshot is None:
        return
    name = declared_name(st.session_state.get(NAME, ""))
    given = Viewer(name=name, self_declared=True) if name else None
    archive = runtime.current().archive
    deposit = Deposit(
        reason="freeze",
        actor=who.actor or given,
        note=st.session_state.get(WHY, "").strip() or None,
        incident=st.session_state.get(INCIDENT, "").strip() or None,
    )
    outcome = st.session_state[OUTCOME] = archive.keep(snapshot, deposit)
    tell_metrics(snapshot, archive.stamp(outcome))


def _tell(snapshot: Snapshot, outcome: Receipt | StillframeError) -> None:
    if isinstance(outcome, StillframeError):
        _say(tag("b", "Not archived: "), f"{outcome}.", role="alert")
        st.button("Try again", key="freeze-again", on_click=st.session_state.pop, args=(OUTCOME,))
        return
    _say(*_done(outcome), role="status")
    names = {"snapshot": snapshot.request_id, "document": snapshot.digest.document}
    link = f"?{urlencode(names)}"
    _say(tag("a", "Open it", href=link, target="_self"), ", or copy its permanent address:")
    here = f"{st.context.url.rstrip('/')}/" if st.context.url else ""
    st.code(f"{here}{link}", language=None, wrap_lines=True)
    head = tag("code", outcome.hash, class_="id")
    _say("The archive's head as of it, to keep elsewhere: ", head)


def _done(receipt: Receipt) -> tuple[str | Html, ...]:
    when = f"{wording.day_and_clock(receipt.archived_at)} UTC"
    if receipt.already:
        words = (
            f", as record {receipt.sequence}, since {when}. What you wrote now is not kept with it."
        )
        return (tag("b", "It was archived already"), words)
    return (tag("b", "Archived"), f" as record {receipt.sequence}, {when}. It is on the disk.")


def _say(*parts: str | Html, role: str | None = None) -> None:
    st.html(tag("div", tag("p", *parts), class_="sf", role=role))
