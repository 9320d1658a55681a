"""The gate: pure ASGI middleware in front of page and API, HTTP and websocket alike.

Without a valid cookie nothing behind it is reached, and nothing of it is told.
"""

import logging
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.door import OPEN_PATHS, SAFE_METHODS, ApiDoor, is_api
from dashboard.api.problems import INTERNAL, problem
from dashboard.base_path import outside
from dashboard.headers import with_security_headers
from dashboard.identity import identified
from dashboard.same_origin import GATES, is_from_here, origin_is_host
from dashboard.sessions import Session, Sessions
from dashboard.sign_in import SignIn, sign_in_path
from dashboard.streams import Streams

CLOSE_REFUSED = 1008
log = logging.getLogger("stillframe.gate")


class Gate:
    """Lets signed-in requests through to `app`, and any request to what is open to all."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions,
        sign_in: SignIn,
        door: ApiDoor,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._sign_in = sign_in
        self._door = door
        self._now = now
        self._streams = Streams(app, sessions=sessions, now=now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, with_security_headers(send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = self._session_of(scope)
        response = self._refusal(scope, session)
        if response is None and scope["path"] in GATES:
            response = await self._sign_in.answer(Request(scope, receive), session)
        if response is not None:
            await response(scope, receive, send)
        else:
            await self._pass(identified(scope, session), receive, send)

    def _session_of(self, scope: Scope) -> Session | None:
        token = HTTPConnection(scope).cookies.get(self._sessions.cookie_name)
        return self._sessions.session_of(token, now=self._now()) if token else None

    def _refusal(self, scope: Scope, session: Session | None) -> Response | None:
        """Why the request goes no further, or None."""
        if is_api(scope["path"]):
            return self._door.refusal(scope, session)
        headers = Headers(scope=scope)
        if scope["method"] not in SAFE_METHODS and not is_from_here(headers):
            return JSONResponse({"error": "the request comes from another site"}, 403)
        if session or scope["path"] in (*OPEN_PATHS, *GATES):
            return None
        if scope["method"] in SAFE_METHODS and _is_navigation(headers):
            return RedirectResponse(outside(scope, sign_in_path(_target(scope))), 303)
        # Streamlit shows this very text in a tab that finds itself signed out when it reconnects.
        return JSONResponse({"error": "not signed in: reload the page to sign in"}, 401)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; a failure is one line and a traceback in the log, and a bare 500 outside."""
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except Exception:
            log.exception("request failed")
            if not started:
                await _internal_error(scope)(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = self._session_of(scope)
        if session is None or not origin_is_host(Headers(scope=scope)):
            await receive()
            # A close before the accept makes the server answer the handshake with 403.
            await send({"type": "websocket.close", "code": CLOSE_REFUSED})
            return
        await self._streams.run(session, scope, receive, send)


def _internal_error(scope: Scope) -> Response:
    message = "Something went wrong here. The log says what, under this requestId."
    return problem(scope["path"], 500, INTERNAL, message)


def _is_navigation(headers: Headers) -> bool:
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in headers.get("accept", "")


def _target(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    path = quote(scope["path"])
    return f"{path}?{query}" if query else path
