"""What passes the gate, what does not, and what is told to those outside: nothing."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.api.admin_secret import AdminSecret
from dashboard.api.door import ApiDoor
from dashboard.gate import Gate
from dashboard.passwords import hash_password
from dashboard.sessions import SESSION_SECONDS, Sessions
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


@pytest.mark.parametrize("path", DATA_PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_a_stranger_gets_401_and_no_data(stranger: TestClient, path: str, method: str) -> None:
    response = stranger.request(method, path)
    assert response.status_code == 401
    assert CANARY not in response.text


def test_a_stranger_who_navigates_is_sent_to_sign_in_and_back(stranger: TestClient) -> None:
    response = stranger.get("/?minutes=15", headers={"Accept": "text/html,*/*"})
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2F%3Fminutes%3D15"
    back = sign_in(stranger, PASSWORD, next="/?minutes=15")
    assert back.headers["location"] == "/?minutes=15"


def test_a_fetch_of_html_by_a_script_is_no_navigation(stranger: TestClient) -> None:
    headers = {"Accept": "text/html", "Sec-Fetch-Mode": "cors"}
    assert stranger.get("/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "hostile",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/login?next=/login",
        "/logout",
        "",
    ],
)
def test_sign_in_leads_to_no_other_host(stranger: TestClient, hostile: str) -> None:
    assert sign_in(stranger, PASSWORD, next=hostile).headers["location"] == "/"


def test_the_sign_in_page_escapes_what_it_repeats(stranger: TestClient) -> None:
    page = stranger.get("/login?next=" + quote('/"><script>alert(1)</script>')).text
    assert "<script" not in page
    page = sign_in(stranger, "wrong", name='"><script>alert(1)</script>').text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_wrong_password_is_refused_without_a_cookie(stranger: TestClient) -> None:
    response = sign_in(stranger, "wrong")
    assert response.status_code == 401
    assert 'role="alert"' in response.text
    assert "set-cookie" not in response.headers
    assert stranger.get("/").status_code == 401


def test_after_five_wrong_passwords_the_right_one_waits_too(
    stranger: TestClient, clock: Clock
) -> None:
    assert [sign_in(stranger, "wrong").status_code for _ in range(5)] == [401] * 5
    refused = sign_in(stranger, PASSWORD)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "30"
    assert "Wait 30 seconds" in refused.text
    clock.seconds += 30
    assert sign_in(stranger, PASSWORD).status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: TestClient) -> None:
    cookie = sign_in(stranger, PASSWORD).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={SESSION_SECONDS}"} <= set(
        cookie.split("; ")
    )
    assert "Secure" not in cookie


def test_the_cookie_is_secure_over_https(app: Starlette) -> None:
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        assert "Secure" in sign_in(client, PASSWORD).headers["set-cookie"]


def test_a_member_gets_the_page(member: TestClient) -> None:
    assert member.get("/").text == CANARY


def test_a_member_is_not_asked_again(member: TestClient) -> None:
    assert member.get("/login?next=/who").headers["location"] == "/who"


def test_a_session_ends_after_twelve_hours(member: TestClient, clock: Clock) -> None:
    clock.seconds += SESSION_SECONDS
    assert member.get("/").status_code == 401


def test_a_cookie_that_was_signed_out_is_void_even_where_it_was_kept(member: TestClient) -> None:
    kept = dict(member.cookies)
    response = member.post("/logout")
    assert response.headers["location"] == "/login"
    assert "Max-Age=0" in response.headers["set-cookie"]
    member.cookies.update(kept)
    assert member.get("/").status_code == 401


def test_a_link_to_sign_out_asks_first(member: TestClient) -> None:
    assert '<form method="post" action="logout">' in member.get("/logout").text
    assert member.get("/").text == CANARY


def test_only_the_gate_says_who_a_request_is_from(stranger: TestClient) -> None:
    sign_in(stranger, PASSWORD, name="Ada Łovelace\r\n")
    forged = {
        "X-Stillframe-Session": "forged",
        "X-Stillframe-Name": "forged",
        "X-Stillframe-Z": "f",
    }
    told = stranger.get("/who", headers=forged).json()
    assert [name for name, _ in told] == ["x-stillframe-session", "x-stillframe-name"]
    assert told[1][1] == "Ada%20%C5%81ovelace"
    assert "forged" not in str(told)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none", "Origin": "http://testserver"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout", "/_stcore/upload_file/a/b"])
def test_a_post_from_another_site_changes_nothing(
    member: TestClient, headers: dict[str, str], path: str
) -> None:
    response = member.post(path, data={"password": PASSWORD}, headers=headers)
    assert response.status_code == 403
    assert CANARY not in response.text
    assert member.get("/").text == CANARY


def test_a_post_from_our_own_page_is_accepted(stranger: TestClient) -> None:
    headers = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    response = stranger.post("/login", data={"password": PASSWORD}, headers=headers)
    assert response.status_code == 303


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"password=" + b"a" * 9000, "application/x-www-form-urlencoded"),
        (b"password=\xff", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=b" for _ in range(20)), "application/x-www-form-urlencoded"),
        (b'{"password": "x"}', "application/json"),
    ],
)
def test_what_is_no_small_form_is_refused(stranger: TestClient, content: bytes, kind: str) -> None:
    response = stranger.post("/login", content=content, headers={"Content-Type": kind})
    assert response.status_code == 400


def test_an_empty_form_is_a_wrong_password(stranger: TestClient) -> None:
    assert sign_in(stranger, "").status_code == 401


def test_login_knows_no_other_method(stranger: TestClient) -> None:
    response = stranger.put("/login")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


def test_healthz_is_open_and_nothing_like_it(stranger: TestClient) -> None:
    assert stranger.get("/healthz").status_code == 200
    for path in ("/healthz/", "//healthz", "/healthz/x", "/login/", "/login/x", "/HEALTHZ"):
        assert stranger.get(path).status_code == 401, path


def test_every_answer_carries_the_security_headers(stranger: TestClient) -> None:
    answers: list[Any] = [stranger.get("/"), stranger.get("/login"), sign_in(stranger, "wrong")]
    answers += [sign_in(stranger, PASSWORD), stranger.get("/"), stranger.get("/boom")]
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_no_policy_allows_foreign_sources_or_eval(member: TestClient) -> None:
    policy = member.get("/").headers["content-security-policy"]
    assert "eval" not in policy
    assert "http" not in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts


def test_hashed_assets_keep_their_caching(member: TestClient) -> None:
    assert "immutable" in member.get("/static/a.js").headers["cache-control"]


def test_a_failure_inside_is_a_bare_500(
    member: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = member.get("/boom")
    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL_ERROR"
    assert CANARY not in response.text
    assert "request failed" in caplog.text


@pytest.mark.parametrize("headers", [{}, {"Cookie": "stillframe_0000=x"}])
def test_a_websocket_without_the_cookie_is_refused_before_it_opens(
    stranger: TestClient, headers: dict[str, str]
) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        stranger.websocket_connect("/_stcore/stream", headers=headers),
    ):
        pass
    assert refused.value.code == 1008
    assert not isinstance(refused.value, WebSocketDenialResponse)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example"]
)
def test_a_websocket_from_another_site_is_refused(member: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        member.websocket_connect("/_stcore/stream", headers={"Origin": origin}),
    ):
        pass


def test_a_websocket_of_a_member_streams_and_knows_its_session(member: TestClient) -> None:
    headers = {"Origin": "http://testserver", "X-Stillframe-Session": "forged"}
    with member.websocket_connect("/_stcore/stream", headers=headers) as websocket:
        assert len(websocket.receive_text()) == 24
        websocket.send_text("ping")
        assert websocket.receive_text() == "ping"


def test_signing_out_sends_every_tab_to_sign_in_and_hangs_up(member: TestClient) -> None:
    with (
        member.websocket_connect("/_stcore/stream") as first,
        member.websocket_connect("/_stcore/stream") as second,
    ):
        first.receive_text(), second.receive_text()
        member.post("/logout")
        for websocket in (first, second):
            farewell = ForwardMsg.FromString(websocket.receive_bytes())
            assert farewell.auth_redirect.url == "/login"
            assert websocket.receive()["code"] == 4401


def test_a_stream_ends_with_its_session(member: TestClient, clock: Clock) -> None:
    clock.seconds += SESSION_SECONDS - 0.2
    with member.websocket_connect("/_stcore/stream") as websocket:
        websocket.receive_text()
        clock.seconds += 0.2
        assert ForwardMsg.FromString(websocket.receive_bytes()).auth_redirect.url == "/login"
        assert websocket.receive()["code"] == 4401


def test_nothing_is_sent_once_the_session_is_over_even_before_the_hang_up(
    member: TestClient, clock: Clock
) -> None:
    clock.seconds += SESSION_SECONDS - 0.5
    with member.websocket_connect("/_stcore/stream") as websocket:
        websocket.receive_text()
        clock.seconds += 0.5
        websocket.send_text("a figure")
        assert "text" not in websocket.receive()


def test_the_lifespan_passes_through(clock: Clock, sessions: Sessions) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        seen.append("up")
        yield
        seen.append("down")

    gate = Gate(
        Starlette(lifespan=lifespan),
        sessions=sessions,
        sign_in=SignIn(password_hash=HASH, sessions=sessions, throttle=Throttle()),
        door=NO_API,
    )
    with TestClient(gate):
        assert seen == ["up"]
    assert seen == ["up", "down"]
