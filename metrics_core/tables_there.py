"""Tables there: what a database holds, by names of tables and columns. It reads catalogs only."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from metrics_core.database import Database
from metrics_core.errors import DatabaseError, SourceError

POSTGRESQL_TABLES = """
SELECT
  CAST(n.nspname AS text) AS schema,
  CAST(c.relname AS text) AS name,
  pg_table_is_visible(c.oid) AS visible,
  CAST(json_agg(a.attname) AS text) AS columns
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  -- A partition has the columns of the table that it is a part of.
  AND NOT c.relispartition
  AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^pg_'
GROUP BY n.nspname, c.relname, c.oid
"""
SQLITE_NAMES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
SQLITE_TABLE = """
SELECT '' AS schema, {name} AS name, 1 AS visible, json_group_array(name) AS columns
FROM pragma_table_info({name})
"""
SERVER_ZONE = "SELECT CAST(reset_val AS text) AS zone FROM pg_settings WHERE name = 'TimeZone'"
UTC_NAMES = {"Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal", "GMT", "Etc/GMT"}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table or view; `visible` where its name finds it without its schema."""

    schema: str
    name: str
    visible: bool
    columns: frozenset[str]

    @property
    def name_in_full(self) -> str:
        """With its schema, where the database has schemas."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


Schema = Mapping[str, Table]
"""The tables of one schema, by name."""


def schemas_there(database: Database) -> Mapping[str, Schema]:
    """All tables of the open transaction's database, by schema, both in order of their names.

    Those too that the role may not read: a catalog hides none.
    """
    there = _in_postgresql(database) if database.name == "postgresql" else _in_sqlite(database)
    rows = sorted(there, key=lambda row: (row["schema"], row["name"]))
    found: dict[str, dict[str, Table]] = {}
    for row in rows:
        columns = frozenset(json.loads(row["columns"]))
        table = Table(
            schema=row["schema"],
            name=row["name"],
            visible=bool(row["visible"]),
            columns=columns,
        )
        found.setdefault(table.schema, {})[table.name] = table
    return found


def _in_postgresql(database: Database) -> Iterator[dict[str, Any]]:
    yield from database.fetch(POSTGRESQL_TABLES, {}).to_pylist()


def _in_sqlite(database: Database) -> Iterator[dict[str, Any]]:
    """One by one: a view of a table that is gone would fail all the others with it."""
    for row in database.fetch(SQLITE_NAMES, {}).to_pylist():
        quoted = "'" + row["name"].replace("'", "''") + "'"
        with suppress(SourceError, DatabaseError):
            yield from database.fetch(SQLITE_TABLE.format(name=quoted), {}).to_pylist()


def server_zone(database: Database) -> str:
    """The zone in which sessions of this role write naive times; UTC where SQLite knows none."""
    if database.name != "postgresql":
        return "UTC"
    zone = str(database.fetch(SERVER_ZONE, {}).to_pylist()[0]["zone"])
    return zone if zone in available_timezones() - UTC_NAMES else "UTC"
