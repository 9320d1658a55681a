"""The snapshot document: its members, their units and cohorts. Shape only, no arithmetic.

Member names are camelCase in JSON and snake_case here. "In the window" is [from, to); a task's
beginning, end and state are those of `metrics_core.states`. Lists have one definite order, so that
equal figures give equal bytes. Null means "not measurable" or "no samples", never zero.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from metrics_core.evidence import Provenance, Quality
from metrics_core.groups import Breakdown, Errors, TopError
from metrics_core.record import (
    Count,
    Counts,
    Integer,
    Ms,
    Ratio,
    Record,
    RequestId,
    Scope,
    Utc,
)

UNLESS_NULL = Field(exclude_if=lambda value: value is None)
"""Of a member that is written only where it has a value."""


class WindowRecord(Record):
    """The half-open interval [from, to) of which the document speaks."""

    minutes: Annotated[Integer, Field(ge=1)]
    from_: Annotated[Utc, Field(alias="from")]
    to: Utc


class TaskCounts(Record):
    """Flow in an interval (created to cancelled) and state at its end (processing, queued).

    `created` is null where the source has no created_at; it and `completed`, `processing` and
    `queued` are where the source says that it cannot tell them, as where a task is deleted when it
    ends. `scheduled` and `retrying` stand here only where the source has such tasks.
    """

    created: Count | None
    completed: Count | None
    failed: Count
    cancelled: Count
    processing: Count | None
    queued: Count | None
    scheduled: Annotated[Count | None, UNLESS_NULL] = None
    retrying: Annotated[Count | None, UNLESS_NULL] = None


class Latency(Record):
    """One latency over the tasks that completed in the window; `samples` is how many had it.

    Percentiles are members of the samples (index min(n*q//100, n-1) of them, sorted); `avg` is
    the floor of the mean. All null where samples is 0.
    """

    p50: Ms | None
    p95: Ms | None
    avg: Ms | None
    samples: Count
    p99: Ms | None
    max: Ms | None


class Latencies(Record):
    """timeToProcessing = started - max(created, eligible); timeToComplete = run time."""

    time_to_processing_ms: Latency
    time_to_complete_ms: Latency


class Waiting(Record):
    """Tasks that wait in one state at the window's end.

    Age of a queued task: to - max(created, eligible); of a processing one: to - started. Tasks
    whose age is unknown are counted in `unknown_age`. Of equally old ones the least id is named.
    """

    count: Count
    oldest_age_ms: Ms | None
    oldest_id: str | None
    unknown_age: Count


class Backlog(Record):
    """What waits at the window's end."""

    queued: Waiting
    processing: Waiting


class Ledger(Record):
    """openAtFrom + created - completed - failed - cancelled - openAtTo = difference, always 0."""

    open_at_from: Count
    created: Count
    completed: Count
    failed: Count
    cancelled: Count
    open_at_to: Count
    difference: Integer


class BinLatency(Record):
    """One latency over the tasks that completed in the bin.

    `buckets` counts samples by the bucket's lower edge in ms ("0", "1", "2", "5", "10" ...: a
    latency v is in the bucket of the largest edge <= v), ascending, only those not empty.
    """

    p50: Ms | None
    p95: Ms | None
    p99: Ms | None
    samples: Count
    buckets: Counts


class SeriesBin(Record):
    """One slice of time [from, to): its flow, the states at its end, its latencies."""

    from_: Annotated[Utc, Field(alias="from")]
    to: Utc
    partial: bool
    tasks: TaskCounts
    time_to_processing_ms: BinLatency
    time_to_complete_ms: BinLatency


class Cost(Record):
    """Sum of cost_usd, in whole millionths, over tasks that ended in the window and have one."""

    usd: float
    samples: Count


class Runs(Record):
    """The tasks that completed or failed in the window: a cancelled one was no run to its end.

    `avg_latency_ms` is the mean of their run times, of failed ones too, not floored but rounded to
    6 digits: their duration_ms where the source has that column, else finished - started, to the
    microsecond; `latency_samples` is how many have one that is not negative. Null without samples,
    and where the source lacks what latency.timeToCompleteMs needs. `cost` is of these alone.
    """

    count: Count
    avg_latency_ms: float | None
    latency_samples: Count
    cost: Cost | None


class SnapshotBody(Record):
    """All of a snapshot but its digest.

    `redacted` is there only where values were left out (`metrics_core.redact`), and names them.
    """

    window: WindowRecord
    request_id: RequestId
    tasks: TaskCounts
    latency: Latencies
    top_errors: tuple[TopError, ...]
    schema_version: Literal[1] = 1
    source: str
    scope: Scope
    redacted: Annotated[Annotated[tuple[str, ...], Field(min_length=1)] | None, UNLESS_NULL] = None
    failure_rate: Ratio | None
    backlog: Backlog
    ledger: Ledger | None
    errors: Errors | None
    series: tuple[SeriesBin, ...]
    breakdowns: tuple[Breakdown, ...]
    cost: Cost | None
    runs: Runs
    quality: Quality
    provenance: Provenance

    @model_validator(mode="after")
    def _errors_fit_the_series(self) -> "SnapshotBody":
        if self.errors and self.errors.bin_counts - {len(self.series)}:
            raise ValueError("its errors have not a count for each bin of its series")
        return self
