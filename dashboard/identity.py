"""Identity: who a request is from, in headers of ours that the gate sets and no client can."""

from urllib.parse import quote

from starlette.types import Scope

from dashboard.sessions import Session
from dashboard.trusted_proxies import told_user

SESSION_HEADER = "x-stillframe-session"
NAME_HEADER = "x-stillframe-name"
TOLD_HEADER = "x-stillframe-name-told-by-proxy"
PREFIX = b"x-stillframe-"


def identified(scope: Scope, session: Session | None) -> Scope:
    """The scope with our headers, and without any that a client sent by such a name.

    The name that a trusted proxy tells wins over the one that was typed at the sign-in.
    """
    headers = [pair for pair in scope["headers"] if not pair[0].startswith(PREFIX)]
    if session:
        headers += [(name.encode(), value.encode()) for name, value in _told(scope, session)]
    return {**scope, "headers": headers}


def _told(scope: Scope, session: Session) -> list[tuple[str, str]]:
    told = told_user(scope)
    # Percent-encoded: header values are ASCII, names are not.
    named = (NAME_HEADER, quote(told or session.name or ""))
    by_proxy = [(TOLD_HEADER, "yes")] if told else []
    return [(SESSION_HEADER, session.id), named, *by_proxy]
