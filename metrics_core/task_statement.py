"""Statements of task lists: which rows may be of a list, in SQL that is a superset of it. Pure.

The definitions are those of `metrics_core.states`; what SQL lets through too much is dropped there.
"""

from collections.abc import Iterable, Mapping

from metrics_core.database import Database
from metrics_core.source import ENDED_STATUSES
from metrics_core.statement import (
    Wanted,
    bound_of,
    column_of,
    rows_statement,
    scope_conditions,
    window_conditions,
)
from metrics_core.window import Window, epoch_us


def ended_statement(
    database: Database,
    wanted: Wanted,
    select: str,
    window: Window,
    scope: Mapping[str, str],
    *,
    status: str,
    limit: int,
) -> str:
    """Rows that may have ended in the window with this status."""
    conditions = [
        *window_conditions(database, wanted, window, scope),
        _is_one_of(database, wanted, (status,)),
    ]
    return rows_statement(database, wanted, select, conditions, f"LIMIT {limit}")


def newest_statement(
    database: Database,
    wanted: Wanted,
    select: str,
    window: Window,
    scope: Mapping[str, str],
    *,
    status: str,
    limit: int,
) -> str:
    """The newest `limit` of those rows by (end, id); all of them where SQL cannot tell their ends.

    Here the end is not a bound of it but the very one of `metrics_core.states`, so that no
    fallback and no tie loses a row.
    """
    end = _end(database, wanted)
    if end is None:
        bound = bound_of(wanted.source)
        return ended_statement(database, wanted, select, window, scope, status=status, limit=bound)
    start, stop = (database.instant(epoch_us(time)) for time in (window.start, window.end))
    conditions = [
        *window_conditions(database, wanted, window, scope),
        _is_one_of(database, wanted, (status,)),
        f"{end} >= {start}",
        f"{end} < {stop}",
    ]
    name = database.text(column_of("id"), wanted.kinds["id"])
    tail = f'ORDER BY {end} DESC, {name} COLLATE "C"\nLIMIT {limit}'
    return rows_statement(database, wanted, select, conditions, tail)


def latest_statement(
    database: Database,
    wanted: Wanted,
    select: str,
    window: Window,
    scope: Mapping[str, str],
    *,
    column: str,
    limit: int,
) -> str:
    """The latest `limit` rows by this time of theirs, of those where it lies in the window.

    Nothing but that column is asked of the rows, so that an index on it ends the reading early.
    """
    name, kind = column_of(column), wanted.kinds[column]
    conditions = [
        database.between(name, kind, epoch_us(window.start), epoch_us(window.end)),
        *scope_conditions(database, wanted, scope),
    ]
    tail = f"ORDER BY {database.sort_key(name, kind)} DESC\nLIMIT {limit}"
    return rows_statement(database, wanted, select, conditions, tail)


def any_statement(
    database: Database, wanted: Wanted, select: str, _: Window, scope: Mapping[str, str]
) -> str:
    """Any one row of the scope, whenever it lived."""
    conditions = scope_conditions(database, wanted, scope)
    return rows_statement(database, wanted, select, conditions, "LIMIT 1")


def open_statement(
    database: Database,
    wanted: Wanted,
    select: str,
    window: Window,
    scope: Mapping[str, str],
    *,
    limit: int,
) -> str:
    """Rows that may be open at the window's end: open ones, and those that ended since."""
    conditions = [*window_conditions(database, wanted, window, scope)]
    if "finished_at" in wanted.kinds:
        column, kind = column_of("finished_at"), wanted.kinds["finished_at"]
        since = database.since(column, kind, epoch_us(window.end))
        ended = _is_one_of(database, wanted, ENDED_STATUSES)
        conditions.append(f"(NOT {ended} OR {column} IS NULL OR {since})")
    return rows_statement(database, wanted, select, conditions, f"LIMIT {limit}")


def _is_one_of(database: Database, wanted: Wanted, statuses: Iterable[str]) -> str:
    """True of the source's native values of these statuses."""
    meant = {*statuses}
    natives = [value for value, status in wanted.source.status_of.items() if status in meant]
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in natives)
    return f"{database.text(column_of('status'), wanted.kinds['status'])} IN ({listed or 'NULL'})"


def _end(database: Database, wanted: Wanted) -> str | None:
    """design.md's end of an ended task, never before its beginning; None where SQL cannot tell."""
    times = {
        name: database.exact_time(column_of(name), wanted.kinds[name]) for name in wanted.times
    }
    exact = {name: time for name, time in times.items() if time is not None}
    if len(exact) < len(times):
        return None
    begin = _first_of(
        exact.get("created_at"),
        _of("least", (exact.get(n) for n in ("started_at", "finished_at", "updated_at"))),
        exact.get("eligible_at"),
    )
    known = _first_of(exact.get("finished_at"), exact.get("updated_at"), begin)
    return _of("greatest", (known, begin))


def _first_of(*times: str | None) -> str | None:
    return _of("coalesce", times)


def _of(function: str, times: Iterable[str | None]) -> str | None:
    there = [time for time in times if time is not None]
    return f"{function}({', '.join(there)})" if there else None
