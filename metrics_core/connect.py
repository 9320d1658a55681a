"""Connecting: from a source's url to an open database of the right dialect."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from metrics_core.database import Database
from metrics_core.errors import SettingsError
from metrics_core.postgresql import Postgresql
from metrics_core.source import Source
from metrics_core.sqlite import Sqlite

DIALECTS: Mapping[str, Callable[[Source, str], Database]] = {
    "postgresql": Postgresql,
    "sqlite": Sqlite,
}


def dialect_of(url: str) -> str:
    """postgresql or sqlite; any other is refused by its name."""
    scheme = url.split("://", 1)[0].split("+", 1)[0] if "://" in url else ""
    dialect = "postgresql" if scheme == "postgres" else scheme
    if not _can_be_read(url):
        raise SettingsError(
            "the database url cannot be read: are its special characters percent-encoded?"
        )
    if dialect not in DIALECTS:
        named = f"{scheme!r} is not supported" if scheme.isalnum() else "it names no dialect"
        raise SettingsError(
            f"the database url cannot be used: {named}; "
            "it begins with postgresql:// or sqlite:///, as in sqlite:////var/lib/queue.db"
        )
    return dialect


def _can_be_read(url: str) -> bool:
    try:
        return bool(urlsplit(url))
    except ValueError:
        return False


@contextmanager
def open_database(source: Source, request_id: str = "") -> Iterator[Database]:
    """A connection to the source's database, closed at the end. DatabaseError if there is none.

    The requestId stands in a comment of each statement.
    """
    database = DIALECTS[dialect_of(source.url)](source, request_id)
    try:
        yield database
    finally:
        database.close()
