"""A front with the settings of a test, and a page behind it that tells what it is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from httpx2 import Response as HttpResponse
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.behind_proxy import BehindProxy
from dashboard.front import front
from tests.unit.api.conftest import PASSWORD

PROXY = "10.0.0.5"
SNAPSHOT = "/api/admin/metrics-snapshot"

Clients = Callable[..., TestClient]


def seen(connection: HTTPConnection) -> dict[str, object]:
    """What the page behind is told."""
    client = connection.client
    names = {key: value for key, value in connection.headers.items() if "stillframe-name" in key}
    scope = connection.scope
    return {
        "client": client.host if client else None,
        "scheme": scope["scheme"],
        "path": scope["path"],
        "names": names,
    }


async def page(request: Request) -> Response:
    return JSONResponse(seen(request))


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(seen(websocket))
    await websocket.receive()


@pytest.fixture
def clients(held: runtime.Runtime) -> Clients:
    """`clients(proxy, peer=...)`: a client at that address, of a front with these settings."""

    def client(proxy: BehindProxy, *, peer: str | None = PROXY) -> TestClient:
        settled = replace(held, settings=replace(held.settings, proxy=proxy))
        app = Starlette(
            routes=[
                *routes(),
                WebSocketRoute("/_stcore/stream", stream),
                Route("/{path:path}", page),
            ],
            middleware=front(settled),
        )
        return TestClient(app, follow_redirects=False, client=(peer or "", 5000))

    return client


def sign_in(client: TestClient, base: str = "", **fields: str) -> HttpResponse:
    answer = client.post(f"{base}/login", data={"password": PASSWORD, **fields})
    assert answer.status_code == 303, answer.text
    return answer
