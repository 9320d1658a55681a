"""Quality: what a reader must know about the rows, and what this source cannot measure. Pure."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from metrics_core.breakdowns import ranked_values
from metrics_core.clock import Skew
from metrics_core.evidence import Finding, NotMeasurable, Quality
from metrics_core.figures import Figures
from metrics_core.latency import lacks_time_to_complete, lacks_time_to_processing
from metrics_core.source import ENDED_STATUSES, TIME_TO_PROCESSING
from metrics_core.tasks import NULL, UNMAPPED, Coded, Mask, Tasks

LISTED_VALUES = 20
MILLISECOND = timedelta(milliseconds=1)

MEANINGS = {
    "missing_status": "Rows without a status: {}. They are in no figure.",
    "unknown_status": "Rows with the status {value!r}, which this source does not map: {}. "
    "They are in no figure.",
    "other_unknown_statuses": "Rows with further statuses that this source does not map: {}. "
    "They are in no figure.",
    "ended_without_time": "Ended tasks without any time: {}. They are in no figure.",
    "unreadable_time": "Rows with a time that cannot be read: {}. It counts as missing.",
    "missing_created_at": "Tasks without created_at: {}. They begin at their earliest other time.",
    "missing_finished_at": "Ended tasks without finished_at: {}. "
    "They end at updated_at, or else at their beginning.",
    "end_before_beginning": "Tasks that ended before they began: {}. "
    "They count as ended at their beginning.",
    "open_with_finished_at": "Open tasks with a finished_at: {}. "
    "Windows that begin after it leave them out: the SELECT should give null there.",
    "negative_time_to_processing": "Tasks that started before they could: {}. "
    "They are no samples of time to processing.",
    "negative_time_to_complete": "Tasks that finished before they started: {}. "
    "They are no samples of time to complete.",
}


def classified(rows: Tasks) -> Mask:
    """Which rows are tasks: with a status that the source maps, and a place in time if ended."""
    mapped: Mask = rows.status != UNMAPPED
    return mapped & ~_ended_without_time(rows)


def _ended_without_time(rows: Tasks) -> Mask:
    timeless: Mask = rows.created == NULL
    for column in (rows.eligible, rows.started, rows.finished, rows.updated):
        if timeless.any():
            timeless &= column == NULL
    return timeless & rows.is_status(*ENDED_STATUSES) if timeless.any() else timeless


def quality(
    rows: Tasks, figures: Figures, skew: Skew | None, hidden: tuple[str, ...] = ()
) -> Quality:
    """All findings: `rows` are all that the scan returned, `skew` is of a live window only.

    `hidden` are the tables whose row level security may be why there are no rows.
    """
    findings = [
        *_unclassified(rows),
        *_repairs(rows, figures),
        *_clock_skew(skew),
        *map(_row_security, hidden),
    ]
    return Quality(findings=tuple(findings), not_measurable=_with_reasons(rows.columns, figures))


def _finding(kind: str, rows: Tasks, mask: Mask, value: str | None = None) -> Iterator[Finding]:
    count = int(np.count_nonzero(mask))
    if count:
        yield Finding(
            kind=kind,
            value=value,
            count=count,
            task_ids=rows.least_ids(mask),
            text=MEANINGS[kind].format(f"{count:,}", value=value),
        )


def _unclassified(rows: Tasks) -> Iterator[Finding]:
    nameless = rows.native_status.codes < 0
    yield from _finding("missing_status", rows, nameless)
    yield from _unknown_statuses(rows, (rows.status == UNMAPPED) & ~nameless)
    yield from _finding("ended_without_time", rows, _ended_without_time(rows))


def _unknown_statuses(rows: Tasks, unknown: Mask) -> Iterator[Finding]:
    native = rows.native_status
    ranking = ranked_values(Coded(native.codes[unknown], native.values))
    for value, code, _ in ranking[:LISTED_VALUES]:
        yield from _finding("unknown_status", rows, unknown & (native.codes == code), value)
    further = [code for _, code, _ in ranking[LISTED_VALUES:]]
    yield from _finding("other_unknown_statuses", rows, unknown & np.isin(native.codes, further))


def _repairs(rows: Tasks, figures: Figures) -> Iterator[Finding]:
    tasks, life = figures.tasks, figures.life
    known_end = np.where(tasks.finished == NULL, tasks.updated, tasks.finished)
    early = figures.ended & (known_end != NULL) & (known_end < life.begin)
    unfinished = figures.ended & (tasks.finished == NULL)
    ended = tasks.is_status(*ENDED_STATUSES)
    yield from _finding("unreadable_time", rows, rows.unreadable)
    if figures.knows_created:
        yield from _finding("missing_created_at", tasks, tasks.created == NULL)
    yield from _finding("missing_finished_at", tasks, unfinished)
    yield from _finding("end_before_beginning", tasks, early)
    yield from _finding("open_with_finished_at", tasks, ~ended & (tasks.finished != NULL))
    yield from _negative("negative_time_to_processing", tasks, figures.time_to_processing.negative)
    yield from _negative("negative_time_to_complete", tasks, figures.time_to_complete.negative)


def _negative(kind: str, tasks: Tasks, negative: NDArray[np.intp]) -> Iterator[Finding]:
    mask = np.zeros(len(tasks), np.bool_)
    mask[negative] = True
    yield from _finding(kind, tasks, mask)


def _clock_skew(skew: Skew | None) -> Iterator[Finding]:
    if skew is not None and skew.too_large:
        skew_ms = skew.ahead // MILLISECOND
        side = "ahead of" if skew_ms > 0 else "behind"
        yield Finding(
            kind="clock_skew",
            value=None,
            count=1,
            task_ids=(),
            text=f"The database's clock is {abs(skew_ms) / 1000:.1f} s {side} Stillframe's; "
            "this window ends by Stillframe's.",
        )


def _row_security(table: str) -> Finding:
    return Finding(
        kind="row_level_security",
        value=None,
        count=1,
        task_ids=(),
        text=f"0 rows are visible, maybe because of row level security on {table}: "
        "it shows this role only the rows that a policy lets it see.",
    )


def _with_reasons(columns: frozenset[str], figures: Figures) -> tuple[NotMeasurable, ...]:
    """What cannot be measured; a reason that the source states itself says more than ours."""
    stated = figures.source.not_measurable
    reasons = {each.figure: each.reason for each in _not_measurable(columns)} | {**stated}
    return tuple(NotMeasurable(figure=name, reason=text) for name, text in reasons.items())


def _not_measurable(columns: frozenset[str]) -> Iterator[NotMeasurable]:
    waits, runs = lacks_time_to_processing(columns), lacks_time_to_complete(columns)
    if "created_at" not in columns:
        for figure in ("tasks.created", "ledger"):
            yield _lacking(figure, "created_at")
    if waits:
        yield _lacking("latency.timeToProcessingMs", waits)
    if runs:
        yield _lacking("latency.timeToCompleteMs", runs)
    if "created_at" not in columns:
        yield _lacking("backlog.queued.oldestAgeMs", "created_at")
    if "started_at" not in columns:
        yield _lacking("backlog.processing.oldestAgeMs", "started_at")
    if not {"error", "error_code"} & columns:
        yield _lacking("errors", "error, and no error_code")


def _lacking(figure: str, column: str) -> NotMeasurable:
    what = "queue of its own: a task begins by starting" if column == TIME_TO_PROCESSING else column
    return NotMeasurable(figure=figure, reason=f"The source has no {what}.")
