"""GET /api/admin/metrics-snapshot: window, scope, requestId, errors, and its lines in the log."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.collector import Collector
from metrics_core import Snapshot
from tests.unit.api.conftest import RIGHT

PATH = "/api/admin/metrics-snapshot"
PAST = {"minutes": "60", "to": "2026-01-30T11:00:00Z"}


def test_a_dimension_narrows_the_answer(client: TestClient) -> None:
    answer = client.get(PATH, params={**PAST, "queue": "q1"}, headers=RIGHT)
    snapshot = Snapshot.from_json(answer.text)
    assert (snapshot.tasks.queued, snapshot.tasks.failed) == (1, 0)
    assert dict(snapshot.scope) == {"queue": "q1"}


def test_an_unknown_name_is_refused_with_the_known_ones(client: TestClient) -> None:
    answer = client.get(PATH, params={**PAST, "engine": "x"}, headers=RIGHT)
    assert answer.status_code == 400
    body = answer.json()
    assert body["code"] == "INVALID_QUERY"
    assert "known: minutes, source, to, queue" in body["message"]


def test_the_same_figures_need_not_be_sent_again(client: TestClient) -> None:
    first = client.get(PATH, params=PAST, headers=RIGHT)
    again = client.get(PATH, params=PAST, headers={**RIGHT, "If-None-Match": first.headers["ETag"]})
    assert first.headers["ETag"] == f'W/"{first.json()["digest"]["content"]}"'
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    other = client.get(PATH, params=PAST, headers={**RIGHT, "If-None-Match": '"x"'})
    assert other.status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_other_methods_are_a_405(client: TestClient, method: str) -> None:
    answer = client.request(method, PATH, headers=RIGHT)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"


def test_head_and_options(client: TestClient) -> None:
    head = client.head(PATH, params=PAST, headers=RIGHT)
    assert (head.status_code, head.headers["Content-Type"]) == (200, "application/json")
    options = client.options(PATH, headers=RIGHT)
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("given", ["a b", "x" * 65, "é", "a/b", "a\u2028b", ""])
def test_a_malformed_request_id_is_never_echoed(client: TestClient, given: str) -> None:
    headers = {
        **{k.encode(): v.encode() for k, v in RIGHT.items()},
        b"X-Request-Id": given.encode(),
    }
    answer = client.get(PATH, params=PAST, headers=headers)
    request_id = answer.headers["X-Request-Id"]
    assert request_id.startswith("req_")
    assert answer.json()["requestId"] == request_id


def test_one_request_is_one_id_from_header_to_log(client: TestClient, log: io.StringIO) -> None:
    answer = client.get(
        PATH, params={**PAST, "queue": "q2"}, headers={**RIGHT, "X-Request-Id": "inc-7"}
    )
    body = answer.json()
    metrics, access = log.getvalue().splitlines()
    assert metrics.startswith("[METRICS] at=")
    assert (
        " requestId=inc-7 scan=inc-7 source=tasks minutes=60 from=2026-01-30T10:00:00Z" in metrics
    )
    assert ' scope="queue=q2" created=1 completed=0 failed=1 ' in metrics
    assert metrics.endswith(
        f"digest={body['digest']['content']} document={body['digest']['document']}"
        " archived=no head=null"
    )
    assert access.startswith("[ACCESS] at=")
    assert f" requestId=inc-7 client=testclient method=GET path={PATH} status=200 " in access


@pytest.mark.parametrize("path", ["/metrics", "/api/admin/health"])
def test_a_scan_for_health_or_prometheus_runs_under_the_request_s_id(
    client: TestClient, held: runtime.Runtime, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    eleven = datetime(2026, 1, 30, 11, tzinfo=UTC)  # and it stays so: one tick for both requests
    still = Collector(held.sources, tick_seconds=5, now=lambda: eleven)
    monkeypatch.setattr(runtime._Process, "runtime", replace(held, collector=still))
    client.get(path, headers={**RIGHT, "X-Request-Id": "watch-7"})
    seen = client.get(PATH, headers=RIGHT).json()
    assert seen["provenance"]["scanRequestId"] == "watch-7"
    assert seen["requestId"] != "watch-7"


def test_a_refusal_is_told_with_its_id(client: TestClient, log: io.StringIO) -> None:
    client.get(
        PATH, params={"minutes": "0\r\n[METRICS] forged=1"}, headers={**RIGHT, "X-Request-Id": "x1"}
    )
    refused, access = log.getvalue().splitlines()
    assert "requestId=x1" in refused
    assert "class=" in refused
    assert "status=400" in access


def test_health_tells_version_and_freshness(client: TestClient) -> None:
    body = client.get("/api/admin/health", headers=RIGHT).json()
    assert body["status"] == "ok"
    (source,) = body["sources"]
    assert source["source"] == "tasks"
    assert source["freshness"]["state"] == "LIVE"
    assert source["asOf"].endswith("Z")


def test_healthz_and_readyz_tell_no_data(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok"
    assert client.get("/readyz").status_code == 503
