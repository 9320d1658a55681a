"""Whom we believe who the client is, by which scheme he comes and what he is called."""

import io
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.behind_proxy import BehindProxy
from metrics_core import Snapshot, Window, take_snapshot
from metrics_core.evidence import Viewer
from tests.unit.api.behind.conftest import PROXY, SNAPSHOT, Clients, sign_in
from tests.unit.api.conftest import PASSWORD

NOW = datetime(2026, 1, 30, 11, tzinfo=UTC)
STRANGER = "203.0.113.9"
TRUSTING = BehindProxy(
    trusted_proxies=(ip_network("10.0.0.0/24"), ip_network("fd00::/8")),
    user_header="x-forwarded-user",
)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (STRANGER, "198.51.100.1", STRANGER),
        (PROXY, "198.51.100.1", "198.51.100.1"),
        (PROXY, "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        (PROXY, "192.0.2.66, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        (PROXY, "10.0.0.7", "10.0.0.7"),
        (PROXY, "", PROXY),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("::ffff:203.0.113.9", "198.51.100.1", STRANGER),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_client_is_the_rightmost_address_that_no_trusted_proxy_has(
    clients: Clients, peer: str, forwarded: str, client: str
) -> None:
    visitor = clients(TRUSTING, peer=peer)
    sign_in(visitor)
    found = visitor.get("/", headers={"X-Forwarded-For": forwarded}).json()
    assert found["client"] == client


def test_without_trusted_proxies_not_even_this_machine_is_believed(clients: Clients) -> None:
    visitor = clients(BehindProxy(), peer="127.0.0.1")
    sign_in(visitor)
    told = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
    found = visitor.get("/", headers=told).json()
    assert (found["client"], found["scheme"]) == ("127.0.0.1", "http")


@pytest.mark.parametrize(("peer", "client"), [(STRANGER, STRANGER), (PROXY, "198.51.100.1")])
def test_the_websocket_has_the_same_client_and_scheme(
    clients: Clients, peer: str, client: str
) -> None:
    visitor = clients(TRUSTING, peer=peer)
    sign_in(visitor)
    told = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
    with visitor.websocket_connect("/_stcore/stream", headers=told) as socket:
        found = socket.receive_json()
    assert found["client"] == client
    assert found["scheme"] == ("wss" if peer == PROXY else "ws")


@pytest.mark.parametrize(("peer", "is_secure"), [(STRANGER, False), (PROXY, True)])
def test_the_cookie_is_secure_where_a_trusted_proxy_says_https(
    clients: Clients, peer: str, is_secure: bool
) -> None:
    answer = clients(TRUSTING, peer=peer).post(
        "/login", data={"password": PASSWORD}, headers={"X-Forwarded-Proto": "https"}
    )
    assert ("; Secure" in answer.headers["set-cookie"]) is is_secure


def wrong_password(client: TestClient, address: str) -> int:
    answer = client.post(
        "/login",
        data={"password": "wrong-otter-lantern-42"},
        headers={"X-Forwarded-For": address},
    )
    return answer.status_code


def test_behind_a_trusted_proxy_the_throttles_count_real_clients(clients: Clients) -> None:
    visitor = clients(TRUSTING)
    assert [wrong_password(visitor, "198.51.100.1") for _ in range(6)] == [401] * 5 + [429]
    assert wrong_password(visitor, "198.51.100.2") == 401
    secrets = [{"X-Admin-Secret": "wrong", "X-Forwarded-For": "198.51.100.1"}] * 6
    assert [visitor.get(SNAPSHOT, headers=one).status_code for one in secrets][5] == 429
    other = {"X-Admin-Secret": "wrong", "X-Forwarded-For": "198.51.100.2"}
    assert visitor.get(SNAPSHOT, headers=other).status_code == 401


def test_a_proxy_that_is_not_trusted_is_one_client(clients: Clients) -> None:
    visitor = clients(BehindProxy())
    told = [wrong_password(visitor, f"198.51.100.{last}") for last in range(6)]
    assert told == [401] * 5 + [429]
    secrets = [
        {"X-Admin-Secret": "wrong", "X-Forwarded-For": f"198.51.100.{last}"} for last in range(6)
    ]
    assert [visitor.get(SNAPSHOT, headers=one).status_code for one in secrets][5] == 429


def test_the_access_log_shows_the_real_client(clients: Clients, log: io.StringIO) -> None:
    headers = {"X-Forwarded-For": "192.0.2.66, 198.51.100.1"}
    clients(TRUSTING).get("/healthz", headers=headers)
    clients(TRUSTING, peer=STRANGER).get("/healthz", headers=headers)
    logged = [line for line in log.getvalue().splitlines() if "[ACCESS]" in line]
    assert ["client=198.51.100.1" in logged[0], f"client={STRANGER}" in logged[1]] == [True, True]


@pytest.mark.parametrize(
    ("peer", "header", "names"),
    [
        (PROXY, "Grace Hopper", {"": "Grace%20Hopper", "-told-by-proxy": "yes"}),
        (PROXY, "Zo\u00eb", {"": "Zo%C3%AB", "-told-by-proxy": "yes"}),
        (PROXY, "  ", {"": "Ada"}),
        (PROXY, None, {"": "Ada"}),
        (STRANGER, "Grace Hopper", {"": "Ada"}),
    ],
)
def test_the_name_that_a_trusted_proxy_tells_wins(
    clients: Clients, peer: str, header: str | None, names: dict[str, str]
) -> None:
    visitor = clients(TRUSTING, peer=peer)
    sign_in(visitor, name="Ada")
    visitor.headers.update({} if header is None else {b"X-Forwarded-User": header.encode()})
    found = visitor.get("/").json()["names"]
    assert found == {f"x-stillframe-name{end}": value for end, value in names.items()}
    with visitor.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_json()["names"] == found


@pytest.mark.parametrize(("peer", "is_asked"), [(PROXY, False), (STRANGER, True)])
def test_nobody_is_asked_for_a_name_that_was_told(
    clients: Clients, peer: str, is_asked: bool
) -> None:
    told = {"X-Forwarded-User": "<b>Grace</b>"}
    visitor = clients(TRUSTING, peer=peer)
    wrong = {"password": "wrong-otter-lantern-42"}
    answers = [
        visitor.get("/login", headers=told),
        visitor.post("/login", data=wrong, headers=told),
    ]
    for answer in answers:
        assert ('name="name"' in answer.text) is is_asked
        assert ("<bdi>&lt;b&gt;Grace&lt;/b&gt;</bdi>" in answer.text) is not is_asked


def test_of_two_names_none_is_believed(clients: Clients) -> None:
    visitor = clients(TRUSTING)
    sign_in(visitor)
    told = [("X-Forwarded-User", "admin"), ("X-Forwarded-User", "Grace")]
    assert visitor.get("/", headers=told).json()["names"] == {"x-stillframe-name": ""}


def test_no_client_can_say_that_a_proxy_told_its_name(clients: Clients) -> None:
    visitor = clients(TRUSTING, peer=STRANGER)
    sign_in(visitor, name="Ada")
    told = {"X-Stillframe-Name-Told-By-Proxy": "yes", "X-Stillframe-Name": "Grace"}
    assert visitor.get("/", headers=told).json()["names"] == {"x-stillframe-name": "Ada"}


def test_a_told_name_needs_the_password_all_the_same(clients: Clients) -> None:
    answer = clients(TRUSTING).get("/", headers={"X-Forwarded-User": "Grace"})
    assert answer.status_code == 401


@pytest.fixture
def snapshot(held: runtime.Runtime) -> Snapshot:
    snapshot = take_snapshot(held.sources["tasks"], Window.ending(NOW, minutes=60))
    runtime.remember(snapshot)
    return snapshot


@pytest.mark.parametrize(
    ("peer", "viewer"),
    [
        (PROXY, Viewer(name="Grace", self_declared=False)),
        (STRANGER, Viewer(name="Ada", self_declared=True)),
    ],
)
def test_a_document_says_whether_its_taker_named_himself(
    clients: Clients, snapshot: Snapshot, peer: str, viewer: Viewer
) -> None:
    visitor = clients(TRUSTING, peer=peer)
    sign_in(visitor, name="Ada")
    path = f"/snapshots/{snapshot.request_id}"
    text = visitor.get(path, headers={"X-Forwarded-User": "Grace"}).text
    assert Snapshot.from_json(text).provenance.taken_by == viewer
