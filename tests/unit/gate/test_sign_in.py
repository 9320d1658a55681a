"""Signing in and out: what the form takes, what it repeats, and what the cookie is like."""

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.sessions import SESSION_SECONDS
from tests.unit.gate.conftest import CANARY, PASSWORD, Clock, sign_in


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


def test_a_member_is_not_asked_again(member: TestClient) -> None:
    assert member.get("/login?next=/who").headers["location"] == "/who"


def test_a_link_to_sign_out_asks_first(member: TestClient) -> None:
    assert '<form method="post" action="logout">' in member.get("/logout").text
    assert member.get("/").text == CANARY


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
