"""Taking a snapshot: one scan, then every figure of the document from its rows."""

import re
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version

from metrics_core.backlog import backlog, cost, ledger
from metrics_core.breakdowns import breakdowns
from metrics_core.database import Database
from metrics_core.deadline import Result, Work, within_deadline
from metrics_core.document import Latencies, SnapshotBody, TaskCounts, WindowRecord
from metrics_core.errors import DatabaseError, InvalidScope, InvalidWindow, UsageError
from metrics_core.evidence import Freshness, Provenance, Viewer
from metrics_core.failures import errors, top_errors
from metrics_core.figures import Figures, ratio
from metrics_core.latency import PERCENTILE_METHOD, latency
from metrics_core.quality import classified, quality
from metrics_core.record import NO_TEXT, REQUEST_ID_PATTERN
from metrics_core.role import refuse_unsafe_role
from metrics_core.runs import runs
from metrics_core.scan import Scan, scan
from metrics_core.series import series
from metrics_core.snapshot import Snapshot
from metrics_core.source import Source
from metrics_core.states import lifetimes, lived
from metrics_core.tasks import Tasks
from metrics_core.window import Window, epoch_us

TOOL = f"stillframe {version('stillframe')}"
CONFLICT_WITH_RECOVERY = "40001"
LONG_SERIES_ROWS = 100_000
"""Of fewer tasks the series takes less time than two threads lose to each other."""


def take_snapshot(
    source: Source,
    window: Window,
    scope: Mapping[str, str] | None = None,
    *,
    request_id: str | None = None,
    taken_by: Viewer | None = None,
    database: Database | None = None,
) -> Snapshot:
    """One snapshot of the source's tasks in the window, limited to the scope; nothing is cached.

    Without `database` it opens a connection, closes it again, and ends within the source's
    deadline whatever the server does. Errors: InvalidScope for a name that is no dimension,
    InvalidWindow before the source's retention, UnsafeRole where the source refuses its role, and
    those of `scan`.
    """
    started, taken_at = time.monotonic(), datetime.now(UTC)
    scope, request_id = checked_scope(source, scope), checked_request_id(request_id)
    refuse_forgotten_window(source, window, taken_at)
    work = partial(scan, source=source, window=window, scope=scope)
    found = answered(source, work, request_id=request_id, database=database)
    figures = figures_of(source, window, found.tasks)
    provenance = _provenance(figures, found, request_id, taken_at, taken_by)
    body = _body(figures, found, scope, request_id, provenance)
    return Snapshot.sealed(_timed(body, started))


def answered(
    source: Source, work: Work[Result], *, request_id: str, database: Database | None = None
) -> Result:
    """What the work reads: behind the role check, and without `database` within the deadline."""
    safe = partial(_retried, source=source, work=work)
    return safe(database) if database else within_deadline(source, safe, request_id=request_id)


def _retried(database: Database, *, source: Source, work: Work[Result]) -> Result:
    """The work; once more where a standby's recovery ended it."""
    try:
        return _safely(database, source, work)
    except DatabaseError as error:
        if error.sqlstate != CONFLICT_WITH_RECOVERY:
            raise
        return _safely(database, source, work)


def _safely(database: Database, source: Source, work: Work[Result]) -> Result:
    # Here, where every reading passes, so that no way to the data can forget it.
    refuse_unsafe_role(database, source)
    return work(database)


def new_request_id() -> str:
    """A request's id: req_ and 24 hex digits."""
    return f"req_{secrets.token_hex(12)}"


def checked_request_id(request_id: str | None) -> str:
    """The requestId, a new one where there is none. UsageError where it is malformed."""
    request_id = request_id or new_request_id()
    if not re.fullmatch(REQUEST_ID_PATTERN, request_id):
        raise UsageError("a requestId is 1 to 64 letters, digits, dots, hyphens or underscores")
    return request_id


def checked_scope(source: Source, scope: Mapping[str, str] | None) -> dict[str, str]:
    """The scope, by name. InvalidScope where it names no dimension or holds what is no text."""
    checked = dict(sorted((scope or {}).items()))
    for name, value in checked.items():
        if name not in source.dimensions:
            known = ", ".join(source.dimensions) or "none"
            raise InvalidScope(
                f"source {source.name} has no dimension {name!r}; its dimensions: {known}"
            )
        if NO_TEXT.search(value):
            raise InvalidScope(f"the scope's {name} holds a character that no text may hold")
    return checked


def refuse_forgotten_window(source: Source, window: Window, now: datetime) -> None:
    """InvalidWindow where it begins before what the source keeps."""
    if source.retention_hours is None:
        return
    if (now - window.start) / timedelta(hours=1) > source.retention_hours:
        raise InvalidWindow(
            f"source {source.name} keeps its tasks for {source.retention_hours:g} h; "
            "a window that begins earlier is not measurable"
        )


def figures_of(source: Source, window: Window, rows: Tasks) -> Figures:
    """The tasks among the rows that lived in the window."""
    tasks = rows.where(classified(rows))
    life = lifetimes(tasks)
    alive = lived(life, epoch_us(window.start), epoch_us(window.end))
    return Figures(source, window, tasks.where(alive), life.where(alive))


def _body(
    figures: Figures,
    found: Scan,
    scope: Mapping[str, str],
    request_id: str,
    provenance: Provenance,
) -> SnapshotBody:
    with ThreadPoolExecutor(1, "series") as beside:
        # Of many tasks most of it is NumPy's, which leaves the interpreter to the other figures.
        many = len(figures.tasks) >= LONG_SERIES_ROWS
        bins = beside.submit(series, figures) if many else None
        window, failed, tasks = figures.window, errors(figures), _totals(figures)
        return SnapshotBody(
            window=WindowRecord(minutes=window.minutes, from_=window.start, to=window.end),
            request_id=request_id,
            tasks=tasks,
            latency=Latencies(
                time_to_processing_ms=latency(figures.time_to_processing.ms),
                time_to_complete_ms=latency(figures.time_to_complete.ms),
            ),
            top_errors=top_errors(failed),
            source=figures.source.name,
            scope=scope,
            failure_rate=_failure_rate(figures, tasks),
            backlog=backlog(figures),
            ledger=ledger(figures),
            errors=failed,
            breakdowns=breakdowns(figures),
            cost=cost(figures),
            runs=runs(figures),
            quality=quality(
                found.tasks, figures, found.skew if window.live else None, found.hidden
            ),
            provenance=provenance,
            series=bins.result() if bins else series(figures),
        )


def _failure_rate(figures: Figures, tasks: TaskCounts) -> float | None:
    if tasks.completed is None or figures.lacks("failureRate"):
        return None
    return ratio(tasks.failed, tasks.completed + tasks.failed)


def _totals(figures: Figures) -> TaskCounts:
    ended = {status: int(mask.sum()) for status, mask in figures.ended_as.items()}
    return figures.task_counts(
        {"created": int(figures.created.sum()), **ended, **figures.open_counts}
    )


def _provenance(
    figures: Figures,
    found: Scan,
    request_id: str,
    taken_at: datetime,
    taken_by: Viewer | None,
) -> Provenance:
    return Provenance(
        tool=TOOL,
        scan_request_id=request_id,
        percentile_method=PERCENTILE_METHOD,
        select_sha256=figures.source.select_sha256,
        definitions_sha256=figures.source.definitions_sha256,
        database=found.database,
        database_clock=found.clock,
        live=figures.window.live,
        rows_scanned=found.rows_scanned,
        taken_at=taken_at,
        duration_ms=0,
        taken_by=taken_by,
        freshness=Freshness(state="LIVE"),
    )


def _timed(body: SnapshotBody, started: float) -> SnapshotBody:
    """The body with the time that all of its making took, but for its digests."""
    duration_ms = round((time.monotonic() - started) * 1000)
    provenance = body.provenance.model_copy(update={"duration_ms": duration_ms})
    return body.model_copy(update={"provenance": provenance})
