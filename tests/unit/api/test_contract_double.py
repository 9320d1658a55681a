"""An existing consumer of both contracts, as strict as they come.

Its models were written from the contracts alone and share nothing with Stillframe's own: a member
that is renamed, retyped or dropped fails here. Further members are allowed.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from starlette.testclient import TestClient

from dashboard.api.example_answers import failures_example, overview_example, snapshot_example
from tests.unit.api.conftest import RIGHT

SNAPSHOT_OF_THE_CONTRACT = """
{
  "window": {"minutes": 60, "from": "2026-01-30T09:00:00Z", "to": "2026-01-30T10:00:00Z"},
  "requestId": "req_xxx",
  "tasks": {"created": 100, "completed": 80, "failed": 5, "cancelled": 2, "processing": 3,
            "queued": 10},
  "latency": {
    "timeToProcessingMs": {"p50": 5000, "p95": 12000, "avg": 6500, "samples": 80},
    "timeToCompleteMs":   {"p50": 25000, "p95": 45000, "avg": 28000, "samples": 80}
  },
  "topErrors": [{"code": "INVALID_PROMPT", "count": 3}, {"code": "ENGINE_TIMEOUT", "count": 2}]
}
"""
OVERVIEW_OF_THE_CONTRACT = """
{
  "window_start": "2026-02-06T22:00:00Z", "window_end": "2026-02-07T22:00:00Z", "window_hours": 24,
  "filters": {"window_hours": 24, "tenant_id": "t1"},
  "total_runs": 120, "successful_runs": 114, "failed_runs": 6, "success_rate": 95.0,
  "total_cost_usd": 3.21, "avg_latency_ms": 8123.4
}
"""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
REQUEST_ID = r"^[A-Za-z0-9._-]{1,64}$"
PAST = "2026-01-30T11:00:00Z"


def _instant(text: str) -> str:
    assert INSTANT.fullmatch(text)
    return text


Instant = Annotated[str, AfterValidator(_instant)]
Count = Annotated[int, Field(ge=0)]
Ms = Annotated[int, Field(ge=0)] | None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Part(BaseModel):
    """Types are exact: no 1.0 for 1, no "1" for 1."""

    model_config = ConfigDict(strict=True)


class Span(Part):
    minutes: Annotated[int, Field(ge=1, le=1440)]
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant

    @model_validator(mode="after")
    def _is_so_long(self) -> "Span":
        assert at(self.to) - at(self.from_) == timedelta(minutes=self.minutes)
        return self


class Tasks(Part):
    created: Count
    completed: Count
    failed: Count
    cancelled: Count
    processing: Count
    queued: Count


class Latency(Part):
    p50: Ms
    p95: Ms
    avg: Ms
    samples: Count

    @model_validator(mode="after")
    def _is_null_without_samples(self) -> "Latency":
        assert {value is None for value in (self.p50, self.p95, self.avg)} == {not self.samples}
        return self


class Latencies(Part):
    timeToProcessingMs: Latency  # noqa: N815
    timeToCompleteMs: Latency  # noqa: N815


class TopError(Part):
    code: Annotated[str, Field(min_length=1)]
    count: Annotated[int, Field(ge=1)]


class MetricsSnapshot(Part):
    """Contract 1."""

    window: Span
    requestId: Annotated[str, Field(pattern=REQUEST_ID)]  # noqa: N815
    tasks: Tasks
    latency: Latencies
    topErrors: Annotated[list[TopError], Field(max_length=5)]  # noqa: N815

    @model_validator(mode="after")
    def _leads_with_the_largest(self) -> "MetricsSnapshot":
        counts = [error.count for error in self.topErrors]
        assert counts == sorted(counts, reverse=True)
        assert sum(counts) <= self.tasks.failed
        return self


SCOPE = {"tenant_id", "workspace_id", "project_id", "agent_id", "workflow_id"}


class Overview(Part):
    """Contract 2."""

    window_start: Instant
    window_end: Instant
    window_hours: Annotated[int, Field(ge=1, le=168)]
    filters: dict[str, int | str]
    total_runs: Count
    successful_runs: Count
    failed_runs: Count
    success_rate: Annotated[float, Field(ge=0, le=100)]
    total_cost_usd: float
    avg_latency_ms: float

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Overview":
        assert at(self.window_end) - at(self.window_start) == timedelta(hours=self.window_hours)
        assert self.filters["window_hours"] == self.window_hours
        assert self.total_runs == self.successful_runs + self.failed_runs
        rate = 100 * self.successful_runs / self.total_runs if self.total_runs else 0.0
        assert abs(self.success_rate - rate) < 1e-5
        return self


class FailedRun(Part):
    run_id: str
    agent_id: str | None
    workflow_id: str | None
    error_type: str | None
    occurred_at: Instant
    trace_id: str | None = None


class RecentFailures(Part):
    """The newest first; how the list is called is ours to say."""

    failures: Annotated[list[FailedRun], Field(max_length=200)]

    @model_validator(mode="after")
    def _is_newest_first(self) -> "RecentFailures":
        times = [at(run.occurred_at) for run in self.failures]
        assert times == sorted(times, reverse=True)
        return self


class AdminProblem(Part):
    code: Literal["ADMIN_UNAUTHORIZED", "INVALID_QUERY", "SNAPSHOT_UNAVAILABLE"]
    message: Annotated[str, Field(min_length=1)]
    requestId: Annotated[str, Field(pattern=REQUEST_ID)]  # noqa: N815


class RunsProblem(Part):
    error: Literal["invalid_query", "metrics_query_failed", "admin_unauthorized"]
    message: Annotated[str, Field(min_length=1)]
    requestId: Annotated[str, Field(pattern=REQUEST_ID)]  # noqa: N815


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
