"""Answers that a client may already have: 304 where its If-None-Match names the same figures."""

from starlette.requests import Request
from starlette.responses import Response

FRESHNESS_HEADER = "X-Stillframe-Freshness"


def json_answer(request: Request, text: str, *, etag: str, freshness: str) -> Response:
    """The JSON text, or 304 without it; the headers say which figures and how fresh."""
    headers = {"ETag": etag, FRESHNESS_HEADER: freshness}
    if _has(request.headers.get("If-None-Match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


def _has(if_none_match: str, etag: str) -> bool:
    """The weak comparison of RFC 9110.

    >>> _has('"a", W/"b"', 'W/"b"'), _has('"b"', 'W/"b"'), _has("*", '"b"'), _has("", '"b"')
    (True, True, True, False)
    """
    named = [tag.strip() for tag in if_none_match.split(",")]
    return "*" in named or etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in named]
