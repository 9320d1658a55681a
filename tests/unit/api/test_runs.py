"""The /v1 endpoints over HTTP: queries, filters, errors and bytes. Their figures: test_overview."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard import runtime
from tests.unit.api.conftest import RIGHT

OVERVIEW = "/v1/metrics/overview"
FAILURES = "/v1/failures/recent"
TO = "2026-01-30T11:00:00Z"


def test_an_overview_of_any_source(client: TestClient) -> None:
    answer = client.get(OVERVIEW, params={"to": TO, "window_hours": "2"}, headers=RIGHT)
    assert answer.json() == {
        "window_start": "2026-01-30T09:00:00Z",
        "window_end": TO,
        "window_hours": 2,
        "filters": {"window_hours": 2},
        "total_runs": 1,
        "successful_runs": 0,
        "failed_runs": 1,
        "success_rate": 0.0,
        "total_cost_usd": 0.0,
        "avg_latency_ms": 100_000.0,
    }
    assert answer.headers["X-Request-Id"].startswith("req_")


def test_the_newest_failures(client: TestClient) -> None:
    body = client.get(FAILURES, params={"to": TO, "queue": "q2"}, headers=RIGHT).json()
    assert body["filters"] == {"limit": 50, "queue": "q2"}
    (failure,) = body["failures"]
    assert failure == {
        "run_id": "b",
        "agent_id": None,
        "workflow_id": None,
        "error_type": "NO_MESSAGE",
        "occurred_at": "2026-01-30T10:53:20Z",
        "trace_id": None,
    }


@pytest.mark.parametrize("path", [OVERVIEW, FAILURES])
def test_two_answers_are_the_same_bytes_and_the_second_need_not_come(
    client: TestClient, path: str
) -> None:
    first = client.get(path, params={"to": TO}, headers=RIGHT)
    second = client.get(path, params={"to": TO}, headers=RIGHT)
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    known = {**RIGHT, "If-None-Match": first.headers["ETag"]}
    assert client.get(path, params={"to": TO}, headers=known).status_code == 304


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *[(OVERVIEW, {"window_hours": h}) for h in ("0", "169", "", " 1", "1.0", "+1", "２４")],
        *[(FAILURES, {"limit": n}) for n in ("0", "201", "", "-1", "many")],
        (OVERVIEW, {"limit": "5"}),
        (FAILURES, {"window_hours": "5"}),
        (OVERVIEW, {"tenant_id": "t1"}),
        (FAILURES, {"agent_id": "a1"}),
        (OVERVIEW, {"source": "nowhere"}),
        (OVERVIEW, {"to": "yesterday"}),
        (FAILURES, {"to": "2999-01-01T00:00:00Z"}),
        (OVERVIEW, {"minutes": "5"}),
    ],
)
def test_an_invalid_query_is_a_400_in_its_shape(
    client: TestClient, path: str, query: dict[str, str]
) -> None:
    answer = client.get(path, params=query, headers=RIGHT)
    assert answer.status_code == 400
    body = answer.json()
    assert body.pop("requestId") == answer.headers["X-Request-Id"]
    assert set(body) == {"error", "message"}
    assert body["error"] == "invalid_query"


def test_an_empty_filter_is_an_absent_one(client: TestClient) -> None:
    query = {"to": TO, "tenant_id": "", "queue": ""}
    body = client.get(OVERVIEW, params=query, headers=RIGHT).json()
    assert body["filters"] == {"window_hours": 24}


def test_a_failed_query_is_the_contract_s_500(
    client: TestClient, held: runtime.Runtime, tmp_path: Path
) -> None:
    (tmp_path / "tasks.db").unlink()
    for path in (OVERVIEW, FAILURES):
        answer = client.get(path, headers=RIGHT)
        assert answer.status_code == 500
        assert answer.json()["error"] == "metrics_query_failed"
        assert set(answer.json()) == {"error", "message", "requestId"}


def test_other_methods_and_paths_have_its_shape_too(client: TestClient) -> None:
    assert client.post(OVERVIEW, headers=RIGHT).json()["error"] == "method_not_allowed"
    assert client.get("/v1/else", headers=RIGHT).json()["error"] == "not_found"
