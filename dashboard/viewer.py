"""Who looks at the page: for the page script and each of its fragments.

The gate refuses strangers and closes streams at sign-out; this second check is for a fragment
that is running at that moment.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

import streamlit as st

from dashboard import runtime
from metrics_core.evidence import Viewer


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The viewer's session, and the name that he or a trusted proxy gave, if any."""

    session_id: str
    name: str | None
    told_by_proxy: bool = False

    @property
    def actor(self) -> Viewer | None:
        """Who he is, as a document or a record tells it."""
        return Viewer(name=self.name, self_declared=not self.told_by_proxy) if self.name else None


def signed_in() -> SignedIn | None:
    """The viewer, as long as his session lasts; None after that."""
    # The gate's own headers, by way of server.trustedUserHeaders in .streamlit/config.toml.
    user = cast("Mapping[str, str | None]", st.user)
    session_id = user.get("session_id")
    if not session_id or not runtime.still_signed_in(session_id):
        return None
    return SignedIn(
        session_id=session_id,
        name=unquote(user.get("name") or "") or None,
        told_by_proxy=bool(user.get("told_by_proxy")),
    )


def require_signed_in() -> SignedIn:
    """The viewer. To be called first in the script and in every fragment: it stops strangers."""
    viewer = signed_in()
    if viewer is None:
        st.html('<p>You are signed out. <a href="login" target="_self">Sign in</a></p>')
        st.stop()
    return viewer


def sign_out() -> None:
    """End the viewer's session: the gate then sends each of its tabs to the sign-in page."""
    viewer = signed_in()
    if viewer is not None:
        runtime.current().sessions.end(viewer.session_id, now=time.time())
