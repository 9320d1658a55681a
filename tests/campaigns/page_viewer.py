"""A viewer without a browser: signs in over HTTP, then speaks Streamlit's websocket protocol.

It does what the page does in a browser, as far as the server can tell: it opens the stream with
the cookie and with compression, asks for the page, and for its fragment at each refresh.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

LARGEST_MESSAGE = 2**24
PATIENCE_SECONDS = 60


@dataclass(kw_only=True)
class Answer:
    """What the server sent for one run of the page or its fragment.

    `wire_bytes` are those on the connection, compressed; `seconds` from the question to the end.
    """

    messages: list[ForwardMsg] = field(default_factory=list)
    payload_bytes: int = 0
    wire_bytes: int = 0
    seconds: float = 0.0

    @property
    def elements(self) -> Iterator[Element]:
        """What the page is told to draw."""
        for message in self.messages:
            if message.delta.WhichOneof("type") == "new_element":
                yield message.delta.new_element

    @property
    def html(self) -> str:
        """All that the page says through our own elements."""
        return "\n".join(e.html.body for e in self.elements if e.WhichOneof("type") == "html")


class CountingConnection(ClientConnection):
    """A websocket that counts what arrives before it is decompressed."""

    arrived_bytes = 0

    def data_received(self, data: bytes) -> None:
        self.arrived_bytes += len(data)
        super().data_received(data)


class PageViewer:
    """One open page. Use `viewer_at`."""

    def __init__(self, connection: CountingConnection, query: str) -> None:
        self._connection = connection
        self._query = query
        self._fragment_id = ""
        self.refresh_seconds = 0.0

    async def run_page(self) -> Answer:
        """Runs the whole page, as a browser does that has just connected."""
        return await self._ask("")

    async def open_page(self) -> Answer:
        """As `run_page`, of a page that refreshes."""
        answer = await self.run_page()
        for message in answer.messages:
            if message.HasField("auto_rerun"):
                self._fragment_id = message.auto_rerun.fragment_id
                self.refresh_seconds = message.auto_rerun.interval
        assert self._fragment_id, "the page has no refresh"
        return answer

    async def refresh(self) -> Answer:
        """Runs the fragment, as a browser does every `refresh_seconds`."""
        return await self._ask(self._fragment_id)

    async def _ask(self, fragment_id: str) -> Answer:
        question = BackMsg()
        state = question.rerun_script
        state.query_string, state.fragment_id = self._query, fragment_id
        state.is_auto_rerun = bool(fragment_id)
        state.context_info.timezone, state.context_info.locale = "UTC", "en-US"
        before, began = self._connection.arrived_bytes, time.perf_counter()
        await self._connection.send(question.SerializeToString())
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer = await self._until_finished()
        answer.seconds = time.perf_counter() - began
        answer.wire_bytes = self._connection.arrived_bytes - before
        return answer

    async def _until_finished(self) -> Answer:
        answer, finished = Answer(), False
        while not finished:
            payload = await self._connection.recv(decode=False)
            message = ForwardMsg.FromString(payload)
            answer.messages.append(message)
            answer.payload_bytes += len(payload)
            finished = message.WhichOneof("type") == "script_finished"
        return answer


def cookie_of(port: int, password: str) -> str:
    """Signs in, and returns the cookie that a browser would send from now on."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        form = urlencode({"password": password})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/login", form, kind)
        response = connection.getresponse()
        assert response.status == 303, f"sign-in was answered with {response.status}"
        return (response.getheader("Set-Cookie") or "").partition(";")[0]
    finally:
        connection.close()


@asynccontextmanager
async def viewer_at(port: int, cookie: str, *, query: str = "") -> AsyncIterator[PageViewer]:
    """A viewer whose stream is open; nothing is drawn yet."""
    opened = connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        additional_headers={"Cookie": cookie},
        subprotocols=[Subprotocol("streamlit")],
        create_connection=CountingConnection,
        max_size=LARGEST_MESSAGE,
        proxy=None,
    )
    async with opened as connection:
        assert isinstance(connection, CountingConnection)
        yield PageViewer(connection, query)
