"""Last task: when any task of a source last began or ended, for a window in which none did.

A read of its own, on demand: the latest few rows by each of two times, so that an index on it ends
the reading early; within the source's deadline, and bounded in how far it looks back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np

from metrics_core.database import Database
from metrics_core.quality import classified
from metrics_core.scan import canonical, exactly, read, refuse_too_many, wanted_columns
from metrics_core.source import TIME_COLUMNS, Source
from metrics_core.statement import WINDOW_NAME, bound_of, bounded_select
from metrics_core.states import lifetimes
from metrics_core.take import answered, checked_request_id, checked_scope
from metrics_core.task_statement import any_statement, latest_statement
from metrics_core.tasks import Instants, Mask, Tasks
from metrics_core.window import EPOCH, Window, epoch_us, from_epoch_us

LOOK_BACK = (timedelta(days=7), timedelta(days=366))
"""First near, which is enough for most; then as far as it goes."""
FIRST_ROWS, MORE_ROWS = 20, 8
BEGINNINGS, ENDS = ("created_at", "started_at"), ("finished_at", "updated_at")


@dataclass(frozen=True, kw_only=True)
class LastTask:
    """When any task last began or ended in [since, before); null where none did.

    `no_rows` says that the source yields none at all in this scope, whatever the time; never of a
    SELECT that looks at its window itself.
    """

    at: datetime | None
    since: datetime
    before: datetime
    no_rows: bool = False


def last_task(
    source: Source,
    before: datetime,
    scope: Mapping[str, str] | None = None,
    *,
    request_id: str | None = None,
    database: Database | None = None,
) -> LastTask:
    """The last beginning or end before `before`, at most 366 days back, or the source's retention.

    Found by created_at (else started_at) and finished_at (else updated_at), whichever is later; a
    row without that time is not looked for. Where naive times of a zone come twice, in the hour in
    which its clocks go back, it may be the other one's. Errors: InvalidScope, those of a scan.
    """
    work = partial(_looked_for, source=source, before=before, scope=checked_scope(source, scope))
    request_id = checked_request_id(request_id)
    return answered(source, work, request_id=request_id, database=database)


def _looked_for(
    database: Database, *, source: Source, before: datetime, scope: Mapping[str, str]
) -> LastTask:
    with database.transaction():
        for window in _windows(source, before):
            times = [*_latest_times(database, source, window, scope)]
            if times:
                return LastTask(at=max(times), since=window.start, before=before)
        no_rows = not WINDOW_NAME.search(source.sql) and _is_empty(database, source, window, scope)
    return LastTask(at=None, since=window.start, before=before, no_rows=no_rows)


def _windows(source: Source, before: datetime) -> Iterator[Window]:
    """What is looked through: from near to far, each once, and nothing that is not kept."""
    first = EPOCH
    if source.retention_hours is not None:
        first = max(EPOCH, datetime.now(UTC) - timedelta(hours=source.retention_hours))
    for start in dict.fromkeys(max(first, before - length) for length in LOOK_BACK):
        yield Window(start=min(start, before), end=before)


def _latest_times(
    database: Database, source: Source, window: Window, scope: Mapping[str, str]
) -> Iterator[datetime]:
    there = wanted_columns(source, database.columns(bounded_select(database, source, window))).times
    for names in (BEGINNINGS, ENDS):
        for column in [name for name in names if name in there][:1]:
            latest = _latest(database, source, window, scope, column)
            if latest is not None:
                yield from_epoch_us(latest)


def _latest(
    database: Database, source: Source, window: Window, scope: Mapping[str, str], column: str
) -> int | None:
    """The latest beginning or end of the latest rows; asks for more while none of them counts."""
    asked = min(FIRST_ROWS, bound_of(source))
    while True:
        statement = partial(latest_statement, column=column, limit=asked)
        rows = read(database, source, window, scope, statement, TIME_COLUMNS)
        tasks = canonical(rows)
        counting = exactly(tasks, window, scope) & _is_before(tasks, column, window.end)
        latest = _latest_in(tasks.where(counting), window)
        if latest is not None or rows.table.num_rows < asked:
            return latest
        refuse_too_many(source, rows)
        asked = min(asked * MORE_ROWS, bound_of(source))


def _is_before(tasks: Tasks, column: str, end: datetime) -> Mask:
    """Whose time in this column is: a statement may yield more, as if they were the latest."""
    times: Instants = getattr(tasks, column.removesuffix("_at"))
    return times < epoch_us(end)


def _latest_in(tasks: Tasks, window: Window) -> int | None:
    life = lifetimes(tasks.where(classified(tasks)))
    times = np.concatenate([life.begin, life.end])
    inside = times[(times >= epoch_us(window.start)) & (times < epoch_us(window.end))]
    return int(inside.max()) if len(inside) else None


def _is_empty(database: Database, source: Source, window: Window, scope: Mapping[str, str]) -> bool:
    rows = read(database, source, window, scope, any_statement, TIME_COLUMNS)
    return not rows.table.num_rows
