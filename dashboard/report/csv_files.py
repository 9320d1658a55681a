"""CSV files of a snapshot that no spreadsheet takes for formulas. Pure.

RFC 4180 in UTF-8: texts in double quotes, numbers bare, null an empty field without quotes. A text
that a spreadsheet could run (its first sign, blanks aside, is one of = + - @, or their full-width
forms, or it begins with a tab, CR or LF) has an apostrophe put in front; so has a text that begins
with an apostrophe. Whoever takes one leading apostrophe away from a text has the value again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dashboard.palette import PERCENTILES
from metrics_core import Snapshot
from metrics_core.document import BinLatency, SeriesBin
from metrics_core.groups import Breakdown, BreakdownPart, ErrorGroup
from metrics_core.sides import FLOWS, STATES
from metrics_core.window import utc_text

Cell = str | int | float | None
Row = Sequence[Cell]
RISKY = re.compile(r"['\t\r\n]|[\s\x00-\x1f\ufeff\u200b]*[=+\-@＝＋－＠]")
BIN_LATENCIES = ("time_to_processing_ms", "time_to_complete_ms")
COUNTS = (*FLOWS, *STATES)
PART = tuple(BreakdownPart.model_fields)


def csv_files(snapshot: Snapshot) -> dict[str, str]:
    """The files by name: series, errors, breakdowns, and the tasks that the snapshot names."""
    return {
        "series.csv": _csv(_series_head(), map(_bin, snapshot.series)),
        "errors.csv": _csv(ERRORS_HEAD, _errors(snapshot)),
        "breakdowns.csv": _csv(("dimension", "kind", "value", *PART), _breakdowns(snapshot)),
        "tasks.csv": _csv(TASKS_HEAD, _tasks(snapshot)),
    }


def neutral(text: str) -> str:
    """The text as no spreadsheet runs it.

    >>> neutral("=1+1"), neutral("'s"), neutral("a-b"), neutral(" @x")
    ("'=1+1", "''s", 'a-b', "' @x")
    """
    return f"'{text}" if RISKY.match(text) else text


def plain(cell: str) -> str:
    """What `neutral` was given.

    >>> plain("'=1+1"), plain("''s"), plain("a-b")
    ('=1+1', "'s", 'a-b')
    """
    return cell.removeprefix("'")


def _csv(head: Row, rows: Iterable[Row]) -> str:
    lines = (",".join(map(_field, row)) for row in (head, *rows))
    return "".join(f"{line}\r\n" for line in lines)


def _field(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return '"' + neutral(cell).replace('"', '""') + '"'
    return str(cell)


def _series_head() -> Row:
    figures = (f"{name}_{each}" for name in BIN_LATENCIES for each in (*PERCENTILES, "samples"))
    return ("from", "to", "partial", *COUNTS, *figures)


def _bin(part: SeriesBin) -> Row:
    ends = (utc_text(part.from_), utc_text(part.to), "yes" if part.partial else "no")
    counts = (getattr(part.tasks, name) for name in COUNTS)
    latencies: Iterator[BinLatency] = (getattr(part, name) for name in BIN_LATENCIES)
    figures = (getattr(each, name) for each in latencies for name in (*PERCENTILES, "samples"))
    return (*ends, *counts, *figures)


ERRORS_HEAD = ("kind", "code", "count", "share", "first_at", "last_at", "sample_message")


def _errors(snapshot: Snapshot) -> Iterator[Row]:
    if snapshot.errors is None:
        return
    for error in snapshot.errors.codes:
        times = (utc_text(error.first_at), utc_text(error.last_at))
        yield ("code", error.code, error.count, error.share, *times, error.sample_message)
    if other := snapshot.errors.other:
        yield (f"other: {other.codes} codes", None, other.count, other.share, None, None, None)


def _breakdowns(snapshot: Snapshot) -> Iterator[Row]:
    for breakdown in snapshot.breakdowns:
        yield from _breakdown(breakdown)


def _breakdown(breakdown: Breakdown) -> Iterator[Row]:
    for part in breakdown.values:
        kind = "no value" if part.value is None else "value"
        yield (breakdown.dimension, kind, part.value, *_part(part))
    if other := breakdown.other:
        yield (breakdown.dimension, f"other: {other.values} values", None, *_part(other))


def _part(part: BreakdownPart) -> Iterator[Any]:
    return (getattr(part, name) for name in PART)


TASKS_HEAD = ("task_id", "named_as", "of")


def _tasks(snapshot: Snapshot) -> Iterator[Row]:
    """Every task that the snapshot names, and where; it holds no list of all tasks."""
    for state in ("queued", "processing"):
        oldest = getattr(snapshot.backlog, state).oldest_id
        if oldest is not None:
            yield (oldest, "oldest", state)
    codes: tuple[ErrorGroup, ...] = snapshot.errors.codes if snapshot.errors else ()
    for error in codes:
        yield from ((task_id, "failed with", error.code) for task_id in error.task_ids)
    for finding in snapshot.quality.findings:
        yield from ((task_id, "finding", finding.kind) for task_id in finding.task_ids)
