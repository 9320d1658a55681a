"""An existing consumer of both contracts, as strict as they come: the models that it parses with.

Written from the contracts alone; they share nothing with Stillframe's own. A member that is
renamed, retyped or dropped fails; further members are allowed.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

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
