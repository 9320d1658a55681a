"""Every route of the served app, and a client that sends any bytes as a request."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.served import PASSWORD

ROUTES = """
import json
from dashboard.app import app
print(json.dumps([route.path or "" for route in app._build_starlette_app().routes]))
"""
TIMEOUT_SECONDS = 20
CHUNK_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: all of its bytes, and the parts by which it is judged."""

    status: int
    head: str
    body: bytes
    raw: bytes

    @property
    def location(self) -> str:
        found = re.search(r"^location: *(.*)$", self.head, re.MULTILINE | re.IGNORECASE)
        return found[1].strip() if found else ""


def routes(config: Path) -> list[str]:
    """The paths in the app's own table, ours and Streamlit's, each parameter with a value."""
    environ = {**os.environ, "STILLFRAME_CONFIG": str(config), "STILLFRAME_PASSWORD": PASSWORD}
    told = subprocess.run(
        [sys.executable, "-c", ROUTES], env=environ, capture_output=True, text=True, check=True
    )
    patterns: list[str] = json.loads(told.stdout)
    return sorted({re.sub(r"\{[^}]*\}", "x", pattern) or "/" for pattern in patterns})


def ask(
    port: int, target: str, *, method: str = "GET", headers: Mapping[str, str] | None = None
) -> Answer:
    """Sends the target as it stands, control characters included."""
    lines = [f"{method} {target} HTTP/1.1"]
    given = {"Host": f"127.0.0.1:{port}", "Connection": "close", **(headers or {})}
    lines += [f"{name}: {value}" for name, value in given.items()]
    request = "\r\n".join([*lines, "", ""]).encode("latin-1")
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(request)
        return _answer(connection)


def _answer(connection: socket.socket) -> Answer:
    parts = []
    while data := connection.recv(CHUNK_BYTES):
        parts.append(data)
    raw = b"".join(parts)
    head, _, body = raw.partition(b"\r\n\r\n")
    return Answer(
        status=int(head.split(b" ", 2)[1]), head=head.decode("latin-1"), body=body, raw=raw
    )


HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
"""Opens a websocket, where there is one and it is allowed."""
