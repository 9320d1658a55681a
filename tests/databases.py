"""Databases for the tests: the rows of a case as a table in SQLite or in PostgreSQL."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from metrics_core.source import Source
from tests.tables import Case

TIMES = ("created_at", "eligible_at", "started_at", "finished_at", "updated_at")
NUMBERS = {"duration_ms": "double precision", "cost_usd": "numeric"}
Rows = Sequence[Mapping[str, object]]
Connection = psycopg.Connection[tuple[object, ...]]


class TaskTable(Protocol):
    """A place into which the rows of a case can be put, and from which a source reads them."""

    dialect: str

    @property
    def url(self) -> str:
        """The database's url."""

    def load(self, rows: Rows, columns: Collection[str]) -> None:
        """Replaces the table by these rows."""

    def source(self, case: Case) -> Source:
        """The case's source, with the url and the SELECT of this table."""

    def run(self, statement: str) -> None:
        """Runs a statement and commits."""


def _select(columns: Collection[str]) -> str:
    return f"SELECT {', '.join(sorted(columns))} FROM task_table"


class SqliteTable:
    """An SQLite file with one table whose columns have no type, as SQLite lets one do."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, rows: Rows, columns: Collection[str]) -> None:
        names = sorted(columns)
        with sqlite3.connect(self._path) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("DROP TABLE IF EXISTS task_table")
            connection.execute(f"CREATE TABLE task_table ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            values = [[_plain(row.get(name)) for name in names] for row in rows]
            connection.executemany(f"INSERT INTO task_table VALUES ({marks})", values)
        connection.close()

    def source(self, case: Case) -> Source:
        return case.source.model_copy(update={"url": self.url, "sql": _select(case.columns)})

    @property
    def url(self) -> str:
        return f"sqlite:///{self._path}"

    def run(self, statement: str) -> None:
        with sqlite3.connect(self._path) as connection:
            connection.execute(statement)
        connection.close()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def source(url: str, select: str, **settings: object) -> Source:
    """A source of that SELECT."""
    return Source.model_validate({"name": "tasks", "url": url, "sql": select} | settings)


class PostgresTable:
    """One table of a PostgreSQL database, with the types that such tables have."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def load(self, rows: Rows, columns: Collection[str]) -> None:
        names = sorted(columns)
        typed = ", ".join(f"{name} {_type(name)}" for name in names)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS task_table CASCADE")
            cursor.execute(sql.SQL(f"CREATE TABLE task_table ({typed})"))
            with cursor.copy(sql.SQL(f"COPY task_table ({', '.join(names)}) FROM STDIN")) as copy:
                for row in rows:
                    copy.write_row([row.get(name) for name in names])

    def source(self, case: Case) -> Source:
        return case.source.model_copy(update={"url": self.url, "sql": _select(case.columns)})

    def run(self, statement: str) -> None:
        self._connection.execute(sql.SQL(statement))


def _type(name: str) -> str:
    return "timestamptz" if name in TIMES else NUMBERS.get(name, "text")
