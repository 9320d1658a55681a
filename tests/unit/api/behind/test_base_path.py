"""Under a base path, whether the proxy strips it or passes it on."""

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.behind_proxy import BehindProxy
from dashboard.front import front
from tests.unit.api.behind.conftest import SNAPSHOT, Clients, page, sign_in
from tests.unit.api.conftest import RIGHT

UNDER = BehindProxy(base_path="/stillframe")
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("seen_path", ["/stillframe", ""], ids=["passed on", "stripped"])
class TestUnderABasePath:
    """`seen_path` is what of the base path reaches us."""

    def test_a_stranger_is_sent_to_the_sign_in_below_it_and_back(
        self, clients: Clients, seen_path: str
    ) -> None:
        visitor = clients(UNDER)
        answer = visitor.get(f"{seen_path}/?minutes=15", headers=HTML)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/stillframe/login?next=%2F%3Fminutes%3D15"
        back = sign_in(visitor, seen_path, next="/?minutes=15")
        assert back.headers["location"] == "/stillframe/?minutes=15"

    def test_the_cookie_goes_nowhere_else(self, clients: Clients, seen_path: str) -> None:
        visitor = clients(UNDER)
        cookie = sign_in(visitor, seen_path).headers["set-cookie"]
        assert "; Path=/stillframe;" in cookie
        away = visitor.post(f"{seen_path}/logout", headers={"Cookie": cookie.partition(";")[0]})
        assert away.headers["location"] == "/stillframe/login"
        assert "Max-Age=0; Path=/stillframe;" in away.headers["set-cookie"]

    def test_page_api_and_health_answer(self, clients: Clients, seen_path: str) -> None:
        visitor = clients(UNDER)
        cookie = {"Cookie": sign_in(visitor, seen_path).headers["set-cookie"].partition(";")[0]}
        assert visitor.get(f"{seen_path}/", headers=cookie).json()["path"] == "/"
        assert visitor.get(f"{seen_path}/healthz").text == "ok"
        assert visitor.get(seen_path + SNAPSHOT, headers=RIGHT).status_code == 200
        assert clients(UNDER).get(seen_path + SNAPSHOT).json()["code"] == "ADMIN_UNAUTHORIZED"

    def test_the_description_says_where_it_is_served(
        self, clients: Clients, seen_path: str
    ) -> None:
        answer = clients(UNDER).get(f"{seen_path}/openapi.json", headers=RIGHT)
        assert answer.json()["servers"] == [{"url": "/stillframe"}]

    def test_unknown_paths_of_the_api_are_json(self, clients: Clients, seen_path: str) -> None:
        visitor = clients(UNDER)
        for path, key in (("/api/x", "code"), ("/v1/x", "error")):
            answer = visitor.get(seen_path + path, headers=RIGHT)
            assert (answer.status_code, key in answer.json()) == (404, True)

    def test_the_websocket_answers_and_its_goodbye_leads_to_the_sign_in(
        self, clients: Clients, held: runtime.Runtime, seen_path: str
    ) -> None:
        visitor = clients(UNDER)
        cookie = sign_in(visitor, seen_path).headers["set-cookie"].partition(";")[0]
        path = f"{seen_path}/_stcore/stream"
        with visitor.websocket_connect(path, headers={"Cookie": cookie}) as socket:
            assert socket.receive_json()["path"] == "/_stcore/stream"
            visitor.post(f"{seen_path}/logout", headers={"Cookie": cookie})
            farewell = ForwardMsg.FromString(socket.receive_bytes())
            assert farewell.auth_redirect.url == "/stillframe/login"

    def test_links_of_the_sign_in_pages_are_relative(
        self, clients: Clients, seen_path: str
    ) -> None:
        visitor = clients(UNDER)
        assert 'action="login"' in visitor.get(f"{seen_path}/login").text
        cookie = {"Cookie": sign_in(visitor, seen_path).headers["set-cookie"].partition(";")[0]}
        asked = visitor.get(f"{seen_path}/logout", headers=cookie).text
        assert 'action="logout"' in asked
        assert 'href="./"' in asked


def test_the_base_path_itself_leads_to_the_page(clients: Clients) -> None:
    answer = clients(UNDER).get("/stillframe?minutes=15")
    assert (answer.status_code, answer.headers["location"]) == (308, "/stillframe/?minutes=15")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/stillframe/stillframe", "/stillframe/x", "/x", ""])
def test_no_second_prefix_gets_past_the_door(clients: Clients, path: str) -> None:
    visitor = clients(UNDER)
    cookie = {"Cookie": sign_in(visitor).headers["set-cookie"].partition(";")[0]}
    answer = visitor.get(f"{path}/api/admin/unknown", headers=cookie)
    is_page = answer.status_code == 200 and answer.json()["path"].endswith("/api/admin/unknown")
    assert is_page or answer.json()["code"] == "ADMIN_UNAUTHORIZED"


def test_a_root_path_of_the_server_moves_no_route_past_the_door(held: runtime.Runtime) -> None:
    app = Starlette(routes=[*routes(), Route("/{path:path}", page)], middleware=front(held))
    visitor = TestClient(app, root_path="/x", follow_redirects=False)
    sign_in(visitor)
    assert visitor.get("/x/api/admin/health").json()["path"] == "/x/api/admin/health"
