"""Leading on: from a figure to a closer view of it; never to the database without a word."""

import streamlit as st

from dashboard import runtime
from dashboard.markup import Html, tag
from dashboard.panels import navigation
from dashboard.shown import Shown
from dashboard.still import StillView, can_be_asked
from dashboard.view import View


def lead(view: View, *, to: str) -> None:
    """Go to the closer view. From a snapshot that stands still the way is only offered.

    `to` says what there is to see there.
    """
    if not isinstance(view, StillView):
        navigation.go(view)
        return
    line = tag("p", f"A snapshot has no closer look at {to}. ", _way(view.of_the_database, to))
    st.html(tag("div", line, class_="sf quiet", role="status"))


def _way(view: View, to: str) -> Html:
    if not can_be_asked(view, runtime.current().sources):
        return tag("span", f"There is no source {view.source} here to read it from.")
    words = f"Read {to} from the database, as its rows are now"
    return tag("a", words, href=view.link, target="_self")


def way_in(shown: Shown) -> str:
    """How a table of values is used, as a half sentence."""
    return "" if shown.stands_still else "; select a row to look at it alone"
