"""Navigation: from one view to another, by way of the URL. The browser's Back undoes each step."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.view import View


def now() -> datetime:
    """The present, for a step that is taken at this moment."""
    return datetime.now(UTC)


def go(view: View) -> None:
    """Show another view at once. From the body of a panel; nothing after it runs."""
    write(view)
    st.rerun()


def write(view: View) -> None:
    """Make it the view of the URL. From a widget's callback, after which the page runs anyway."""
    # All at once: each message of its own would be one more step for the browser's Back.
    st.query_params.from_dict(view.params)


def asked_params() -> dict[str, list[str]]:
    """The names and values in the URL's query."""
    return {name: st.query_params.get_all(name) for name in st.query_params}
