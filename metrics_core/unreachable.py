"""Why libpq could not connect, in our words: its own may hold parts of the secret. Pure."""

import re
from urllib.parse import parse_qsl, urlsplit

UNKNOWN_OPTION = re.compile(r'invalid URI query parameter: "([A-Za-z_]{1,40})"')
WRONG_VALUE = re.compile(r'invalid (\w+) value: |invalid integer value .* for .* option "(\w+)"')
FAULTS_OF_THE_URL = {
    "invalid port number": "its url's port is no number from 1 to 65535",
    'for connection option "port"': "its url's port is no number from 1 to 65535",
    "port numbers to": "its url has not one port for each host",
    "key/value separator": "its url has an option that is not written name=value",
    "percent-encoded": "its url has a % that encodes no character: write %25 for a % itself",
    "IPv6 host address": "its url's IPv6 address needs a [ and a ]",
}
REASONS = {
    "Connection refused": "connection refused",
    "could not translate host name": "unknown host",
    "No such file or directory": "no server socket there",
    "timeout expired": "no answer in time",
    "password authentication failed": "password refused",
    "no password supplied": "it wants a password",
    "starting up": "the server is starting up",
    "shutting down": "the server is shutting down",
    "too many clients": "the server has no connection left",
    "SSL": "no agreement on TLS",
    "does not exist": "no such database or role",
}


def address(url: str) -> str:
    """Host and port of a URL, and nothing else of it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or dict(parse_qsl(parts.query)).get("host", "?")
    return host if _is_clear(url) else "a host that its url does not name clearly"


def reason(message: str, url: str) -> str:
    """What libpq's message means."""
    known = FAULTS_OF_THE_URL | REASONS
    return (
        _fault_of_an_option(message, url)
        or next((ours for theirs, ours in known.items() if theirs in message), None)
        or "no connection"
    )


def _fault_of_an_option(message: str, url: str) -> str | None:
    if wrong := WRONG_VALUE.search(message):
        name = wrong[1] or wrong[2]
        return None if name == "port" else f"its url's option {name} cannot have that value"
    if "invalid URI query parameter" not in message:
        return None
    unknown = UNKNOWN_OPTION.search(message)
    name = f" {unknown[1]}" if unknown and not _may_hold_a_password(url) else ""
    return f"its url has an option{name} that PostgreSQL does not know"


def _is_clear(url: str) -> bool:
    """Whether no password stands where host or options are read: each @ ends the user's part."""
    return url.count("@") == urlsplit(url).netloc.count("@") <= 1


def _may_hold_a_password(url: str) -> bool:
    """Whether a part of one may stand among the options, as behind an & that was not encoded."""
    options = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return not _is_clear(url) or any("pass" in name.lower() for name, _ in options)
