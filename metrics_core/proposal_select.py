"""Proposal's SELECT: the columns of a foreign table under Stillframe's names. Pure.

Names come from the database's own catalog and are always quoted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from metrics_core.column_roles import Roles
from metrics_core.name_words import CANCELLED_ENDS, FAILED_ENDS, TO_MS, time_words, words
from metrics_core.source import (
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    RESERVED_NAMES,
    TIME_COLUMNS,
    TRACE_ID,
)
from metrics_core.table_facts import Column, TableFacts, identifier, literal
from metrics_core.time_columns import TimeColumn, Unit

LONGEST_ALIAS = 60
UNNAMED = ("true", "false")
"""SQLite calls columns of these names column1 where a subquery gives them no other."""
TAKEN = frozenset({*RESERVED_NAMES, *REQUIRED_COLUMNS, *OPTIONAL_COLUMNS, TRACE_ID})


def proposed_dimensions(roles: Roles) -> Mapping[str, Column]:
    """The columns to break down by, each by a name that a dimension may have."""
    named: dict[str, Column] = {}
    for column in roles.dimensions:
        taken = TAKEN | {name.lower() for name in named}
        named[_alias(column.name, taken)] = column
    return named


def _alias(name: str, taken: frozenset[str]) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name)[:LONGEST_ALIAS]
    plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
    numbered = (f"{plain}_{n}" for n in range(2, len(taken) + 3))
    return next(free for free in (plain, *numbered) if free.lower() not in taken)


def proposed_select(
    table: TableFacts, roles: Roles, unit: Unit, ended: Sequence[str] | None
) -> str:
    """The SELECT; with `ended` an end counts only where the native status is one of these."""
    columns = _columns(table, roles, unit, ended)
    listed = ",\n  ".join(_named(expression, name) for name, expression in columns)
    return f"SELECT\n  {listed}\nFROM {table.quoted}"


def _named(expression: str, name: str) -> str:
    if name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS):
        return f"{expression} AS {name}"
    plain = expression == identifier(name) and name.lower() not in UNNAMED
    return expression if plain else f"{expression} AS {identifier(name)}"


def _columns(
    table: TableFacts, roles: Roles, unit: Unit, ended: Sequence[str] | None
) -> Iterator[tuple[str, str]]:
    yield "id", _id(table, roles)
    yield "status", identifier(roles.status.name) if roles.status else _status_by_times(roles)
    for role in TIME_COLUMNS:
        if times := roles.times.get(role):
            expression = _coalesced(times, table.dialect, unit)
            guarded = role == "finished_at" and ended is not None and roles.status is not None
            yield role, _guarded(expression, roles, ended or ()) if guarded else expression
    yield from _numbers(roles)
    for name, column in (("error", roles.error), ("error_code", roles.error_code)):
        if column is not None:
            yield name, identifier(column.name)
    for name, column in proposed_dimensions(roles).items():
        yield name, identifier(column.name)


def _id(table: TableFacts, roles: Roles) -> str:
    names = [identifier(column.name) for column in roles.id]
    if not names:
        return table.row_id or "NULL"
    if len(names) == 1:
        return names[0]
    return " || '/' || ".join(f"CAST({name} AS text)" for name in names)


def _coalesced(times: Sequence[TimeColumn], dialect: str, unit: Unit) -> str:
    expressions = [time.expression(dialect, unit) for time in times]
    return f"coalesce({', '.join(expressions)})" if len(expressions) > 1 else expressions[0]


def _guarded(expression: str, roles: Roles, ended: Sequence[str]) -> str:
    status = roles.status
    if status is None or not ended:
        return f"CASE WHEN 1 = 0 THEN {expression} END"
    natives = ", ".join(map(literal, ended))
    return f"CASE WHEN {_as_text(status)} IN ({natives}) THEN {expression} END"


def _as_text(column: Column) -> str:
    name = identifier(column.name)
    return name if column.kind == "text" else f"CAST({name} AS text)"


def _status_by_times(roles: Roles) -> str:
    """Of a table without a status: what its times say."""
    lines = [*_outcomes(roles)]
    if roles.error is not None:
        told = f"CAST({identifier(roles.error.name)} AS text) <> ''"
        lines.append(f"WHEN ({_any_there(roles, 'finished_at')}) AND {told} THEN 'failed'")
    lines.append(f"WHEN {_any_there(roles, 'finished_at')} THEN 'completed'")
    if "started_at" in roles.times:
        lines.append(f"WHEN {_any_there(roles, 'started_at')} THEN 'processing'")
    return "\n    ".join(["CASE", *lines, "ELSE 'queued'"]) + "\n  END"


def _outcomes(roles: Roles) -> Iterator[str]:
    """Ends that are named after what became of the task."""
    for time in roles.times["finished_at"]:
        parts = {*time_words(time.column.name)}
        for known, status in ((FAILED_ENDS, "failed"), (CANCELLED_ENDS, "cancelled")):
            if parts & known:
                yield f"WHEN {_there(time)} THEN '{status}'"


def _any_there(roles: Roles, role: str) -> str:
    return " OR ".join(_there(time) for time in roles.times[role])


def _there(time: TimeColumn) -> str:
    name = identifier(time.column.name)
    return f"{name} > 0" if time.form == "number" else f"{name} IS NOT NULL"


def _numbers(roles: Roles) -> Iterator[tuple[str, str]]:
    """The run time only where the times do not give it."""
    if roles.duration is not None and not {"started_at", "finished_at"} <= {*roles.times}:
        name = identifier(roles.duration.name)
        scale = max(TO_MS.get(word, 0) for word in words(roles.duration.name))
        yield "duration_ms", name if scale == 1 else f"{name} * {scale}"
    if roles.cost is not None:
        name = identifier(roles.cost.name)
        cents = "cents" in words(roles.cost.name)
        yield "cost_usd", f"{name} / 100.0" if cents else name
