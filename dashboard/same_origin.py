"""Whether a request comes from our own pages. Pure."""

from collections.abc import Mapping
from urllib.parse import urlsplit

GATES = ("/login", "/logout")
MAX_PATH_LENGTH = 2000


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a browser sent this from a page of the host that it is sent to.

    Sec-Fetch-Site is the browser's own word; where it does not send it (plain http on a network),
    Origin must name the Host. Neither is there only outside of browsers, where no stranger's page
    can borrow a cookie. The scheme is not compared: behind a proxy that ends TLS we see http.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return origin_is_host(headers)


def is_cross_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another origin asks, be it a neighbour's."""
    return headers.get("sec-fetch-site") in ("cross-site", "same-site")


def origin_is_host(headers: Mapping[str, str]) -> bool:
    """Whether Origin, if there is one, names the Host."""
    origin = headers.get("origin")
    if origin is None:
        return True
    return bool(headers.get("host")) and _netloc(origin) == headers["host"].lower()


def local_path(text: str) -> str:
    """The text if it is a path of this host that is safe to redirect to, else "/".

    >>> local_path("/?minutes=15"), local_path("//evil.example/"), local_path("/\\\\evil.example")
    ('/?minutes=15', '/', '/')
    """
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    is_plain = (
        text.isascii() and text.isprintable() and "\\" not in text and len(text) <= MAX_PATH_LENGTH
    )
    return text if is_path and is_plain and urlsplit(text).path not in GATES else "/"


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
