"""Column roles: which column of a foreign table is most likely its status, its times, ... Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from metrics_core.name_words import (
    COST_WORDS,
    DIMENSION_WORDS,
    DOUBTFUL_ENDS,
    DURATION_WORDS,
    GENERAL_ENDS,
    ID_WORDS,
    TO_MS,
    error_rank,
    is_one_of,
    is_vague_time,
    names_error_code,
    names_status,
    time_role,
    time_words,
    words,
)
from metrics_core.source import TIME_COLUMNS
from metrics_core.status_words import is_code, meaning
from metrics_core.table_facts import Column, TableFacts
from metrics_core.time_columns import TimeColumn, time_column

MOST_STATUSES = 24
LONGEST_STATUS = 64
SURE_SHARE = 0.6
MOST_DIMENSIONS = 6
MOST_NAMED_VALUES, MOST_VALUES = 50, 20
ROWS_A_VALUE = 5
DOUBTFUL_ERROR = 8
FORMS = ("instant", "naive", "text", "number")
JSON_TYPES = ("json", "jsonb")
SURE_ID = ("id", "uuid", "guid")
Fits = Callable[[Column], bool]


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The columns of a table by their use; several where the end of a task has one an outcome."""

    id: tuple[Column, ...]
    status: Column | None
    times: Mapping[str, tuple[TimeColumn, ...]]
    error: Column | None
    error_code: Column | None
    duration: Column | None
    cost: Column | None
    dimensions: tuple[Column, ...]

    def time(self, role: str) -> TimeColumn | None:
        """The first, and mostly only, column of that time."""
        return next(iter(self.times.get(role, ())), None)


def roles_of(table: TableFacts) -> Roles:
    """Each column's most likely use; None or nothing where no column seems to have it."""
    status, times = _status(table), _times(table)
    error, error_code = _error(table), _error_code(table)
    duration = _first(table, _is_duration)
    cost = _first(table, _is_cost)
    key = _id(table)
    ends = [each.column for chosen in times.values() for each in chosen]
    taken = [*key, status, *ends, error, error_code, duration, cost]
    free = [c for c in table.columns if c not in taken and not time_role(c.name)]
    return Roles(
        id=key,
        status=status,
        times=times,
        error=error,
        error_code=error_code,
        duration=duration,
        cost=cost,
        dimensions=tuple(_dimensions(free)),
    )


def _first(table: TableFacts, fits: Fits) -> Column | None:
    return next((column for column in table.columns if fits(column)), None)


def _id(table: TableFacts) -> tuple[Column, ...]:
    """The primary key; without one a column named so whose values all differ."""
    if table.keys:
        return table.keys
    unique = [c for c in table.columns if is_one_of(c.name, ID_WORDS) and _all_differ(c)]
    return tuple(sorted(unique, key=lambda c: words(c.name) not in [(w,) for w in SURE_ID])[:1])


def _all_differ(column: Column) -> bool:
    return column.nulls == 0 and len(column.counts) == len(column.texts)


def _status(table: TableFacts) -> Column | None:
    """By its name and the share of its values whose meaning is known; the surest."""
    ranked = sorted(
        (column for column in table.columns if _may_be_status(column)),
        key=lambda c: (known_share(c) + names_status(c.name), -len(c.name)),
        reverse=True,
    )
    return ranked[0] if ranked else None


def _may_be_status(column: Column) -> bool:
    values = column.labels or tuple(column.counts)
    few = len(values) <= MOST_STATUSES and all(len(value) <= LONGEST_STATUS for value in values)
    if not few or column.is_key:
        return False
    if column.numeric or column.kind == "number":
        return names_status(column.name) and all(map(is_code, values))
    if not column.is_text or (column.counts and time_column(column)):
        return False
    sure = len(values) > 1 and known_share(column) >= SURE_SHARE
    return names_status(column.name) or (sure and not error_rank(column.name))


def known_share(column: Column) -> float:
    """The share of its values whose words tell what they mean; 0 where there are none."""
    values = column.labels or tuple(column.counts)
    return sum(meaning(value) is not None for value in values) / len(values) if values else 0.0


def _times(table: TableFacts) -> Mapping[str, tuple[TimeColumn, ...]]:
    by_role: dict[str, list[tuple[int, TimeColumn]]] = {}
    for column, found in _time_columns(table):
        role = time_role(column.name)
        if role and not (column.is_text and names_status(column.name) and not column.counts):
            by_role.setdefault(role[0], []).append((role[1], found))
    times = {role: _surest(by_role[role], role) for role in TIME_COLUMNS if role in by_role}
    return times if "created_at" in times else {**times, **_vague(table)}


def _time_columns(table: TableFacts) -> Iterator[tuple[Column, TimeColumn]]:
    for column in table.columns:
        if found := time_column(column):
            yield column, found


def _surest(found: list[tuple[int, TimeColumn]], role: str) -> tuple[TimeColumn, ...]:
    ranked = [each for _, each in sorted(found, key=lambda f: (f[0], *_quality(f[1])))]
    return _ends(ranked) if role == "finished_at" else tuple(ranked[:1])


def _quality(time: TimeColumn) -> tuple[int, int]:
    return FORMS.index(time.form), time.column.nulls


def _ends(ranked: list[TimeColumn]) -> tuple[TimeColumn, ...]:
    """One of whatever outcome, else one an outcome; these of one form, so that they coalesce."""
    general = [each for each in ranked if GENERAL_ENDS & {*time_words(each.column.name)}]
    if general:
        return tuple(general[:1])
    sure = [each for each in ranked if not DOUBTFUL_ENDS & {*time_words(each.column.name)}]
    ends = sure or ranked[:1]
    return tuple(e for e in ends if (e.form, e.unit) == (ends[0].form, ends[0].unit))


def _vague(table: TableFacts) -> Mapping[str, tuple[TimeColumn, ...]]:
    """The one time that is just named so is that of the beginning."""
    found = [time for column, time in _time_columns(table) if is_vague_time(column.name)]
    return {"created_at": tuple(found)} if len(found) == 1 else {}


def _error(table: TableFacts) -> Column | None:
    ranked = [
        (rank, place, column)
        for place, column in enumerate(table.columns)
        if (rank := error_rank(column.name)) is not None and _may_be_error(column, rank)
    ]
    return min(ranked)[2] if ranked else None


def _may_be_error(column: Column, rank: int) -> bool:
    texts = column.is_text or column.type in JSON_TYPES
    doubtful = rank > DOUBTFUL_ERROR and not column.nulls
    return texts and not column.labels and not column.is_key and not doubtful


def _error_code(table: TableFacts) -> Column | None:
    return _first(table, lambda c: names_error_code(c.name) and (c.is_text or c.numeric))


def _is_duration(column: Column) -> bool:
    """A number whose name tells its unit too."""
    parts = {*words(column.name)}
    return bool(parts & DURATION_WORDS and parts & {*TO_MS}) and _is_number(column)


def _is_cost(column: Column) -> bool:
    return is_one_of(column.name, COST_WORDS) and _is_number(column)


def _is_number(column: Column) -> bool:
    return column.kind == "number" or (column.kind == "any" and column.numeric)


def _dimensions(free: list[Column]) -> list[Column]:
    """Columns of few values, those named like a dimension first."""
    named = [c for c in free if is_one_of(c.name, DIMENSION_WORDS) and _few(c, named=True)]
    others = [c for c in free if c not in named and c.is_text and _few(c, named=False)]
    chosen = [*named, *others][:MOST_DIMENSIONS]
    return [column for column in free if column in chosen]


def _few(column: Column, *, named: bool) -> bool:
    values = len(column.counts)
    if any(len(text) > LONGEST_STATUS for text in column.counts) or not _is_plain(column):
        return False
    if named:
        return 1 <= values <= MOST_NAMED_VALUES and values * 2 <= max(column.there, 6)
    return 2 <= values <= MOST_VALUES and values * ROWS_A_VALUE <= column.there  # noqa: PLR2004


def _is_plain(column: Column) -> bool:
    return column.is_text or _is_number(column)
