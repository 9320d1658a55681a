"""The gate as a person at a browser, and a stranger without a cookie, meet it."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import ConnectionClosed, Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import (
    PASSWORD,
    Server,
    StartServer,
    complaints_of,
    expect_connected,
    hosts_asked,
    sign_in,
)

SLOW = 20_000
NOT_SIGNED_IN = b'{"error":"not signed in: reload the page to sign in"}'


def answer(server: Server, path: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of a GET without a cookie, straight from the socket."""
    address = urlsplit(server.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def frames_until_closed(stream: ClientConnection) -> Iterator[bytes]:
    with suppress(ConnectionClosed):
        while True:
            yield stream.recv(timeout=20, decode=False)


def test_a_wrong_password_is_refused_and_said(server: Server, page: Page) -> None:
    sign_in(page, server, password="wrong-otter-lantern-42")
    expect(page.get_by_role("alert")).to_have_text("That password is not right.")
    expect(page.get_by_label("Password")).to_be_focused()


def test_the_sixth_wrong_password_has_to_wait(start_server: StartServer, page: Page) -> None:
    server = start_server()
    for _ in range(5):
        sign_in(page, server, password="wrong-otter-lantern-42")
        expect(page.get_by_role("alert")).to_have_text("That password is not right.")
    sign_in(page, server)
    expect(page.get_by_role("alert")).to_contain_text("Too many wrong passwords. Wait")


def test_sign_in_leads_back_to_the_address_that_was_asked_for(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?minutes=15")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/?minutes=15")
    expect_connected(page)


def test_a_refresh_keeps_the_sign_in(signed_in_page: Page, server: Server) -> None:
    signed_in_page.reload()
    expect_connected(signed_in_page)
    expect(signed_in_page.get_by_label("Your name")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/media/x", "/_stcore/metrics", "/_stcore/host-config"])
@pytest.mark.parametrize("path_prefix", ["", "/x/.."])
def test_a_stranger_gets_no_data(server: Server, path: str, path_prefix: str) -> None:
    assert answer(server, path_prefix + path) == (401, NOT_SIGNED_IN)


def test_a_stranger_gets_no_assets_and_no_snapshots(server: Server) -> None:
    for path in ("/static/js/x.js", "/favicon.png", "/snapshots/x", "/api/x", "/_stcore/health"):
        assert answer(server, path)[0] == 401, path


def test_a_stranger_gets_no_websocket(server: Server) -> None:
    status, body = answer(
        server,
        "/_stcore/stream",
        **{
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Origin": server.url,
        },
    )
    assert (status, body) == (403, b"")


def test_healthz_tells_only_that_it_is_well(server: Server) -> None:
    assert answer(server, "/healthz") == (200, b"ok")


@pytest.mark.parametrize(
    ("path", "status"), [("/api/x", 401), ("/v1/x", 401), ("/snapshots/unknown", 404)]
)
def test_what_the_sign_in_does_not_open_or_there_is_not_is_said_in_json(
    signed_in_page: Page, server: Server, path: str, status: int
) -> None:
    """The cookie opens the paths of the API that the page needs; no others, known or unknown."""
    response = signed_in_page.request.get(server.url + path)
    assert response.status == status
    assert {"message", "requestId"} <= set(response.json())


def test_signing_out_ends_the_stream_of_a_second_tab(
    signed_in_page: Page, context: BrowserContext, server: Server
) -> None:
    frames: list[int] = []

    def watch(stream: WebSocket) -> None:
        stream.on("framereceived", lambda _: frames.append(1))

    second = context.new_page()
    second.on("websocket", watch)
    second.goto(server.url)
    expect_connected(second)
    signed_in_page.goto(f"{server.url}/logout")
    signed_in_page.get_by_role("button", name="Sign out").click()
    expect(signed_in_page).to_have_url(f"{server.url}/login")
    expect(second).to_have_url(f"{server.url}/login")
    received = len(frames)
    second.go_back()
    expect(second.get_by_label("Password")).to_be_visible()
    assert len(frames) == received > 0


def test_signing_out_hangs_up_on_a_client_that_does_not_leave_by_itself(
    signed_in_page: Page, server: Server
) -> None:
    cookies = signed_in_page.context.cookies()
    header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
    with connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        origin=Origin(server.url),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": header},
    ) as stream:
        stream.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        assert stream.recv(timeout=20)
        signed_in_page.request.post(f"{server.url}/logout")
        frames = list(frames_until_closed(stream))
    # Chromium hangs when a tab is closed in the middle of its redirect.
    expect(signed_in_page).to_have_url(f"{server.url}/login")
    assert ForwardMsg.FromString(frames[-1]).auth_redirect.url == "/login"
    assert stream.close_code == 4401


def test_nothing_outside_is_asked_for_and_nothing_goes_wrong(
    server: Server, page: Page, context: BrowserContext
) -> None:
    hosts, errors = hosts_asked(page, context), complaints_of(page)
    sign_in(page, server, name="Ada Łovelace")
    expect_connected(page)
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=SLOW)
    assert hosts - {""} == {urlsplit(server.url).netloc}
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_fits_a_phone(server: Server, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/login")
    expect(page.get_by_role("heading", name="Stillframe")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    dark_page = "rgb(16, 22, 28)"
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == dark_page) == (scheme == "dark")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly_with_a_page_open(
    start_server: StartServer, page: Page, number: signal.Signals
) -> None:
    server = start_server()
    sign_in(page, server)
    expect_connected(page)
    server.process.send_signal(number)
    assert server.process.wait(timeout=20) == 0
    assert "Traceback" not in server.log.read_text()
