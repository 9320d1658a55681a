"""ADBC: what both dialects share of it: cursors, and its errors in words that keep secrets.

A driver's message may hold parts of a URL or values out of rows, so it is never repeated, but
where it speaks of the operator's own SELECT.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcDatabase
from adbc_driver_manager import Error as DriverError
from adbc_driver_manager.dbapi import Connection, Cursor

from metrics_core.errors import DatabaseError, SourceError

SQLSTATE_MEANINGS = {
    "28P01": "the password was refused",
    "28000": "the role was refused",
    "3D000": "there is no such database",
    "42501": "the role may not read it",
    "53300": "the server has no connection left",
    "55P03": "a lock on the table was not granted in time",
    "57014": "the scan took longer than the source's deadline",
    "57P01": "the server ended the connection",
    "57P03": "the server is starting up or shutting down",
    "25006": "its SELECT must only read",
    "0A000": "its SELECT must only read",
    "40001": "the scan was in conflict with the server's recovery",
}
SQLSTATE_CLASS_MEANINGS = {
    "08": "the connection was lost",
    "22": "a value in its SELECT cannot be converted or computed",
}
UNKNOWN = "the database did not answer as it should"
SQLITE_MEANINGS = {
    "database is locked": "a writer kept it locked for longer than the source's deadline",
    "file is not a database": "its file is not one of SQLite",
    "disk image is malformed": "its file is damaged",
}
ABOUT_THE_SELECT = "42"
FORBIDDEN = "42501"
ABOUT_THE_SQLITE_SELECT = re.compile(
    r"Failed to (?:prepare query: (.+)|step query: (malformed JSON|integer overflow))"
    r"|(parameter count mismatch)"
)


def sql_comment(request_id: str) -> str:
    """What each statement begins with, so that a database's log leads back to the request."""
    return f"/* stillframe {request_id} */ " if request_id else "/* stillframe */ "


def lent_connection(database: AdbcDatabase) -> Connection:
    """A new connection to a database that stays open when the connection is closed."""
    opened = AdbcConnection(database)
    try:
        return Connection(cast("AdbcDatabase", _Lent(database)), opened)
    except DriverError:
        opened.close()
        raise


class _Lent:
    """A database as a connection holds it, which closes it at its own end."""

    def __init__(self, database: AdbcDatabase) -> None:
        self._database = database

    def close(self) -> None:
        """It is of use to the next connection."""


def fetch(
    connection: Connection,
    statement: str,
    values: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
) -> pa.Table:
    """The rows of a statement with its positional values."""
    with connection.cursor() as cursor:
        if options:
            cursor.adbc_statement.set_options(**options)
        cursor.execute(statement, tuple(values) or None)
        return cursor.fetch_arrow_table()


def fetch_as(connection: Connection, statement: str, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The rows of a statement, these columns cast to these types.

    A second thread casts each batch while the driver, which is the slower of the two, reads on.
    """
    with connection.cursor() as cursor, ThreadPoolExecutor(1, "casting") as caster:
        cursor.execute(statement)
        batches = _batches(cursor)
        schema = pa.schema(
            [field.with_type(types.get(field.name, field.type)) for field in batches.schema]
        )
        return pa.Table.from_batches(caster.map(lambda batch: batch.cast(schema), batches), schema)


def _batches(cursor: Cursor) -> Any:
    """A reader of the rows; unlike that of `fetch_record_batch` it raises the driver's errors."""
    return cast("Any", cursor)._results.reader


@contextmanager
def explained(source_name: str) -> Iterator[None]:
    """Turns a driver's error into a SourceError or DatabaseError of this source."""
    try:
        yield
    except DriverError as error:
        raise _explanation(source_name, error) from None


def _explanation(source_name: str, error: DriverError) -> SourceError | DatabaseError:
    headline = str(error).partition("\n")[0]
    of_sqlite = next((ours for theirs, ours in SQLITE_MEANINGS.items() if theirs in headline), None)
    told = None if of_sqlite else _about_the_select(error)
    if told:
        return SourceError(f"source {source_name}: its SELECT fails: {told}")
    state = error.sqlstate or None
    meaning = of_sqlite or _meaning(state or "")
    label = type(error).__name__ + (f", SQLSTATE {state}" if state else "")
    return DatabaseError(f"source {source_name}: {meaning}", sqlstate=state, detail=label)


def _meaning(sqlstate: str) -> str:
    of_class = SQLSTATE_CLASS_MEANINGS.get(sqlstate[:2], UNKNOWN)
    return SQLSTATE_MEANINGS.get(sqlstate, of_class)


def _about_the_select(error: DriverError) -> str | None:
    """What the driver says of the operator's SELECT itself; SQLite gives no SQLSTATE."""
    if not error.sqlstate:
        hit = ABOUT_THE_SQLITE_SELECT.search(str(error))
        return (hit[1] or hit[2] or hit[3]) if hit else None
    if not error.sqlstate.startswith(ABOUT_THE_SELECT) or error.sqlstate == FORBIDDEN:
        return None
    hit = re.search(r"ERROR:\s*(.+)", str(error))
    return hit[1] if hit else str(error).splitlines()[0]
