"""What passes the gate, what does not, and what is told to those outside: nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.gate import Gate
from dashboard.sessions import SESSION_SECONDS, Sessions
from dashboard.sign_in import SignIn
from dashboard.throttle import Throttle
from tests.unit.gate.conftest import CANARY, DATA_PATHS, HASH, NO_API, PASSWORD, Clock, sign_in


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


def test_a_member_gets_the_page(member: TestClient) -> None:
    assert member.get("/").text == CANARY


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
