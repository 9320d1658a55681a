"""Index advice: whether a scan's window is served by indexes, and the SQL of those that would help.

The window's condition asks whether created_at or finished_at lies at or after its beginning. Both
must be indexed, each as the very expression that the SELECT makes it of: PostgreSQL then joins the
two by a BitmapOr, and reads the whole table otherwise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from metrics_core.plan import Node, Reading, is_column, outputs, readings, without_outer_parentheses
from metrics_core.postgresql import Postgresql
from metrics_core.role import RELATIONS_READ
from metrics_core.statement import Wanted, scan_statement, times_statement
from metrics_core.window import Window

LARGE_ROWS = 5_000
"""A table of fewer rows is read as a whole in no time."""
WINDOW_COLUMNS = ("created_at", "finished_at")
SURELY_IMMUTABLE = re.compile(r"\b(?:COALESCE|GREATEST|LEAST|NULLIF)\(")
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
  pg_get_indexdef(i.indexrelid, 1, false) AS leading
FROM ({RELATIONS_READ}) AS read
JOIN pg_class AS c ON c.oid = read.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_index AS i ON i.indrelid = c.oid
JOIN pg_class AS own ON own.oid = i.indexrelid
JOIN pg_am AS method ON method.oid = own.relam
WHERE i.indisvalid
  AND i.indpred IS NULL
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
        rest = SURELY_IMMUTABLE.sub("", self.expression)
        return "::" not in rest and not re.search(r"\w\(", rest)


@dataclass(frozen=True, kw_only=True)
class TableAdvice:
    """How the scan reads one table; `rows` is the server's estimate, None before any ANALYZE."""

    table: str
    rows: int | None
    nodes: tuple[str, ...]
    indexes: tuple[str, ...]
    whole: bool
    needs: tuple[IndexNeed, ...]

    @property
    def large(self) -> bool:
        return self.rows is None or self.rows >= LARGE_ROWS

    @property
    def missing(self) -> tuple[IndexNeed, ...]:
        return tuple(need for need in self.needs if need.index is None)


def index_advice(
    database: Postgresql, wanted: Wanted, select: str, window: Window
) -> tuple[TableAdvice, ...]:
    """How a scan of this window would read its tables; it only plans, and runs nothing of it."""
    names = [name for name in WINDOW_COLUMNS if name in wanted.kinds]
    expressions = outputs(database.plan(times_statement(select, names))) if names else ()
    plan = database.plan(scan_statement(database, wanted, select, window, {}))
    return tuple(_advice(database, plan, expressions))


def _advice(database: Postgresql, plan: Node, expressions: Sequence[str]) -> Iterator[TableAdvice]:
    sizes = {(s["schema"], s["name"]): s for s in database.fetch(SIZES, {}).to_pylist()}
    leading = {
        (i["schema"], i["name"], without_outer_parentheses(i["leading"])): str(i["index"])
        for i in database.fetch(INDEXES, {}).to_pylist()
    }
    for reading in readings(plan):
        size = sizes[reading.schema, reading.name]
        never_analysed = size["rows"] < 0 or size["rows"] == size["pages"] == 0
        yield TableAdvice(
            table=size["quoted"],
            rows=None if never_analysed else size["rows"],
            nodes=reading.nodes,
            indexes=reading.indexes,
            whole=reading.whole,
            needs=tuple(_needs(reading, size["quoted"], expressions, leading)),
        )


def _needs(
    reading: Reading,
    table: str,
    expressions: Sequence[str],
    leading: Mapping[tuple[str, str, str], str],
) -> Iterator[IndexNeed]:
    for expression in dict.fromkeys(filter(reading.compares, expressions)):
        index = leading.get((reading.schema, reading.name, expression))
        yield IndexNeed(expression=expression, index=index, sql=index_sql(table, expression))


def index_sql(table: str, expression: str) -> str:
    """The statement that makes an index on it while others go on writing.

    >>> index_sql("public.tasks", "created_at")
    'CREATE INDEX CONCURRENTLY ON public.tasks (created_at);'
    """
    key = expression if is_column(expression) else f"({expression})"
    return f"CREATE INDEX CONCURRENTLY ON {table} ({key});"
