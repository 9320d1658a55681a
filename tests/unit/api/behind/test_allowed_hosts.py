"""By which names we are called: another one is a 400, over HTTP and websocket alike."""

import pytest
from starlette.testclient import WebSocketDenialResponse

from dashboard.behind_proxy import BehindProxy
from tests.unit.api.behind.conftest import SNAPSHOT, Clients, sign_in
from tests.unit.api.conftest import RIGHT

NAMED = BehindProxy(allowed_hosts=("ops.example", "*.ops.example"))


@pytest.mark.parametrize(
    "host", ["ops.example", "OPS.example:8443", "a.ops.example", "a.b.ops.example:80"]
)
def test_a_host_that_is_named_is_served(clients: Clients, host: str) -> None:
    answer = clients(NAMED).get("/login", headers={"Host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evilops.example", "ops.example.evil", "ops.example:x", "", "[::1]"]
)
def test_another_host_is_a_400_and_says_why(clients: Clients, host: str) -> None:
    visitor = clients(NAMED)
    answer = visitor.get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.text.startswith("This host name is not served here.")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in answer.headers
    api = visitor.get(SNAPSHOT, headers={"Host": host, **RIGHT})
    assert (api.status_code, api.json()["code"]) == (400, "INVALID_HOST")
    v1 = visitor.get("/v1/x", headers={"Host": host, **RIGHT})
    assert (v1.status_code, v1.json()["error"]) == (400, "invalid_host")


def test_probes_are_answered_by_any_name(clients: Clients) -> None:
    assert clients(NAMED).get("/healthz", headers={"Host": "10.1.2.3:8501"}).text == "ok"


def test_a_websocket_to_another_host_is_a_400(clients: Clients) -> None:
    visitor = clients(NAMED)
    visitor.base_url = "http://ops.example"
    sign_in(visitor)
    with (
        pytest.raises(WebSocketDenialResponse) as denied,
        visitor.websocket_connect("/_stcore/stream", headers={"Host": "evil.example"}),
    ):
        pass
    assert denied.value.status_code == 400
