"""What a stranger gets of a served Stillframe, whatever he asks for and however: no data."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.sessions import SESSION_SECONDS, Sessions
from dashboard.settings import settings_with_password
from tests.campaigns.crawl import HANDSHAKE, Answer, ask, routes
from tests.campaigns.served import PASSWORD, SECRET, served

CANARY = "canary7f3e"
CONFIG = """
[sources.tasks]
url = "sqlite:///{database}"
sql = "SELECT id, status, created_at, error, queue FROM tasks"
dimensions = ["queue"]
"""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
OPEN = ("/healthz", "/readyz")
GATES = ("/login", "/logout")
REFUSED = (401, 403, 404, 405)
MALFORMED, NO_CONTENT = 400, 204
SNAPSHOT = "/api/admin/metrics-snapshot"
DATA = (SNAPSHOT, "/api/admin/health", "/v1/metrics/overview", "/v1/failures/recent", "/metrics")
BROWSER = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the served Stillframe answers, and the paths that it has."""

    port: int
    paths: list[str]
    sessions: Sessions

    def cookie(self, *, began_at: float) -> dict[str, str]:
        """The header of a sign-in of then, with a true signature."""
        _, token = self.sessions.begin("", now=began_at)
        return {"Cookie": f"{self.sessions.cookie_name}={token}"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A Stillframe with a canary in ids, errors, codes and values; it has just been looked at."""
    folder = tmp_path_factory.mktemp("crawl")
    config = folder / "stillframe.toml"
    config.write_text(CONFIG.format(database=_with_canaries(folder / "tasks.db")))
    key = settings_with_password(PASSWORD, config=None).password_hash
    with served(config, folder / "served.log") as server:
        yield Place(port=server.port, paths=routes(config), sessions=Sessions(key))


def _with_canaries(database: Path) -> Path:
    now = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()  # before the latest tick
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE tasks (id, status, created_at, error, queue)")
        connection.executemany(
            "INSERT INTO tasks VALUES (?, ?, ?, ?, ?)",
            [
                (f"{CANARY}-a", "queued", now, None, f"{CANARY}-q"),
                (f"{CANARY}-b", "failed", now, f"{CANARY.upper()}_X: {CANARY} told", f"{CANARY}-r"),
            ],
        )
    connection.close()
    return database


def judge(answer: Answer, asked: object, *, open_path: bool = False) -> None:
    """No byte of data; an answer only where one is open to all."""
    assert CANARY.encode() not in answer.raw.lower(), asked
    if answer.status == 200:
        assert open_path or _is_open_text(answer), (asked, answer.raw[:300])
    elif answer.status == 303:
        assert answer.location.startswith("/login"), asked
    else:
        assert answer.status in REFUSED, (asked, answer.raw[:300])


def _is_open_text(answer: Answer) -> bool:
    return answer.body in (b"ok", b"ready")


def test_who_may_look_does_see_the_canary(place: Place) -> None:
    """Else the tests below would prove nothing."""
    for credentials in ({"X-Admin-Secret": SECRET}, place.cookie(began_at=time.time() - 60)):
        answer = ask(place.port, SNAPSHOT, headers=credentials)
        assert answer.status == 200
        assert answer.raw.lower().count(CANARY.encode()) >= 4
    assert (
        CANARY.upper().encode()
        in ask(place.port, "/metrics", headers={"X-Admin-Secret": SECRET}).raw
    )


def test_the_table_of_routes_holds_ours_and_streamlit_s(place: Place) -> None:
    assert {SNAPSHOT, "/healthz", "/snapshots/x", "/_stcore/stream", "/media/x"} <= {*place.paths}
    assert len(place.paths) > 25


@pytest.mark.parametrize("method", METHODS)
def test_no_route_tells_a_stranger_anything(place: Place, method: str) -> None:
    for path in (*place.paths, *DATA, *GATES, "/", "/nowhere", "/static/js/x.js", "/index.html"):
        for headers in ({}, BROWSER):
            answer = ask(place.port, f"{path}?minutes=60", method=method, headers=headers)
            is_read = method in ("GET", "HEAD")
            if (method, path, answer.status) == ("POST", "/login", MALFORMED):  # no form
                continue
            if method == "OPTIONS" and path in OPEN:
                assert (answer.status, answer.body) == (NO_CONTENT, b"")
                continue
            judge(answer, (method, path), open_path=is_read and path in (*OPEN, *GATES))


def test_no_websocket_opens_for_a_stranger(place: Place) -> None:
    for path in (*place.paths, *DATA, *OPEN, *GATES, "/"):
        for origin in ({}, {"Origin": f"http://127.0.0.1:{place.port}"}):
            answer = ask(place.port, path, headers={**HANDSHAKE, **origin})
            assert answer.status == 403, path
            assert answer.body == b"", path


def wrong_credentials(place: Place) -> list[dict[str, str]]:
    """Not one of them is worth anything."""
    name = place.sessions.cookie_name
    over = place.cookie(began_at=time.time() - SESSION_SECONDS - 1)
    true = place.cookie(began_at=time.time())["Cookie"]
    _, foreign = Sessions("another password's hash").begin("", now=time.time())
    return [
        {"X-Admin-Secret": "wrong"},
        {"X-Admin-Secret": SECRET[:-1]},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {SECRET}"},
        {"X-Admin-Secret": "", "Authorization": "Bearer"},
        over,
        {"Cookie": true[:-1]},
        {"Cookie": true.replace("=", "=x", 1)},
        {"Cookie": f"{name}={foreign}"},
        {"Cookie": f"{name}="},
        {"Cookie": f"{name}=\x00\xff.;;; =\t{name}"},
        {"Cookie": name + "=" + "A" * 7_000},
        {"X-Stillframe-Session": "x", "X-Stillframe-Name": "x"},
    ]


def test_wrong_credentials_open_nothing(place: Place) -> None:
    too_many = 0
    for credentials in wrong_credentials(place):
        for path in (*place.paths, *DATA, "/"):
            answer = ask(place.port, path, headers=credentials)
            if answer.status == 429:
                too_many += 1
                assert CANARY.encode() not in answer.raw.lower()
            elif answer.status != MALFORMED or "Cookie" not in credentials:
                judge(answer, (credentials, path), open_path=path in OPEN)
            assert ask(place.port, path, headers={**credentials, **HANDSHAKE}).status in (400, 403)
    assert too_many > 0


HEADERS = (
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"},
    {"X-Original-URL": "/healthz", "X-Rewrite-URL": "/healthz"},
    {"X-Forwarded-Prefix": "/healthz", "X-Forwarded-Path": "/healthz"},
    {"X-Forwarded-User": "admin", "X-Remote-User": "admin", "Remote-User": "admin"},
    {"X-HTTP-Method-Override": "OPTIONS", "X-Method-Override": "HEAD"},
    {"Host": "localhost"},
    {"Host": "healthz", "X-Forwarded-Host": "healthz"},
    {"Sec-Fetch-Site": "same-origin", "Referer": "/", "Origin": "null"},
)


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: next(iter(headers)))
def test_no_header_makes_a_stranger_a_friend(place: Place, headers: dict[str, str]) -> None:
    for path in (*place.paths, *DATA, "/"):
        judge(ask(place.port, path, headers=headers), (headers, path), open_path=path in OPEN)
    for path in OPEN:  # and the other way round: what is open leads to nothing else
        for name in ("X-Original-URL", "X-Rewrite-URL"):
            judge(ask(place.port, path, headers={name: SNAPSHOT}), (name, path))


def disguises(path: str) -> list[str]:
    """Other ways to write the path, and ways to make an open path look like it."""
    bare, encoded = path[1:], path[1:].replace("/", "%2f")
    return [
        *(f"{start}{path}" for start in ("/", "//", "/.", "/%2e", "/..", "/%2e%2e", "/;", "/x/..")),
        *(f"{start}/..{path}" for start in (*OPEN, "/login", "/static", "/_stcore/health")),
        *(f"{start}/%2e%2e/{bare}" for start in (*OPEN, "/login", "/static")),
        *(f"{start}%2f..%2f{encoded}" for start in OPEN),
        *(f"{path}{end}" for end in ("/", "//", "/.", ";x=1", "%00", "%20", "%09", ".json", "/x")),
        *(
            f"{path}{end}"
            for end in ("?next=/healthz", "#/healthz", "%3f/healthz", "%23", "%0d%0a")
        ),
        *(
            f"{start}{sign}{path}"
            for start in OPEN
            for sign in ("%00", ";", "%0a", "?", "#", "%5c")
        ),
        f"/{encoded}",
        f"/{encoded.replace('%', '%25')}",
        path.upper(),
        path.replace("a", "%61"),
        path.replace("/", "/%c0%af"),
        path.replace("/", "%5c"),
        path.replace("/", "\\"),
        f"http://127.0.0.1/{bare}",
        f"http://healthz{path}",
        f"{path}\x00",
        f"/\xff{path}",
        bare,
        "*",
    ]


@pytest.mark.parametrize(
    "path", [*DATA, "/openapi.json", "/schemas/snapshot.json", "/snapshots/x", "/_stcore/metrics"]
)
def test_no_spelling_of_a_path_leads_past_the_gate(place: Place, path: str) -> None:
    for target in disguises(path):
        for headers in ({}, BROWSER):
            answer = ask(place.port, target, headers=headers)
            if answer.status == MALFORMED:  # no HTTP at all, says the server
                assert CANARY.encode() not in answer.raw.lower()
            else:
                judge(answer, target)


def test_what_the_open_paths_say_is_all_they_say(place: Place) -> None:
    assert ask(place.port, "/healthz").body == b"ok"
    assert ask(place.port, "/readyz").body == b"ready"
    page = ask(place.port, "/login")
    assert page.status == 200
    assert b'name="password"' in page.body
    assert b"tasks" not in page.body
