"""Row sample: the first rows of the last hour, and what is odd about them.

It reads as a scan does, but at most ROWS rows and for at most SECONDS, so that it is safe on a
production database. Where it got all rows of the hour, it took as long as a scan takes.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import numpy as np

from metrics_core.database import Database
from metrics_core.evidence import Quality
from metrics_core.quality import quality
from metrics_core.scan import canonical, exactly, read
from metrics_core.source import Source
from metrics_core.take import answered, figures_of, new_request_id
from metrics_core.tasks import NULL, Tasks
from metrics_core.window import MAX_MINUTES, Window

ROWS = 10_000
SECONDS = 2.0
LENGTHS_MINUTES = (60, MAX_MINUTES)
"""Where nothing lived in the last hour, the last week tells what the rows are like."""


@dataclass(frozen=True, kw_only=True)
class RowSample:
    """What the first `rows` of the last `minutes` are like; `complete` if there are no more.

    `nulls` counts the rows without a value, by column.
    """

    minutes: int
    rows: int
    complete: bool
    read_ms: int
    nulls: Mapping[str, int]
    quality: Quality


def bounded(source: Source) -> Source:
    """The source, of which only so much is read and only for so long."""
    seconds = min(SECONDS, source.deadline_seconds)
    return source.model_copy(update={"max_rows": ROWS - 1, "deadline_seconds": seconds})


def row_sample(source: Source, now: datetime) -> RowSample:
    """A sample of the last hour, or where it is empty of the last week; the errors of a scan."""
    limited = bounded(source)
    work = partial(_sample, source=limited, now=now)
    return answered(limited, work, request_id=new_request_id(), database=None)


def _sample(database: Database, *, source: Source, now: datetime) -> RowSample:
    with database.transaction():
        for minutes in LENGTHS_MINUTES:
            window, began = Window.ending_now(now, minutes=minutes), time.monotonic()
            rows = read(database, source, window, {})
            read_ms = round((time.monotonic() - began) * 1000)
            if rows.table.num_rows:
                break
    found = canonical(rows)
    tasks = found.where(exactly(found, window, {}))
    return RowSample(
        minutes=minutes,
        rows=len(tasks),
        complete=rows.table.num_rows < ROWS,
        read_ms=read_ms,
        nulls=_nulls(tasks),
        quality=quality(tasks, figures_of(source, window, tasks), None),
    )


def _nulls(tasks: Tasks) -> dict[str, int]:
    """How many rows have none, of each column that the source has and a figure needs."""
    missing = {
        "status": tasks.native_status.codes < 0,
        "created_at": tasks.created == NULL,
        "eligible_at": tasks.eligible == NULL,
        "started_at": tasks.started == NULL,
        "finished_at": tasks.finished == NULL,
        "updated_at": tasks.updated == NULL,
        "duration_ms": np.isnan(tasks.duration_ms),
        "cost_usd": np.isnan(tasks.cost_usd),
        **{name: column.codes < 0 for name, column in tasks.dimensions.items()},
    }
    there = {*tasks.columns, *tasks.dimensions}
    return {name: int(mask.sum()) for name, mask in missing.items() if name in there}


def looked_back(now: datetime) -> datetime:
    """Before which the latest time is looked for: times of a wrong zone may lie ahead of now."""
    return now + timedelta(days=1)
