"""The tables of known job systems, made by hand: one SQL file each, that says what to expect."""

import re
import sqlite3
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from metrics_core.presets import preset_dialects, preset_header, preset_names
from tests.databases import Connection

FOLDER = Path(__file__).parent / "job_systems"
SYSTEMS = tuple(name for name in preset_names() if name not in ("video_tasks", "agent_events"))
CASES = [(name, dialect) for name in SYSTEMS for dialect in preset_dialects(name)]


@cache
def expected(name: str, dialect: str) -> dict[str, Any]:
    """The figures that the file's comment tells."""
    comment = re.match(r"(?:--.*\n)*", _text(name, dialect))
    assert comment is not None
    return tomllib.loads(comment[0].replace("-- ", ""))


def schema_of(name: str) -> str:
    """The schema in which the system's tables usually are."""
    return str(preset_header(name).get("schema", "public"))


def make_in_postgresql(connection: Connection, name: str, schema: str) -> None:
    """The system's tables and rows, in a schema that is made if need be."""
    named = sql.Identifier(schema)
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(named))
    connection.execute(sql.SQL("SET search_path = {}").format(named))
    connection.execute("SET timezone = 'UTC'")
    connection.execute(_text(name, "postgresql").encode())
    connection.execute("RESET search_path")


def drop_schemas(url: str) -> None:
    """Empties the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'"
        for (name,) in connection.execute(names).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def make_in_sqlite(path: Path, *names: str) -> str:
    """A new file with the tables and rows of these systems; its url."""
    connection = sqlite3.connect(path)
    for name in names:
        script = _text(name, "sqlite").replace("gen_random_uuid()", "NULL")
        connection.executescript(re.sub(r"CREATE TYPE .*\n", "", script))
    connection.close()
    return f"sqlite:///{path}"


def _text(name: str, dialect: str) -> str:
    own = FOLDER / f"{name}.{dialect}.sql"
    return (own if own.is_file() else FOLDER / f"{name}.sql").read_text(encoding="utf-8")
