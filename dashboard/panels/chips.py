"""Chips: the values that the view is limited to, each of them removable."""

import streamlit as st

from dashboard.markup import tag, untrusted
from dashboard.panels import navigation
from dashboard.view import View

FEW = 1


def chips(view: View) -> None:
    """One chip a dimension of the scope; nothing where all tasks are shown."""
    if not view.scope:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="scope"):
        st.html(tag("div", "Only tasks of", class_="sf quiet"), width="content")
        for name, value in sorted(view.scope.items()):
            _chip(view, name, value)
        if len(view.scope) > FEW:
            cleared = view.but(scope={})
            st.button("Clear all", key="clear-scope", on_click=navigation.write, args=(cleared,))


def _chip(view: View, name: str, value: str) -> None:
    # The value stands in an element of ours: a button's label is Markdown, and a value is none.
    # The dimension's name is letters, digits and underscores (metrics_core.source).
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="xsmall",
        width="content",
        key=f"chip-{name}",
    ):
        shown = untrusted(value) if value else "(empty)"
        text = tag("span", tag("b", name), ": ", shown)
        st.html(tag("div", text, class_="sf sf-chip"), width="content")
        st.button(
            f"Remove {name}",
            key=f"remove-{name}",
            type="tertiary",
            on_click=navigation.write,
            args=(view.without(name),),
        )
