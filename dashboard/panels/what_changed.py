"""What changed: where the figures differ by more than noise from those they are compared with."""

import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.drawing import heading
from dashboard.shown import Shown
from metrics_core.comparison import Change, Comparison
from metrics_core.errors import NotComparable

AT_ONCE = 8
SIGNS = {"better": "✓", "worse": "!", "neutral": "·"}


def what_changed(shown: Shown) -> None:
    """The changes, the surest first, each with its n; nothing where nothing is compared.

    In a place of its own where one is asked for: what there is to say of it comes and goes.
    """
    if shown.view.compare is None:
        return
    with st.container():
        try:
            comparison = shown.comparison
        except NotComparable as error:
            _say(f"Nothing to compare with: {error}.")
            return
        if comparison is not None:
            _tell(shown, comparison)


def _tell(shown: Shown, comparison: Comparison) -> None:
    heading("What changed", _beside(shown, comparison))
    for note in comparison.notes:
        _say(note)
    if not comparison.changes:
        _say("Nothing, beyond what chance brings.")
        return
    _ranked(comparison.changes[:AT_ONCE])
    if rest := comparison.changes[AT_ONCE:]:
        with st.expander(wording.counted(len(rest), "further change"), key="further-changes"):
            _ranked(rest)


def _beside(shown: Shown, comparison: Comparison) -> str:
    before = comparison.before.window
    there = wording.interval(before.from_, before.to, shown.zone)
    return f"beside {there} {shown.zone.key}, the surest first"


def _say(text: str) -> None:
    st.html(tag("div", tag("p", untrusted(text)), class_="sf quiet"))


def _ranked(changes: tuple[Change, ...]) -> None:
    entries = [_entry(change) for change in changes]
    st.html(tag("div", tag("ol", *entries, class_="sf-list sf-changes"), class_="sf"))


def _entry(change: Change) -> Html:
    sign = tag("span", SIGNS[change.meaning], class_="sign", aria_hidden="true")
    word = None if change.meaning == "neutral" else tag("b", change.meaning)
    # The sentence names codes and values out of the table.
    return tag("li", sign, tag("span", untrusted(change.text), " ", word), class_=change.meaning)
