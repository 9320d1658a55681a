"""Websockets behind the gate: whose they are, and how they end with the session."""

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.sessions import SESSION_SECONDS
from tests.unit.gate.conftest import Clock


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
