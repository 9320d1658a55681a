"""Requests: each gets its id, in the response and in every line of the log, and one access line.

Pure ASGI, in front of everything, so that refusals and failures have it too.
"""

import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import logs
from dashboard.streams import CLOSE_SIGNED_OUT
from metrics_core.record import REQUEST_ID_PATTERN
from metrics_core.take import new_request_id

HEADER = "X-Request-Id"
CLOSE_NORMAL = 1000
ORDERLY = (CLOSE_NORMAL, CLOSE_SIGNED_OUT)
LONGEST = 1_000
"""Signs of a path or a method that are logged: a client may send sixty thousand."""
log = logging.getLogger("stillframe.access")


class RequestLog:
    """Gives every HTTP request and websocket its id, and tells the log how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = chosen_request_id(Headers(scope=scope))
        held, started, status = logs.request_id.set(request_id), time.monotonic(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            status = _status(message) or status
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _tell(scope, status, time.monotonic() - started)
            logs.request_id.reset(held)


def chosen_request_id(headers: Headers) -> str:
    """The client's own where it gave one that is well formed, else one of ours."""
    given = headers.getlist(HEADER)
    if len(given) == 1 and re.fullmatch(REQUEST_ID_PATTERN, given[0]):
        return given[0]
    return new_request_id()


def _status(message: Message) -> int:
    """What the message says of the outcome, as an HTTP status; 0 where it says nothing."""
    match message["type"]:
        case "http.response.start" | "websocket.http.response.start":
            return int(message["status"])
        case "websocket.accept":
            return 101
        case "websocket.close":
            return 0 if message.get("code", CLOSE_NORMAL) in ORDERLY else 403
    return 0


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """The path without its query: that may hold what somebody did not mean to log."""
    client = scope.get("client")
    fields: dict[str, logs.Value] = {
        "client": client[0] if client else None,
        "method": _short(scope.get("method", "WEBSOCKET")),
        "path": _short(scope["path"]),
        "status": status or None,
        "durationMs": round(seconds * 1000),
    }
    logs.tell(log, "access", fields, tag="ACCESS")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
