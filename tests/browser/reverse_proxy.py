"""A reverse proxy as small as one can be: one sub-path, HTTP and websocket, on a loopback port.

It appends the address of a pretended client and the name of a user, as a proxy with a sign-in of
its own does, and answers 404 to whatever lies outside of its sub-path.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import urlsplit

CLIENT = "198.51.100.7"
USER = "Grace Hopper"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(kw_only=True)
class ReverseProxy:
    """Shows the server at `upstream` under `base`, which it strips or passes on."""

    upstream: str
    base: str
    strips: bool
    port: int = 0
    refused: list[str] = field(default_factory=list)
    stop: Callable[[], object] = field(init=False)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, ready: Event) -> None:
        """Serve until `stop`, which hangs up on everybody."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        self.stop = lambda: loop.call_soon_threadsafe(over.set)
        server = await asyncio.start_server(self._one_request, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*_others(), return_exceptions=True)

    async def _one_request(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError), self._held(back):
            head = (await near.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            if not path.startswith((f"{self.base}/", f"{self.base}?")) and path != self.base:
                self.refused.append(path)
                back.write(NOT_FOUND)
                return
            await self._pass_on(self._rewritten(head), near, back)

    @contextmanager
    def _held(self, writer: asyncio.StreamWriter) -> Iterator[None]:
        self._open.add(writer)
        try:
            yield
        finally:
            self._open.discard(writer)
            writer.close()

    def _rewritten(self, head: str) -> str:
        request, *headers = head.removesuffix("\r\n\r\n").split("\r\n")
        method, path, protocol = request.split(" ")
        path = (path.removeprefix(self.base) or "/") if self.strips else path
        told = ("x-forwarded-user:", "x-forwarded-proto:", "connection:")
        kept = [line for line in headers if not line.lower().startswith(told)]
        is_upgrade = any(line.lower().startswith("upgrade:") for line in kept)
        ours = [
            f"X-Forwarded-For: {CLIENT}",
            "X-Forwarded-Proto: http",
            f"X-Forwarded-User: {USER}",
            f"Connection: {'Upgrade' if is_upgrade else 'close'}",
        ]
        return "\r\n".join([f"{method} {path} {protocol}", *kept, *ours, "", ""])

    async def _pass_on(
        self, head: str, near: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        address = urlsplit(self.upstream)
        answer, far = await asyncio.open_connection(address.hostname, address.port)
        with self._held(far):
            far.write(head.encode("latin-1"))
            up = asyncio.ensure_future(_pumped(near, far))
            await _pumped(answer, back)
            up.cancel()


def _others() -> "set[asyncio.Task[object]]":
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def _pumped(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()


@contextmanager
def running(proxy: ReverseProxy) -> Iterator[ReverseProxy]:
    """The proxy, in a thread with a loop of its own."""
    ready = Event()
    thread = Thread(target=lambda: asyncio.run(proxy.serve(ready)), daemon=True)
    thread.start()
    assert ready.wait(10), "the proxy did not start"
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join(10)
        assert not thread.is_alive()
