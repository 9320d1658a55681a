"""Streams: a websocket of the page runs as long as the session that opened it, and no longer.

At the sign-out, or at the session's end, its tab is sent to the sign-in page.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.base_path import outside
from dashboard.identity import identified
from dashboard.sessions import Session, Sessions

CLOSE_SIGNED_OUT = 4401
GOODBYE_SECONDS = 5
log = logging.getLogger("stillframe.gate")


class Streams:
    """Runs websockets of `app`. `now` gives seconds since the epoch."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions, now: Callable[[], float]) -> None:
        self._app = app
        self._sessions = sessions
        self._now = now

    async def run(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        """One websocket of the session, from its handshake to its end."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        def close() -> None:
            loop.call_soon_threadsafe(ended.set)

        with self._sessions.stream(session, close):
            await self._until(ended, session, scope, receive, send)

    async def _until(
        self, ended: asyncio.Event, session: Session, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Run it until it is over, its session ends, or someone signs out."""

        async def send_while_signed_in(message: Message) -> None:
            if self._sessions.still_signed_in(session.id, now=self._now()):
                await send(message)

        streaming = asyncio.ensure_future(
            self._app(identified(scope, session), receive, send_while_signed_in)
        )
        signed_out = asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait(
                {streaming, signed_out},
                timeout=session.ends_at - self._now(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not streaming.done():
                await _say_goodbye(send, outside(scope, "/login"))
        finally:
            signed_out.cancel()
            await _finished(streaming)


async def _finished(streaming: "asyncio.Future[None]") -> None:
    """End the stream's task and let it clean up; what it failed with goes to the log."""
    streaming.cancel()
    try:
        with suppress(asyncio.CancelledError):
            await streaming
    except Exception:
        log.exception("stream failed")


async def _say_goodbye(send: Send, sign_in_url: str) -> None:
    """Send the tab to the sign-in page, so that no figures stay on the screen; then hang up."""
    farewell = ForwardMsg()
    farewell.auth_redirect.url = sign_in_url
    # The client may be gone, or may not read: then there is nobody to tell.
    with suppress(Exception):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await send({"type": "websocket.send", "bytes": farewell.SerializeToString()})
            await send({"type": "websocket.close", "code": CLOSE_SIGNED_OUT})
