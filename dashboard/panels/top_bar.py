"""Top bar: what this is, the ways to live figures and to the archive, who looks, the way out."""

import streamlit as st

from dashboard import runtime, viewer
from dashboard.archive_list import ArchiveList
from dashboard.markup import tag, untrusted
from dashboard.panels import freeze, navigation, redacted
from dashboard.still import Still
from dashboard.view import View
from dashboard.view_parsing import default_source


def top_bar(name: str | None, *, stands_still: bool) -> None:
    """The product's name; where to go; the viewer's own, as he or a proxy gave it; sign-out."""
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key="bar",
    ):
        st.html(tag("div", tag("h1", "Stillframe"), class_="sf sf-brand"), width="content")
        with st.container(
            horizontal=True, vertical_alignment="center", width="content", key="bar-ways"
        ):
            if not stands_still:
                st.fragment(_keep)()
            _ways(stands_still=stands_still)
            if name:
                text = tag("div", "Signed in as ", untrusted(name), class_="sf sf-who quiet")
                st.html(text, width="content")
            st.button("Sign out", key="sign-out", on_click=viewer.sign_out, type="tertiary")


def _keep() -> None:
    """What is done with the snapshot on the screen. A fragment: it draws no figures anew."""
    viewer.require_signed_in()
    with st.container(horizontal=True, width="content", gap="small", key="keep"):
        freeze.freeze()
        redacted.redacted()


def _ways(*, stands_still: bool) -> None:
    if stands_still:
        live = View(source=default_source(runtime.current().sources))
        _way("Live", live)
    _way("Archive", ArchiveList())
    if stands_still:
        _way("Open a file", Still())


def _way(words: str, place: View | ArchiveList | Still) -> None:
    key = f"to-{words.lower().replace(' ', '-')}"
    st.button(words, key=key, type="tertiary", on_click=navigation.write, args=(place,))
