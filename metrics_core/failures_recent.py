"""Recent failures: the newest failed runs in the shape that consumers of agent run events parse."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from metrics_core.database import Database
from metrics_core.overview import Answer, Filters, in_order
from metrics_core.record import Utc
from metrics_core.source import Source
from metrics_core.take import refuse_forgotten_window
from metrics_core.task_list import Question, checked_limit, newest_failures
from metrics_core.task_row import TaskRow
from metrics_core.window import MAX_MINUTES, Window

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class FailedRun(Answer):
    """One failed run; null where the source does not know it. `error_type` is its error code."""

    run_id: str
    agent_id: str | None
    workflow_id: str | None
    error_type: str | None
    occurred_at: Utc
    trace_id: str | None


class RecentFailures(Answer):
    """The newest runs that failed in [window_start, window_end), by (occurred_at descending, id).

    `filters` echoes limit and the scope.
    """

    window_start: Utc
    window_end: Utc
    filters: Filters
    failures: tuple[FailedRun, ...]


def recent_failures(
    source: Source,
    to: datetime,
    limit: int = DEFAULT_LIMIT,
    scope: Mapping[str, str] | None = None,
    *,
    request_id: str | None = None,
    database: Database | None = None,
) -> RecentFailures:
    """The newest failed runs before `to`, at most 168 hours back: those of an overview, no other.

    A source that keeps its tasks for less is read as far back as it does. It costs a read of its
    own, see `metrics_core.task_list.newest_failures`. Errors: UsageError for a limit beyond 1 to
    200, InvalidScope, InvalidWindow, and those of a scan.
    """
    window = _window(source, to)
    question = Question(
        source=source,
        window=window,
        scope=scope or {},
        limit=checked_limit(limit, maximum=LARGEST_LIMIT),
        request_id=request_id,
        database=database,
    )
    return RecentFailures(
        window_start=window.start,
        window_end=window.end,
        filters={"limit": limit, **in_order(question.scope)},
        failures=tuple(_failed_run(task) for task in newest_failures(question)),
    )


def _window(source: Source, to: datetime) -> Window:
    """The 168 hours before `to`, cut to what the source keeps."""
    now = datetime.now(UTC)
    minutes = MAX_MINUTES
    if source.retention_hours is not None:
        kept = timedelta(hours=source.retention_hours) - (now - to)
        minutes = max(1, min(minutes, kept // timedelta(minutes=1)))
    window = Window.ending(to, minutes=minutes)
    refuse_forgotten_window(source, window, now)
    return window


def _failed_run(task: TaskRow) -> FailedRun:
    return FailedRun(
        run_id=task.id,
        agent_id=task.dimensions.get("agent_id"),
        workflow_id=task.dimensions.get("workflow_id"),
        error_type=task.code,
        occurred_at=cast("datetime", task.ended_at),
        trace_id=task.trace_id,
    )
