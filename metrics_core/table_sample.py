"""Table sample: the facts of one foreign table, read from its catalog and at most 2 x 2,000 rows.

It reads only, and only columns that the role may read; wide columns that can be of no use stay
unread.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from metrics_core.database import Database, Kind
from metrics_core.name_words import error_rank
from metrics_core.table_facts import (
    SAMPLE_ROWS,
    SHOWN_TEXT,
    Column,
    TableFacts,
    identifier,
    literal,
)
from metrics_core.tables_there import Table

WIDE_TYPES = ("bytea", "blob", "json", "xml", "tsvector", "hstore", "vector", "[]", "geometry")
POSTGRESQL_COLUMNS = """
SELECT
  CAST(a.attname AS text) AS name,
  format_type(a.atttypid, a.atttypmod) AS type,
  coalesce(a.attnum = ANY (i.indkey), false) AS is_key,
  CAST(
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum AS e
     WHERE e.enumtypid = a.atttypid) AS text
  ) AS labels,
  CAST(c.reltuples AS double precision) AS estimate,
  c.relkind IN ('r', 'm', 'f', 'p') AS stored
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
WHERE n.nspname = {schema}
  AND c.relname = {table}
  AND has_schema_privilege(n.oid, 'USAGE')
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY a.attnum
"""
SQLITE_COLUMNS = """
SELECT
  c.name AS name,
  c.type AS type,
  c.pk > 0 AS is_key,
  NULL AS labels,
  -1.0 AS estimate,
  EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = {table}) AS stored
FROM pragma_table_info({table}) AS c
ORDER BY c.cid
"""


def table_facts(database: Database, table: Table) -> TableFacts | None:
    """The facts of a table of the open transaction's database; None where nothing may be read."""
    catalog = POSTGRESQL_COLUMNS if database.name == "postgresql" else SQLITE_COLUMNS
    statement = catalog.format(schema=literal(table.schema), table=literal(table.name))
    rows = [row for row in database.fetch(statement, {}).to_pylist() if _useful(row)]
    if not rows:
        return None
    keyed = any(row["is_key"] for row in rows)
    bare = TableFacts(
        dialect=database.name,
        schema=table.schema,
        name=table.name,
        visible=table.visible,
        columns=(),
        size=0,
        complete=True,
        estimate=int(rows[0]["estimate"]) if rows[0]["estimate"] >= 0 else None,
        row_id="rowid" if database.name == "sqlite" and rows[0]["stored"] and not keyed else None,
    )
    return _with_sample(database, bare, rows)


def _useful(row: Mapping[str, Any]) -> bool:
    declared = str(row["type"]).lower()
    wide = any(name in declared for name in WIDE_TYPES)
    return "\0" not in row["name"] and (not wide or error_rank(row["name"]) is not None)


def _with_sample(
    database: Database, table: TableFacts, rows: Sequence[Mapping[str, Any]]
) -> TableFacts:
    names = [row["name"] for row in rows]
    # Under names of ours: SQLite calls the column "false" of a subquery column1.
    aliased = (f"{identifier(name)} AS c{place}" for place, name in enumerate(names))
    select = f"SELECT {', '.join(aliased)} FROM {table.quoted}"
    kinds = [*database.columns(select).values()]
    listed = ", ".join(_expressions(database, kinds))
    keys = [place for place, row in enumerate(rows) if row["is_key"]]
    order = [identifier(names[place]) for place in keys] or [table.row_id or ""]
    sample, complete = _sample(database, listed, select, [name for name in order if name])
    sample = sample if complete else _once(sample, keys or range(len(names)))
    columns = tuple(_column(row, kinds[i], i, sample) for i, row in enumerate(rows))
    return replace(table, columns=columns, size=sample.num_rows, complete=complete)


def _expressions(database: Database, kinds: Sequence[Kind]) -> Iterator[str]:
    """Texts, and beside each whether it is there and whether it is a number."""
    for place, kind in enumerate(kinds):
        column = f"task.c{place}"
        yield f"{database.cut_text(column, kind, SHOWN_TEXT)} AS t{place}"
        yield f"{column} IS NOT NULL AS h{place}"
        if kind == "any":
            yield f"{database.number(column, kind)} IS NOT NULL AS n{place}"


def _sample(
    database: Database, listed: str, select: str, order: Sequence[str]
) -> tuple[pa.Table, bool]:
    """The first rows as they lie, and whether these are all; if not, also the last by the key."""
    outer = f"SELECT {listed} FROM (\n{select}"
    first = database.fetch(f"{outer} LIMIT {SAMPLE_ROWS}\n) AS task", {})
    if first.num_rows < SAMPLE_ROWS or not order:
        return first, first.num_rows < SAMPLE_ROWS
    by_key = ", ".join(f"{name} DESC" for name in order)
    last = database.fetch(f"{outer} ORDER BY {by_key} LIMIT {SAMPLE_ROWS}\n) AS task", {})
    return pa.concat_tables([first, last], promote_options="permissive"), False


def _once(rows: pa.Table, keys: Sequence[int]) -> pa.Table:
    """Each row once, by its key, or where there is none by all that it holds."""
    texts = list(zip(*(rows[f"t{place}"].to_pylist() for place in keys), strict=True))
    places = {text: place for place, text in reversed([*enumerate(texts)])}
    return rows.take(pa.array(sorted(places.values()), pa.int64()))


def _column(row: Mapping[str, Any], kind: Kind, place: int, sample: pa.Table) -> Column:
    there = [bool(value) for value in sample[f"h{place}"].to_pylist()]
    texts = sample[f"t{place}"].to_pylist()
    labels = json.loads(row["labels"]) if row["labels"] else ()
    return Column(
        name=row["name"],
        type=row["type"],
        kind=kind,
        texts=tuple(text if held else None for text, held in zip(texts, there, strict=True)),
        numeric=_is_numeric(kind, place, sample),
        labels=tuple(labels),
        is_key=bool(row["is_key"]),
    )


def _is_numeric(kind: Kind, place: int, sample: pa.Table) -> bool:
    if kind != "any":
        return kind == "number"
    numbers = [bool(value) for value in sample[f"n{place}"].to_pylist()]
    there = [bool(value) for value in sample[f"h{place}"].to_pylist()]
    return any(there) and numbers == there
