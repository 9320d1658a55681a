"""Readable: whether the columns of a SELECT hold the times and numbers that they should."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from metrics_core.database import Database
from metrics_core.errors import SourceError
from metrics_core.source import Source
from metrics_core.statement import Wanted, sample_statement
from metrics_core.tasks import NULL, Instants, Mask

TIME_KINDS = ("instant", "naive", "number", "any")
NUMBER_KINDS = ("number", "any")
FIRST_ROWS = 10_000
"""Of more rows only these are read within the transaction, if they hold what they should."""


def typed(wanted: Wanted) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Each column of times or numbers, the kinds that serve, and in words what it should hold."""
    for name in wanted.times:
        yield name, TIME_KINDS, "a time"
    for name in wanted.numbers:
        yield name, NUMBER_KINDS, "a number"


def wrong_type(source: Source, column: str, what: str, hint: str) -> SourceError:
    """The error that says so."""
    return SourceError(f"source {source.name}: its column {column} does not hold {what}{hint}")


@dataclass(frozen=True, kw_only=True)
class TaskRows:
    """The rows that a statement brought, as the database gives the columns wanted."""

    database: Database
    wanted: Wanted
    table: pa.Table

    @cached_property
    def times(self) -> Mapping[str, tuple[Instants, Mask]]:
        """Each column of times, and which of its values could not be read."""
        kinds = self.wanted.kinds
        return {n: self.database.times(self.table, n, kinds[n]) for n in self.wanted.times}

    def readable(self, name: str) -> Mask:
        """Which rows hold a value of the right type in this column of times or numbers."""
        if name in self.wanted.numbers:
            numbers: Mask = self.table[name].is_valid().to_numpy()
            return numbers
        times: Mask = self.times[name][0] != NULL
        return times

    def first(self, size: int) -> "TaskRows":
        """So many of the rows; the rows themselves, with their times, where there are no more."""
        return self if self.table.num_rows <= size else replace(self, table=self.table[:size])


def unreadable(rows: TaskRows, select: str) -> Iterator[tuple[str, str]]:
    """Those columns of undeclared type or of numbers of which no value can be read.

    What the window's condition cannot read it may leave out, so the rows of the scan alone do not
    show a wrong type. Where they hold nothing readable the first few of all rows are looked at too.
    """
    wanted, first = rows.wanted, rows.first(FIRST_ROWS)
    if not {"any", "number"} & {wanted.kinds[name] for name, _, _ in typed(wanted)}:
        return
    unread = [
        (name, what)
        for name, _, what in typed(wanted)
        if not (name in wanted.numbers and not rows.table.num_rows)
        and not (first.readable(name).any() or rows.readable(name).any())
    ]
    # Only then: some SELECTs are made whole before they give a first row.
    few = _sample(rows, select) if unread else rows
    for name, what in unread:
        there = few.table[f"{name}.there"].to_numpy().astype(np.bool_)
        if there.any() and not few.readable(name).any():
            yield name, what


def _sample(rows: TaskRows, select: str) -> TaskRows:
    """The first few of all rows of the SELECT: their times and numbers."""
    statement = sample_statement(rows.database, rows.wanted, select)
    return replace(rows, table=rows.database.fetch(statement, {}))
