"""Task rows: single tasks as a list shows them. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from metrics_core.backlog import age_ms, since_of
from metrics_core.failures import failure_codes
from metrics_core.figures import Figures
from metrics_core.latency import cohort, time_to_complete
from metrics_core.record import Ms, Record, Utc
from metrics_core.source import STATUSES, TRACE_ID
from metrics_core.tasks import NULL, Coded
from metrics_core.times import LATEST_US
from metrics_core.window import epoch_us, from_epoch_us

EARLIEST_US = epoch_us(datetime.min.replace(tzinfo=UTC))

Rows = NDArray[np.intp]


class TaskRow(Record):
    """One task of a list. Null is "not known", or "does not apply".

    `status` is how it ended in the window, else its state at the window's end; `ended_at` is null
    where it has not ended by then. `age_ms` is how long a queued one has waited, a processing one
    has run. `error` and `code` are of failed ones.
    """

    id: str
    status: str
    created_at: Utc | None
    started_at: Utc | None
    ended_at: Utc | None
    time_to_complete_ms: Ms | None
    age_ms: Ms | None
    dimensions: Mapping[str, str | None]
    error: str | None
    code: str | None
    trace_id: str | None


def task_rows(figures: Figures, rows: Rows) -> tuple[TaskRow, ...]:
    """These tasks, in their order."""
    tasks, end = figures.tasks, np.where(figures.ended, figures.life.end, NULL)
    run_ms, codes = _run_ms(figures, rows), _codes(figures, rows)
    return tuple(
        TaskRow(
            id=tasks.id[row].as_py(),
            status=STATUSES[figures.outcomes[row]],
            created_at=_time(tasks.created[row]),
            started_at=_time(tasks.started[row]),
            ended_at=_time(end[row]),
            time_to_complete_ms=run_ms.get(row),
            age_ms=_age_ms(figures, row),
            dimensions={n: _text(tasks.dimensions[n], row) for n in figures.source.dimensions},
            error=_text(tasks.error, row) or None if row in codes else None,
            code=codes.get(row),
            trace_id=_text(tasks.dimensions[TRACE_ID], row)
            if TRACE_ID in tasks.dimensions
            else None,
        )
        for row in rows.tolist()
    )


def _run_ms(figures: Figures, rows: Rows) -> dict[int, int]:
    """The run times of those of the rows that ended and have one."""
    chosen = np.zeros(len(figures.tasks), np.bool_)
    chosen[rows] = True
    samples = time_to_complete(figures.tasks, cohort(figures.tasks, chosen & figures.ended))
    return dict(zip(samples.rows.tolist(), samples.ms.tolist(), strict=True))


def _codes(figures: Figures, rows: Rows) -> dict[int, str]:
    """The error codes of those of the rows that failed, where the source has errors."""
    if not {"error", "error_code"} & figures.tasks.columns:
        return {}
    failed = rows[figures.ended_as["failed"][rows]]
    codes = failure_codes(figures.tasks, failed, figures.source.errors)
    return {row: codes.values[code] for row, code in zip(failed.tolist(), codes.codes, strict=True)}


def _age_ms(figures: Figures, row: int) -> int | None:
    state = STATUSES[figures.outcomes[row]]
    if state not in ("queued", "processing"):
        return None
    since = int(since_of(figures.tasks, state)[row])
    return None if since == NULL else age_ms(figures, since)


def _time(instant: np.int64) -> datetime | None:
    """The instant; None too where it lies outside the years that a datetime knows."""
    return from_epoch_us(int(instant)) if EARLIEST_US <= instant < LATEST_US else None


def _text(column: Coded, row: int) -> str | None:
    code = column.codes[row]
    return column.values[code] if code >= 0 else None
