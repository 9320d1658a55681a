"""Readable: whether the columns of a SELECT hold the times and numbers that they should."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from metrics_core.database import Database
from metrics_core.errors import SourceError
from metrics_core.source import Source
from metrics_core.statement import Wanted, sample_statement
from metrics_core.tasks import NULL, Mask

TIME_KINDS = ("instant", "naive", "number", "any")
NUMBER_KINDS = ("number", "any")
FIRST_ROWS = 100


def typed(wanted: Wanted) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Each column of times or numbers, the kinds that serve, and in words what it should hold."""
    for name in wanted.times:
        yield name, TIME_KINDS, "a time"
    for name in wanted.numbers:
        yield name, NUMBER_KINDS, "a number"


def wrong_type(source: Source, column: str, what: str, hint: str) -> SourceError:
    """The error that says so."""
    return SourceError(f"source {source.name}: its column {column} does not hold {what}{hint}")


def unreadable(
    database: Database, wanted: Wanted, select: str, rows: pa.Table
) -> Iterator[tuple[str, str]]:
    """Those columns of undeclared type or of numbers of which no value can be read.

    What the window's condition cannot read it may leave out, so the rows of the scan alone do not
    show a wrong type. Where they hold nothing readable the first few of all rows are looked at too.
    """
    if not {"any", "number"} & {wanted.kinds[name] for name, _, _ in typed(wanted)}:
        return
    unread = [
        (name, what)
        for name, _, what in typed(wanted)
        if not (name in wanted.numbers and not rows.num_rows)
        and not _any_readable(database, wanted, rows, name)
    ]
    # Only then: some SELECTs are made whole before they give a first row.
    few = database.fetch(sample_statement(database, wanted, select), {}) if unread else rows
    for name, what in unread:
        there = few[f"{name}.there"].to_numpy().astype(np.bool_)
        if there.any() and not _readable(database, wanted, few, name).any():
            yield name, what


def _any_readable(database: Database, wanted: Wanted, rows: pa.Table, name: str) -> bool:
    """Whether any row holds a value of the right type; most often one of the first does."""
    first = _readable(database, wanted, rows.slice(0, FIRST_ROWS), name)
    return bool(first.any() or _readable(database, wanted, rows, name).any())


def _readable(database: Database, wanted: Wanted, rows: pa.Table, name: str) -> Mask:
    """Which rows hold a value of the right type in this column."""
    if name in wanted.numbers:
        numbers: Mask = rows[name].is_valid().to_numpy()
        return numbers
    times: Mask = database.times(rows, name, wanted.kinds[name])[0] != NULL
    return times
