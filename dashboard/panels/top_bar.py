"""Top bar: what this is, who is signed in, and the way out."""

import streamlit as st

from dashboard import viewer
from dashboard.markup import tag, untrusted


def top_bar(name: str | None) -> None:
    """The product's name; the viewer's own, as he or a trusted proxy gave it; sign-out."""
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key="bar",
    ):
        st.html(str(tag("div", tag("h1", "Stillframe"), class_="sf sf-brand")), width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if name:
                text = tag("div", "Signed in as ", untrusted(name), class_="sf quiet")
                st.html(str(text), width="content")
            st.button("Sign out", on_click=viewer.sign_out, type="tertiary")
