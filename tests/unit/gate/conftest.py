"""A small app behind the gate, a stranger before it, and a member who has signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from dashboard.api.admin_secret import AdminSecret
from dashboard.api.door import ApiDoor
from dashboard.gate import Gate
from dashboard.passwords import hash_password
from dashboard.sessions import Sessions
from dashboard.sign_in import SignIn
from dashboard.throttle import Throttle

PASSWORD = "quiet-otter-lantern-42"
HASH = hash_password(PASSWORD)
CANARY = "canary-of-the-data"
NO_API = ApiDoor(AdminSecret(None, throttle=Throttle()))
DATA_PATHS = ["/", "/media/x", "/_stcore/metrics", "/_stcore/host-config", "/static/a.js"]


@dataclass
class Clock:
    seconds: float = 1_770_000_000.0

    def __call__(self) -> float:
        return self.seconds


async def data(request: Request) -> Response:
    return HTMLResponse(CANARY)


async def asset(request: Request) -> Response:
    return PlainTextResponse("js", headers={"Cache-Control": "public, immutable, max-age=31536000"})


async def who(request: Request) -> Response:
    return JSONResponse(
        [[name, value] for name, value in request.headers.items() if "stillframe-" in name]
    )


async def boom(request: Request) -> Response:
    raise RuntimeError(CANARY)


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(websocket.headers["x-stillframe-session"])
    while True:
        await websocket.send_text(await websocket.receive_text())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(HASH)


@pytest.fixture
def app(clock: Clock, sessions: Sessions) -> Starlette:
    sign_in = SignIn(
        password_hash=HASH, sessions=sessions, throttle=Throttle(), now=clock, steady=clock
    )
    return Starlette(
        routes=[
            Route("/who", who),
            Route("/boom", boom),
            Route("/static/a.js", asset),
            WebSocketRoute("/_stcore/stream", stream),
            Route("/{path:path}", data, methods=["GET", "POST", "PUT"]),
        ],
        middleware=[Middleware(Gate, sessions=sessions, sign_in=sign_in, door=NO_API, now=clock)],
    )


@pytest.fixture
def stranger(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, client=("10.0.0.1", 5000)) as client:
        yield client


@pytest.fixture
def member(stranger: TestClient) -> TestClient:
    assert sign_in(stranger, PASSWORD).status_code == 303
    return stranger


def sign_in(client: TestClient, password: str, **fields: str) -> Any:
    return client.post("/login", data={"password": password, **fields})
