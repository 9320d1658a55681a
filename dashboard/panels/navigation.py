"""Navigation: from one view to another, by way of the URL. The browser's Back undoes each step."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.place import Place
from dashboard.view_parsing import Params


def now() -> datetime:
    """The present, for a step that is taken at this moment."""
    return datetime.now(UTC)


DRAWN = "drawn-params"


def go(place: Place) -> None:
    """Show another place at once. From the body of a panel; nothing after it runs."""
    _make_url(place)
    st.rerun()


def write(place: Place) -> None:
    """Make it the place of the URL. From a widget's callback, after which the page runs anyway.

    Where the URL has moved on since the widget was drawn nobody chose anything: after a quick Back
    and Back again a browser still sends what its widgets showed before the first.
    """
    if st.session_state.get(DRAWN) == asked_params():
        _make_url(place)


def drawing(params: Params) -> None:
    """Note which URL the widgets are about to be drawn for."""
    st.session_state[DRAWN] = params


def _make_url(place: Place) -> None:
    # All at once: each message of its own would be one more step for the browser's Back.
    st.query_params.from_dict(place.params)


def asked_params() -> dict[str, list[str]]:
    """The names and values in the URL's query."""
    return {name: st.query_params.get_all(name) for name in st.query_params}
