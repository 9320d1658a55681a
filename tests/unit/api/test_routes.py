"""Our own routes, without the gate: health, downloads, and a 404 that is no page."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.request_log import RequestLog
from dashboard.settings import settings_with_password
from metrics_core import Snapshot, take_snapshot
from metrics_core.evidence import Viewer
from tests.builders import HOUR, row, sqlite_source

CONFIG = '[sources.tasks]\nurl = "sqlite:///absent.db"\nsql = "SELECT id, status FROM tasks"\n'


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    config = tmp_path / "stillframe.toml"
    config.write_text(CONFIG)
    runtime.start(settings_with_password("quiet-otter-lantern-42", config=config))
    with TestClient(Starlette(routes=routes(), middleware=[Middleware(RequestLog)])) as client:
        yield client


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    source = sqlite_source(tmp_path, [row("a", "queued", created=3_000)])
    return take_snapshot(source, HOUR)


def test_healthz_tells_only_that_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_probes_say_which_methods_they_answer(client: TestClient, path: str) -> None:
    options, post = client.options(path), client.post(path)
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert (post.status_code, post.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert post.headers["Content-Type"].startswith("text/plain")
    assert (client.head("/healthz").status_code, client.head("/healthz").text) == (200, "")


def test_a_remembered_snapshot_is_downloaded_to_the_byte(
    client: TestClient, snapshot: Snapshot
) -> None:
    runtime.remember(snapshot)
    response = client.get(f"/snapshots/{snapshot.request_id}")
    assert response.text == snapshot.to_json()
    assert response.headers["content-type"] == "application/json"
    name = f"{snapshot.source}_20260130T110000Z_{snapshot.request_id}.json"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_download_tells_who_took_it_home(client: TestClient, snapshot: Snapshot) -> None:
    runtime.remember(snapshot)
    headers = {"x-stillframe-name": "Ad%C3%A9"}  # as the gate hands the name on
    text = client.get(f"/snapshots/{snapshot.request_id}", headers=headers).text
    taken = Snapshot.from_json(text)
    assert taken.provenance.taken_by == Viewer(name="Adé", self_declared=True)
    assert taken.request_id == snapshot.request_id
    assert taken.digest.content == snapshot.digest.content
    assert taken.digest.document != snapshot.digest.document


@pytest.mark.parametrize(
    "path",
    [
        *("/snapshots/unknown", "/snapshots/a/b", "/snapshots/a%0Ab/c"),
        *("/api", "/api/x", "/api/a%0Ab", "/v1/x/y", "/v1", "/v1/%0A", "/schemas/%0A/x"),
        *("/api/admin/metrics-snapshot%0A", "/v1/metrics/overview%0a", "/schemas/snapshot.json%0A"),
    ],
)
def test_an_unknown_path_is_a_json_404(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert {"message", "requestId"} < set(response.json())


ENDPOINT = "/api/admin/metrics-snapshot"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[TestClient]:
    """A client of a Stillframe that has one source, with one waiting task."""
    source = sqlite_source(tmp_path, [row("a", "queued", created=3_000)])
    config = tmp_path / "stillframe.toml"
    config.write_text(f'[sources.tasks]\nurl = "{source.url}"\nsql = """{source.sql}"""\n')
    runtime.start(settings_with_password("quiet-otter-lantern-42", config=config))
    with TestClient(Starlette(routes=routes(), middleware=[Middleware(RequestLog)])) as client:
        yield client


def test_a_snapshot_is_asked_for_by_its_window(queue: TestClient) -> None:
    query = {"minutes": "30", "to": "2026-01-30T11:00:00Z", "source": "tasks"}
    response = queue.get(ENDPOINT, params=query, headers={"X-Request-Id": "incident-7"})
    snapshot = Snapshot.from_json(response.text)
    assert snapshot.tasks.queued == 1
    assert snapshot.window.minutes == 30
    assert snapshot.request_id == response.headers["X-Request-Id"] == "incident-7"


@pytest.mark.parametrize("given", ["a b", "x" * 65, "é", "a/b"])
def test_a_request_id_that_is_not_well_formed_is_replaced(queue: TestClient, given: str) -> None:
    response = queue.get(ENDPOINT, headers={b"X-Request-Id": given.encode()})
    assert response.headers["X-Request-Id"].startswith("req_")


@pytest.mark.parametrize(
    "query",
    [
        *[{"minutes": m} for m in ("0", "-1", "1441", "1" + "0" * 18, "NaN", "１２", "", "6.5")],
        *[{"to": t} for t in ("2026-01-30T11:00:00", "2999-01-01T00:00:00Z", "1969-01-01T00Z")],
        {"source": "nowhere"},
        {"hours": "1"},
    ],
)
def test_a_wrong_query_is_a_400(queue: TestClient, query: dict[str, str]) -> None:
    response = queue.get(ENDPOINT, params=query)
    assert response.status_code == 400
    assert response.json()["code"] == "INVALID_QUERY"
    assert response.json()["requestId"] == response.headers["X-Request-Id"]


def test_a_database_that_does_not_answer_is_never_a_200(client: TestClient) -> None:
    response = client.get(ENDPOINT)
    assert response.status_code == 503
    assert response.json()["code"] == "SNAPSHOT_UNAVAILABLE"


def test_a_parameter_given_twice_is_a_400(queue: TestClient) -> None:
    assert queue.get(f"{ENDPOINT}?minutes=5&minutes=1").status_code == 400


def test_the_log_tells_of_a_snapshot_on_a_screen_once(
    client: TestClient, snapshot: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "stillframe.metrics"):
        runtime.remember(snapshot)
        runtime.remember(snapshot)
    (record,) = caplog.records
    assert record.__dict__["stillframe_fields"]["requestId"] == snapshot.request_id
