"""The scan's statement: the operator's SELECT as a subquery, the columns wanted, the window. Pure.

Nothing that a viewer typed becomes SQL text: names come from the settings, instants are written by
us, and scope values go as values.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from metrics_core.database import Database, Kind
from metrics_core.error_codes import ERROR_TEXT_LIMIT
from metrics_core.error_text import CONTAINER_LIMIT
from metrics_core.source import TIME_COLUMNS, TRACE_ID, Source
from metrics_core.window import Window, epoch_us

NUMBER_COLUMNS = ("duration_ms", "cost_usd")
WINDOW_NAME = re.compile(r"(?<![:\w]):(window_from|window_to)\b")
SAMPLE_ROWS = 100
"""How many rows are looked at to judge the types of columns that declare none."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The columns that a scan reads, with their kinds; what the source lacks is not among them."""

    source: Source
    kinds: Mapping[str, Kind]

    @property
    def times(self) -> tuple[str, ...]:
        return tuple(name for name in TIME_COLUMNS if name in self.kinds)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(name for name in NUMBER_COLUMNS if name in self.kinds)

    @property
    def repeating(self) -> tuple[str, ...]:
        """The columns of texts that come again and again."""
        names = ("status", *self.source.dimensions, "error", "error_code")
        return tuple(name for name in names if name in self.kinds)


Statement = Callable[[Database, Wanted, str, Window, Mapping[str, str]], str]
"""Makes a statement of the columns wanted, the bounded SELECT, a window and a scope."""


def bounded_select(database: Database, source: Source, window: Window) -> str:
    """The operator's SELECT with :window_from and :window_to filled in."""
    instants = {
        "window_from": database.instant(epoch_us(window.start)),
        "window_to": database.instant(epoch_us(window.end)),
    }
    return WINDOW_NAME.sub(lambda hit: instants[hit[1]], source.sql)


def scan_statement(
    database: Database, wanted: Wanted, select: str, window: Window, scope: Mapping[str, str]
) -> str:
    """All rows that may have lived in the window, and at most one more than max_rows."""
    conditions = window_conditions(database, wanted, window, scope)
    return rows_statement(database, wanted, select, conditions, f"LIMIT {bound_of(wanted.source)}")


def bound_of(source: Source) -> int:
    """How many rows are read at most: one more than may be, so that it shows."""
    return source.max_rows + 1


def rows_statement(
    database: Database, wanted: Wanted, select: str, conditions: Iterable[str], tail: str
) -> str:
    """The wanted columns of all rows that fulfil the conditions; `tail` is order and limit."""
    columns = {**_texts(database, wanted), **_times_and_numbers(database, wanted)}
    where = "\n  AND ".join(conditions) or "true"
    return f"SELECT\n  {_listed(columns)}\nFROM (\n{select}\n) AS task\nWHERE {where}\n{tail}"


def sample_statement(database: Database, wanted: Wanted, select: str) -> str:
    """Times and numbers of the first few rows, and which of them are there at all."""
    names = (*wanted.times, *wanted.numbers)
    there = {f"{name}.there": f"task.{name} IS NOT NULL" for name in names}
    columns = {**_times_and_numbers(database, wanted), **there}
    return f"SELECT\n  {_listed(columns)}\nFROM (\n{select}\n) AS task\nLIMIT {SAMPLE_ROWS}"


def since_statement(database: Database, wanted: Wanted, select: str, window: Window) -> str:
    """The scan without the window's end, by which no index chooses less; for its plan only."""
    conditions = filter(None, [_later(database, wanted, window)])
    return rows_statement(database, wanted, select, conditions, f"LIMIT {bound_of(wanted.source)}")


def _listed(columns: Mapping[str, str]) -> str:
    return ",\n  ".join(f'{expression} AS "{alias}"' for alias, expression in columns.items())


def _texts(database: Database, wanted: Wanted) -> dict[str, str]:
    kinds = wanted.kinds
    names = [n for n in ("id", "status", *wanted.source.dimensions, TRACE_ID) if n in kinds]
    plain = {name: database.text(column_of(name), kinds[name]) for name in names}
    packed = wanted.source.error_format is not None
    limits = {
        "error": CONTAINER_LIMIT if packed else ERROR_TEXT_LIMIT,
        "error_code": ERROR_TEXT_LIMIT,
    }
    cut = {
        name: database.cut_text(column_of(name), kinds[name], limit)
        for name, limit in limits.items()
        if name in kinds
    }
    return plain | cut


def _times_and_numbers(database: Database, wanted: Wanted) -> dict[str, str]:
    kinds, columns = wanted.kinds, dict[str, str]()
    for name in wanted.times:
        columns |= {
            f"{name}{suffix}": expression
            for suffix, expression in database.time_columns(column_of(name), kinds[name]).items()
        }
    return columns | {
        name: database.number(column_of(name), kinds[name]) for name in wanted.numbers
    }


def column_of(name: str) -> str:
    """The SELECT's column of that name, in SQL."""
    return f'task."{name}"'


def window_conditions(
    database: Database, wanted: Wanted, window: Window, scope: Mapping[str, str]
) -> Iterator[str]:
    """design.md's condition, as far as its columns are there, and the scope."""
    kinds, end = wanted.kinds, epoch_us(window.end)
    # First what most rows fail: SQLite evaluates them in this order.
    if later := _later(database, wanted, window):
        yield later
    if "created_at" in kinds:
        yield database.before(column_of("created_at"), kinds["created_at"], end)
    yield from scope_conditions(database, wanted, scope)


def _later(database: Database, wanted: Wanted, window: Window) -> str:
    """That a task lived at the window's beginning or after it; empty without finished_at."""
    kinds, start = wanted.kinds, epoch_us(window.start)
    if "finished_at" not in kinds:
        return ""
    names = [name for name in ("finished_at", "created_at") if name in kinds]
    later = [database.since(column_of(name), kinds[name], start) for name in names]
    return f"({' OR '.join(['task.finished_at IS NULL', *later])})"


def scope_conditions(database: Database, wanted: Wanted, scope: Mapping[str, str]) -> Iterator[str]:
    """True at least of the rows of the scope."""
    for place, name in enumerate(scope):
        yield database.in_scope(column_of(name), wanted.kinds[name], place)
