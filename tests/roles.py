"""Database roles for tests: made for one of them, and gone after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

PASSWORD = "lantern-in-the-fog-19"


def as_role(url: str, role: str) -> str:
    """The url of the same database as this role, with PASSWORD."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{PASSWORD}@{host}"))


@contextmanager
def dropped_after(connection: psycopg.Connection[tuple[object, ...]], role: str) -> Iterator[None]:
    """Nobody of that name before and after."""
    _drop(connection, role)
    try:
        yield
    finally:
        _drop(connection, role)


@contextmanager
def new_role(connection: psycopg.Connection[tuple[object, ...]], role: str) -> Iterator[None]:
    """A role that may sign in with PASSWORD, and nothing else."""
    with dropped_after(connection, role):
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(create.format(sql.Identifier(role), sql.Literal(PASSWORD)))
        yield


def _drop(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if known is not None:
        for statement in ("DROP OWNED BY {} CASCADE", "DROP ROLE {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
