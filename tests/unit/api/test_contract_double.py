"""Both contracts' examples and our live answers, as an existing consumer parses them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard.api.example_answers import failures_example, overview_example, snapshot_example
from tests.existing_consumer import (
    OVERVIEW_OF_THE_CONTRACT,
    SNAPSHOT_OF_THE_CONTRACT,
    AdminProblem,
    Latency,
    MetricsSnapshot,
    Overview,
    RecentFailures,
    RunsProblem,
)
from tests.unit.api.conftest import RIGHT

PAST = "2026-01-30T11:00:00Z"


def members(example: Any, answer: Any) -> Any:
    """Of the answer what the example has, however deep; lists as far as the example goes."""
    if isinstance(example, dict):
        return {name: members(part, answer[name]) for name, part in example.items()}
    if isinstance(example, list):
        return [members(*pair) for pair in zip(example, answer, strict=True)]
    return answer


def test_the_examples_of_the_contracts_parse() -> None:
    MetricsSnapshot.model_validate_json(SNAPSHOT_OF_THE_CONTRACT)
    Overview.model_validate_json(OVERVIEW_OF_THE_CONTRACT)


def test_what_our_description_shows_is_the_contracts_own_example() -> None:
    MetricsSnapshot.model_validate(snapshot_example())
    Overview.model_validate(overview_example())
    RecentFailures.model_validate(failures_example())
    contract = MetricsSnapshot.model_validate_json(SNAPSHOT_OF_THE_CONTRACT)
    plain = contract.model_dump(by_alias=True)
    assert members(plain, snapshot_example()) == plain
    overview = Overview.model_validate_json(OVERVIEW_OF_THE_CONTRACT).model_dump()
    assert list(overview_example()) == list(overview)
    assert overview_example() == overview


@pytest.mark.parametrize("minutes", [1, 60, 1440])
def test_a_live_answer_parses(client: TestClient, minutes: int) -> None:
    path = f"/api/admin/metrics-snapshot?minutes={minutes}"
    for query in ("", f"&to={PAST}", "&queue=no-such"):
        answer = client.get(path + query, headers=RIGHT)
        parsed = MetricsSnapshot.model_validate_json(answer.text)
        assert parsed.window.minutes == minutes
        assert parsed.requestId == answer.headers["X-Request-Id"]


def test_a_past_answer_has_the_figures_that_are_there(client: TestClient) -> None:
    answer = client.get("/api/admin/metrics-snapshot", params={"to": PAST}, headers=RIGHT)
    parsed = MetricsSnapshot.model_validate_json(answer.text)
    assert (parsed.tasks.created, parsed.tasks.failed, parsed.tasks.queued) == (2, 1, 1)
    assert parsed.latency.timeToCompleteMs == Latency(p50=None, p95=None, avg=None, samples=0)
    assert [error.count for error in parsed.topErrors] == [1]


@pytest.mark.parametrize("hours", [1, 24, 168])
def test_a_live_overview_parses(client: TestClient, hours: int) -> None:
    path = f"/v1/metrics/overview?window_hours={hours}&tenant_id="
    for query in ("", f"&to={PAST}"):
        answer = client.get(path + query, headers=RIGHT)
        parsed = Overview.model_validate_json(answer.text)
        assert parsed.filters == {"window_hours": hours}
        assert list(answer.json()) == list(Overview.model_fields)
    assert (parsed.total_runs, parsed.failed_runs, parsed.success_rate) == (1, 1, 0.0)


def test_live_failures_parse(client: TestClient) -> None:
    answer = client.get("/v1/failures/recent", params={"to": PAST}, headers=RIGHT)
    parsed = RecentFailures.model_validate_json(answer.text)
    assert [run.run_id for run in parsed.failures] == ["b"]


@pytest.mark.parametrize(
    "minutes", ["", "0", "-1", "+1", "1441", "1.0", " 1", "1 ", "６０", "1e1", "0x1", "60\n"]
)
def test_a_wrong_length_is_a_400_of_contract_1(client: TestClient, minutes: str) -> None:
    path = "/api/admin/metrics-snapshot"
    answer = client.get(path, params={"minutes": minutes}, headers=RIGHT)
    assert answer.status_code == 400
    assert AdminProblem.model_validate_json(answer.text).code == "INVALID_QUERY"


@pytest.mark.parametrize(
    "query",
    [
        *(f"metrics/overview?window_hours={text}" for text in ("", "0", "169", "1.5", "%EF%BC%91")),
        *(f"failures/recent?limit={text}" for text in ("", "0", "201", "-1", "x")),
        "metrics/overview?tenant_id=t1",  # a dimension that the source has not
    ],
)
def test_a_wrong_query_is_a_400_of_contract_2(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/{query}", headers=RIGHT)
    assert answer.status_code == 400
    assert RunsProblem.model_validate_json(answer.text).error == "invalid_query"


def test_without_the_secret_both_read_a_401_as_theirs(client: TestClient) -> None:
    for path in ("/api/admin/metrics-snapshot", "/v1/metrics/overview", "/v1/failures/recent"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert AdminProblem.model_validate_json(answer.text).code == "ADMIN_UNAUTHORIZED"
        assert RunsProblem.model_validate_json(answer.text).error == "admin_unauthorized"
