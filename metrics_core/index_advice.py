"""Index advice: whether a scan's window is served by indexes, and the SQL of those that would help.

The plan decides: a table that is read by indexes needs none, whatever these are like. Of one that
is read whole a second plan, made as if that cost more, tells whether its indexes could serve the
window; only where they cannot, its conditions are looked into for what an index should hold.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from metrics_core.conditions import IS_NULL, Asked, Needed, needed
from metrics_core.plan import (
    Reading,
    expected_rows,
    is_column,
    readings,
    surely_immutable,
    without_outer_parentheses,
)
from metrics_core.postgresql import Postgresql
from metrics_core.role import RELATIONS_READ
from metrics_core.statement import Wanted, scan_statement, since_statement
from metrics_core.window import Window

LARGE_ROWS = 5_000
"""A table of fewer rows is read as a whole in no time."""
CROWDED = 0.1
"""Of a table of which a window holds more than this share, reading all is the cheapest."""
SIZES = f"""
SELECT
  CAST(n.nspname AS text) AS schema,
  CAST(c.relname AS text) AS name,
  format('%I.%I', n.nspname, c.relname) AS quoted,
  CAST(c.reltuples AS bigint) AS rows,
  c.relpages AS pages
FROM ({RELATIONS_READ}) AS read
JOIN pg_class AS c ON c.oid = read.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
"""
INDEXES = f"""
SELECT
  CAST(n.nspname AS text) AS schema,
  CAST(c.relname AS text) AS name,
  CAST(own.relname AS text) AS index,
  pg_get_indexdef(i.indexrelid, 1, false) AS leading,
  CASE WHEN i.indnkeyatts > 1 THEN pg_get_indexdef(i.indexrelid, 2, false) ELSE '' END AS second,
  coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS predicate
FROM ({RELATIONS_READ}) AS read
JOIN pg_class AS c ON c.oid = read.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_index AS i ON i.indrelid = c.oid
JOIN pg_class AS own ON own.oid = i.indexrelid
JOIN pg_am AS method ON method.oid = own.relam
WHERE i.indisvalid
  AND method.amname IN ('btree', 'brin')
ORDER BY own.relname
"""


@dataclass(frozen=True, kw_only=True)
class IndexNeed:
    """An expression by which the window chooses rows, and the index that serves it, if any."""

    expression: str
    index: str | None
    sql: str

    @property
    def surely_immutable(self) -> bool:
        """Whether PostgreSQL will certainly take an index on it."""
        return surely_immutable(self.expression)


@dataclass(frozen=True, kw_only=True)
class TableAdvice:
    """How the scan reads one table; `rows` is the server's estimate, None before any ANALYZE.

    `servable` says that it could be read by indexes, where it is read whole all the same; `crowded`
    that the window is expected to hold so much of it that reading all is the cheapest.
    """

    table: str
    rows: int | None
    nodes: tuple[str, ...]
    indexes: tuple[str, ...]
    whole: bool
    servable: bool
    crowded: bool
    needs: tuple[IndexNeed, ...]

    @property
    def large(self) -> bool:
        return self.rows is None or self.rows >= LARGE_ROWS

    @property
    def missing(self) -> tuple[IndexNeed, ...]:
        """What no index serves, of a table that is read whole for want of it."""
        if not self.whole or (self.servable and self.crowded):
            return ()
        return tuple(need for need in self.needs if need.index is None)

    @property
    def indexed(self) -> bool:
        """Whether there are indexes for all that the window asks of it."""
        return self.servable or (bool(self.needs) and not self.missing)


@dataclass(frozen=True, kw_only=True)
class ScanPlan:
    """What the server makes of a scan: the rows that it expects, and how it reads each table."""

    expected_rows: int
    tables: tuple[TableAdvice, ...]


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index by its first two keys, and the condition of the rows that it holds, or empty."""

    name: str
    leading: str
    second: str
    predicate: str

    def serves(self, expression: str, asked: Asked) -> bool:
        """Whether it finds rows by the expression, as far as its own keys go."""
        return self.leading == expression or (
            self.leading in asked.beside and self.second == expression
        )


def serving(indexes: Sequence[Index], expression: str, asked: Asked) -> str | None:
    """The index that answers what is asked of the expression, if any.

    One of what is not null will do, if another one holds what is.
    """
    predicates = {""}
    nulls_elsewhere = any(index.predicate == f"({expression} IS NULL)" for index in indexes)
    if IS_NULL not in asked.operators or nulls_elsewhere:
        predicates.add(f"({expression} IS NOT NULL)")
    found = [i for i in indexes if i.predicate in predicates and i.serves(expression, asked)]
    return found[0].name if found else None


Names = tuple[str, str]


def scan_plan(database: Postgresql, wanted: Wanted, select: str, window: Window) -> ScanPlan:
    """How a scan of this window would read its tables; it only plans, and runs nothing of it.

    The open transaction avoids to read whole tables from here on.
    """
    plan = database.plan(scan_statement(database, wanted, select, window, {}))
    database.avoid_whole_tables()
    by_index = database.plan(since_statement(database, wanted, select, window))
    indexes = _indexes(database)
    unserved = {_names(r) for r in readings(by_index) if r.whole(_partial(indexes[_names(r)]))}
    advice = _advice(database, readings(plan), indexes, unserved)
    return ScanPlan(expected_rows=expected_rows(plan), tables=tuple(advice))


def _names(reading: Reading) -> Names:
    return reading.schema, reading.name


def _partial(indexes: Sequence[Index]) -> set[str]:
    return {index.name for index in indexes if index.predicate}


def _indexes(database: Postgresql) -> Mapping[Names, list[Index]]:
    found: dict[Names, list[Index]] = defaultdict(list)
    for row in database.fetch(INDEXES, {}).to_pylist():
        index = Index(
            name=row["index"],
            leading=without_outer_parentheses(row["leading"]),
            second=without_outer_parentheses(row["second"]),
            predicate=row["predicate"],
        )
        found[row["schema"], row["name"]].append(index)
    return found


def _advice(
    database: Postgresql,
    plan: Sequence[Reading],
    indexes: Mapping[Names, list[Index]],
    unserved: set[Names],
) -> Iterator[TableAdvice]:
    sizes = {(s["schema"], s["name"]): s for s in database.fetch(SIZES, {}).to_pylist()}
    for reading in plan:
        size, own = sizes[_names(reading)], indexes[_names(reading)]
        never_analysed = size["rows"] < 0 or size["rows"] == size["pages"] == 0
        yield TableAdvice(
            table=size["quoted"],
            rows=None if never_analysed else size["rows"],
            nodes=reading.nodes,
            indexes=reading.indexes,
            whole=reading.whole(_partial(own)),
            servable=_names(reading) not in unserved,
            crowded=not never_analysed and reading.rows > size["rows"] * CROWDED,
            needs=_needs(reading, size["quoted"], own),
        )


def _needs(reading: Reading, table: str, indexes: Sequence[Index]) -> tuple[IndexNeed, ...]:
    """Of the sets that would serve, the one of which most is there already; ties: plain columns.

    But first one without an expression that PostgreSQL might refuse.
    """
    sets = [_looked_up(each, table, indexes) for each in needed(reading.conditions)]
    return min(sets, key=_effort, default=())


def _effort(needs: tuple[IndexNeed, ...]) -> tuple[int, int, int]:
    missing = [need for need in needs if need.index is None]
    doubtful = sum(not need.surely_immutable for need in missing)
    return doubtful, len(missing), sum(not is_column(need.expression) for need in missing)


def _looked_up(wanted: Needed, table: str, indexes: Sequence[Index]) -> tuple[IndexNeed, ...]:
    names = sorted(wanted, key=lambda name: (not is_column(name), name))
    return tuple(
        IndexNeed(
            expression=name,
            index=serving(indexes, name, wanted[name]),
            sql=index_sql(table, name),
        )
        for name in names
    )


def index_sql(table: str, expression: str) -> str:
    """The statement that makes an index on it while others go on writing.

    >>> index_sql("public.tasks", "created_at")
    'CREATE INDEX CONCURRENTLY ON public.tasks (created_at);'
    """
    key = expression if is_column(expression) else f"({expression})"
    return f"CREATE INDEX CONCURRENTLY ON {table} ({key});"
