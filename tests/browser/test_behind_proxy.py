"""Behind a reverse proxy, under a sub-path: sign in, see figures, download, sign out."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from metrics_core import Snapshot
from tests.browser.conftest import (
    PASSWORD,
    Server,
    StartServer,
    complaints_of,
    expect_connected,
)
from tests.browser.reverse_proxy import CLIENT, USER, ReverseProxy, running

SLOW = 20_000
BASE = "/ops/stillframe"
BEHIND = {
    "STILLFRAME_BASE_PATH": BASE,
    "STILLFRAME_TRUSTED_PROXIES": "127.0.0.1",
    "STILLFRAME_USER_HEADER": "X-Forwarded-User",
    "STILLFRAME_ALLOWED_HOSTS": "127.0.0.1",
    "FORWARDED_ALLOW_IPS": "*",  # uvicorn must not read it: it would take the name from us
}


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    return start_server(env=BEHIND)


@pytest.fixture(params=[False, True], ids=["passed on", "stripped"])
def proxy(server: Server, request: pytest.FixtureRequest) -> Iterator[ReverseProxy]:
    strips: bool = request.param
    with running(ReverseProxy(upstream=server.url, base=BASE, strips=strips)) as proxy:
        yield proxy


@pytest.fixture
def asked(context: BrowserContext, page: Page) -> set[str]:
    """The paths that the browser asks for, websockets included."""
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(urlsplit(request.url).path))
    page.on("websocket", lambda stream: asked.add(urlsplit(stream.url).path))
    return asked


@pytest.fixture
def errors(page: Page) -> list[str]:
    """What goes wrong in the browser, by its console."""
    return complaints_of(page)


def enter(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect_connected(page)
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=SLOW)


def downloaded(page: Page) -> Snapshot:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this snapshot").click()
    return Snapshot.from_json(download.value.path().read_text(encoding="utf-8"))


def test_a_visit_stays_below_the_sub_path(
    page: Page, proxy: ReverseProxy, asked: set[str], errors: list[str]
) -> None:
    enter(page, f"{proxy.url}{BASE}/?minutes=30")
    expect(page).to_have_url(f"{proxy.url}{BASE}/?minutes=30")
    viewer = downloaded(page).provenance.taken_by
    assert viewer is not None
    assert (viewer.name, viewer.self_declared) == (USER, False)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{proxy.url}{BASE}/login")
    assert {path for path in asked if not path.startswith(f"{BASE}/")} == set()
    assert f"{BASE}/_stcore/stream" in asked
    assert errors == []
    assert proxy.refused == []


def test_the_log_shows_the_real_client(page: Page, server: Server, proxy: ReverseProxy) -> None:
    enter(page, f"{proxy.url}{BASE}/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{proxy.url}{BASE}/login")
    lines = [line for line in server.log.read_text().splitlines() if "[ACCESS]" in line]
    streams = [line for line in lines if "method=WEBSOCKET" in line]
    assert streams != []
    assert all(f"client={CLIENT}" in line for line in streams)


def test_the_cookie_is_kept_from_the_neighbours(page: Page, proxy: ReverseProxy) -> None:
    enter(page, f"{proxy.url}{BASE}/")
    (cookie,) = [one for one in page.context.cookies() if one["name"].startswith("stillframe_")]
    assert cookie["path"] == BASE


def test_the_sub_path_without_its_slash_leads_to_the_page(server: Server, page: Page) -> None:
    with running(ReverseProxy(upstream=server.url, base=BASE, strips=False)) as proxy:
        enter(page, f"{proxy.url}{BASE}")
        expect(page).to_have_url(f"{proxy.url}{BASE}/")
