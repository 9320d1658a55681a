"""Who may ask the API, and what the others are told: the same, whatever was wrong."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.front import front
from tests.unit.api.conftest import PASSWORD, RIGHT, SECRET

SNAPSHOT = "/api/admin/metrics-snapshot"
PATHS = [SNAPSHOT, "/api/admin/health", "/v1/metrics/overview", "/metrics", "/openapi.json", "/api"]


def told(response: object) -> dict[str, str]:
    """A refusal's body but for its requestId."""
    body: dict[str, str] = response.json()  # type: ignore[attr-defined]
    assert body.pop("requestId") == response.headers["X-Request-Id"]  # type: ignore[attr-defined]
    return body


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
def test_a_stranger_gets_401(client: TestClient, path: str, method: str) -> None:
    assert client.request(method, path).status_code == 401


def test_missing_wrong_and_not_configured_are_told_alike(
    client: TestClient, held: runtime.Runtime
) -> None:
    bare = replace(held, settings=replace(held.settings, admin_secret=None))
    unconfigured = TestClient(Starlette(routes=routes(), middleware=front(bare)))
    missing = client.get(SNAPSHOT)
    wrong = client.get(SNAPSHOT, headers={"X-Admin-Secret": "wrong"})
    none = unconfigured.get(SNAPSHOT, headers=RIGHT)
    assert missing.status_code == wrong.status_code == none.status_code == 401
    assert told(missing) == told(wrong) == told(none)
    assert missing.json()["code"] == "ADMIN_UNAUTHORIZED"


@pytest.mark.parametrize(
    "headers",
    [
        RIGHT,
        {"Authorization": f"Bearer {SECRET}"},
        {"Authorization": f"bearer {SECRET}"},
    ],
)
def test_the_secret_passes(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get(SNAPSHOT, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Admin-Secret", SECRET), ("X-Admin-Secret", "wrong")],
        [("X-Admin-Secret", "wrong"), ("Authorization", f"Bearer {SECRET}")],
        [("X-Admin-Secret", SECRET + " x")],
        [("X-Admin-Secret", SECRET[:-1])],
        [("X-Admin-Secret", "")],
        [("Authorization", f"Basic {SECRET}")],
    ],
)
def test_what_is_not_exactly_the_secret_does_not(
    client: TestClient, headers: list[tuple[str, str]]
) -> None:
    assert client.get(SNAPSHOT, headers=headers).status_code == 401


def test_wrong_secrets_are_slowed_down_and_the_right_one_never(client: TestClient) -> None:
    wrong = {"X-Admin-Secret": "wrong"}
    for _ in range(5):
        assert client.get(SNAPSHOT, headers=wrong).status_code == 401
    slowed = client.get(SNAPSHOT, headers=wrong)
    assert slowed.status_code == 429
    assert 1 <= int(slowed.headers["Retry-After"]) <= 60
    assert slowed.json()["code"] == "TOO_MANY_REQUESTS"
    assert client.get(SNAPSHOT, headers=RIGHT).status_code == 200
    assert client.get(SNAPSHOT).status_code == 401
    assert client.post("/login", data={"password": PASSWORD}).status_code == 303


@pytest.fixture
def member(client: TestClient) -> TestClient:
    assert client.post("/login", data={"password": PASSWORD}).status_code == 303
    return client


def test_the_page_s_cookie_opens_what_the_page_needs(member: TestClient) -> None:
    assert member.get(SNAPSHOT).status_code == 200
    assert member.get(SNAPSHOT, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert member.get(SNAPSHOT, headers={"Sec-Fetch-Site": "none"}).status_code == 200
    assert member.get(SNAPSHOT, headers={"Origin": "http://testserver"}).status_code == 200


def test_the_cookie_opens_nothing_for_another_site_or_method(member: TestClient) -> None:
    assert member.get(SNAPSHOT, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 401
    assert member.get(SNAPSHOT, headers={"Sec-Fetch-Site": "same-site"}).status_code == 401
    assert member.get(SNAPSHOT, headers={"Origin": "http://evil.example"}).status_code == 401
    assert member.post(SNAPSHOT).status_code == 401
    assert member.get("/v1/metrics/overview").status_code == 401
    assert member.get("/metrics").status_code == 401


def test_the_cookie_does_not_make_up_for_a_wrong_secret(member: TestClient) -> None:
    assert member.get(SNAPSHOT, headers={"X-Admin-Secret": "wrong"}).status_code == 401


def test_everything_carries_the_security_headers(client: TestClient) -> None:
    for path in (SNAPSHOT, "/healthz", "/readyz", "/login", "/api/x"):
        headers = client.get(path, headers=RIGHT).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
