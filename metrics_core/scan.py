"""The scan: one SELECT that returns the tasks that lived in a window, in canonical form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from metrics_core.clock import Skew, clock_and_skew
from metrics_core.database import Database, Kind
from metrics_core.error_columns import unpacked
from metrics_core.errors import ScanTooLarge, SourceError
from metrics_core.latency import LARGEST_MS
from metrics_core.readable import TaskRows, typed, unreadable, wrong_type
from metrics_core.row_security import tables_with_row_security
from metrics_core.source import (
    OPTIONAL_COLUMNS,
    PLACING_COLUMNS,
    REQUIRED_COLUMNS,
    STATUSES,
    TIME_COLUMNS,
    TIME_TO_PROCESSING,
    Source,
)
from metrics_core.statement import (
    Statement,
    Wanted,
    bounded_select,
    scan_statement,
)
from metrics_core.tasks import CODED_TYPE, ID_TYPE, NULL, UNMAPPED, Coded, Mask, Tasks
from metrics_core.window import Window, epoch_us

LARGEST_USD = LARGEST_MS / 1e6
"""Millionths of a larger cost are no exact numbers any more."""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one scan brought: the rows that the window's condition and the scope allow."""

    tasks: Tasks
    rows_scanned: int
    database: str
    clock: datetime
    skew: Skew
    hidden: tuple[str, ...] = ()
    """Where there were no rows: the tables whose row level security may hide some."""


def scan(database: Database, source: Source, window: Window, scope: Mapping[str, str]) -> Scan:
    """Reads the tasks of a window in one read-only transaction.

    SourceError where the SELECT does not give what is needed, DatabaseError where the database
    does not answer, ScanTooLarge past the source's max_rows.
    """
    with database.transaction():
        clock, skew = clock_and_skew(database)
        rows = read(database, source, window, scope)
        hidden = () if rows.table.num_rows else tables_with_row_security(database, source)
    refuse_too_many(source, rows)
    tasks = canonical(rows)
    return Scan(
        tasks=tasks.where(exactly(tasks, window, scope)),
        rows_scanned=rows.table.num_rows,
        database=database.name,
        clock=clock,
        skew=skew,
        hidden=hidden,
    )


def refuse_too_many(source: Source, rows: TaskRows) -> None:
    """ScanTooLarge past the source's max_rows."""
    if rows.table.num_rows > source.max_rows:
        raise ScanTooLarge(
            f"source {source.name}: the window holds more than max_rows = {source.max_rows:,} "
            "tasks: ask for a shorter window or a narrower scope (a sample would be no figure)"
        )


def read(
    database: Database,
    source: Source,
    window: Window,
    scope: Mapping[str, str],
    statement: Statement = scan_statement,
    optional: Collection[str] = OPTIONAL_COLUMNS,
) -> TaskRows:
    """The statement's rows. SourceError where a column is of a wrong type.

    `optional` names the columns to read where the SELECT yields them.
    """
    select = bounded_select(database, source, window)
    wanted = wanted_columns(source, database.columns(select), optional)
    types = {"id": ID_TYPE, **dict.fromkeys(wanted.repeating, CODED_TYPE)}
    table = database.fetch(statement(database, wanted, select, window, scope), scope, types)
    rows = TaskRows(database=database, wanted=wanted, table=table)
    utc = ", texts by utc_texts in UTC only" if source.utc_texts else ""
    unit = f" (epoch numbers are read in time_unit = {source.time_unit!r}{utc})"
    for name, what in unreadable(rows, select):
        raise wrong_type(source, name, what, unit * (name in wanted.times))
    return rows


def wanted_columns(
    source: Source, kinds: Mapping[str, Kind], optional: Collection[str] = OPTIONAL_COLUMNS
) -> Wanted:
    """The columns to read. SourceError where one is missing or of a type that cannot serve."""
    for name in (*REQUIRED_COLUMNS, *source.dimensions):
        if name not in kinds:
            raise SourceError(
                f"source {source.name}: its SELECT has no column {name}; {_has(kinds)}"
            )
    there = [name for name in optional if name in kinds and name not in source.lacks]
    if not set(PLACING_COLUMNS) & set(there):
        raise SourceError(
            f"source {source.name}: its SELECT needs at least one of {', '.join(PLACING_COLUMNS)}; "
            + _has(kinds)
        )
    names = (*REQUIRED_COLUMNS, *source.dimensions, *there)
    wanted = Wanted(source=source, kinds={name: kinds[name] for name in names})
    for name, allowed, what in typed(wanted):
        if kinds[name] not in allowed:
            raise wrong_type(source, name, what, f" (it is {kinds[name]}: cast it in the SELECT)")
    return wanted


def _has(kinds: Mapping[str, Kind]) -> str:
    return f"it has {', '.join(kinds) or 'none'}"


def canonical(rows: TaskRows) -> Tasks:
    """The rows in canonical form; columns that the source lacks are null throughout."""
    wanted, table, times = rows.wanted, rows.table, rows.times
    size, none = table.num_rows, Coded(np.full(table.num_rows, -1, np.int32), ())
    absent = np.broadcast_to(np.int64(NULL), size)  # takes no memory
    instants = {n: times[n][0] if n in times else absent for n in TIME_COLUMNS}
    packed = {n: Coded.of(table[n]) if n in wanted.kinds else none for n in ("error", "error_code")}
    texts = unpacked(packed, wanted.source.error_format)
    native = Coded.of(table["status"])
    duration_ms, cost_usd = _doubles(table, "duration_ms"), _doubles(table, "cost_usd")
    return Tasks(
        id=_ids(table["id"]),
        status=_statuses(native, wanted.source),
        native_status=native,
        created=instants["created_at"],
        eligible=instants["eligible_at"],
        started=instants["started_at"],
        finished=instants["finished_at"],
        updated=instants["updated_at"],
        duration_ms=_up_to(duration_ms, LARGEST_MS),
        cost_usd=_up_to(cost_usd, LARGEST_USD),
        error=texts["error"],
        error_code=texts["error_code"],
        dimensions={name: Coded.of(table[name]) for name in wanted.source.dimensions},
        unreadable=np.logical_or.reduce([bad for _, bad in times.values()]),
        columns=frozenset(wanted.kinds) | ({TIME_TO_PROCESSING} - set(wanted.source.lacks)),
    )


def _ids(column: pa.ChunkedArray) -> pa.Array:
    texts = column.cast(ID_TYPE).fill_null("").combine_chunks()
    return texts.chunk(0) if isinstance(texts, pa.ChunkedArray) else texts


def _doubles(rows: pa.Table, name: str) -> NDArray[np.float64]:
    """The column as doubles; NaN where null, infinite or not there at all."""
    if name not in rows.column_names:
        return np.broadcast_to(np.float64(np.nan), rows.num_rows)
    numbers = rows[name].cast(pa.float64()).to_numpy()
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _up_to(numbers: NDArray[np.float64], largest: float) -> NDArray[np.float64]:
    """The numbers, with NaN for those that are too large, if there are any."""
    too_large = np.abs(numbers) > largest
    return np.where(too_large, np.nan, numbers) if too_large.any() else numbers


def _statuses(native: Coded, source: Source) -> NDArray[np.int8]:
    codes = [_status_code(source, value) for value in native.values]
    return np.array([*codes, UNMAPPED], np.int8)[native.codes]


def _status_code(source: Source, value: str) -> int:
    status = source.status_of.get(value)
    return UNMAPPED if status is None else STATUSES.index(status)


def exactly(tasks: Tasks, window: Window, scope: Mapping[str, str]) -> Mask:
    """Which rows the window's condition and the scope allow: a statement may yield more."""
    return _in_window(tasks, window) & _in_scope(tasks, scope)


def _in_window(tasks: Tasks, window: Window) -> Mask:
    """design.md's condition of the window, exactly."""
    start, end = epoch_us(window.start), epoch_us(window.end)
    began = (tasks.created == NULL) | (tasks.created < end)
    later = (tasks.finished == NULL) | (tasks.finished >= start) | (tasks.created >= start)
    both: Mask = began & later
    return both


def _in_scope(tasks: Tasks, scope: Mapping[str, str]) -> Mask:
    mask = np.ones(len(tasks), np.bool_)
    for name, value in scope.items():
        column = tasks.dimensions[name]
        mask &= np.array([text == value for text in column.values] + [False])[column.codes]
    return mask
