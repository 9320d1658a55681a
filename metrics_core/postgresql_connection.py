"""Connecting to PostgreSQL: what a url does not say, and why there is no connection."""

from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

import adbc_driver_postgresql
from adbc_driver_manager import AdbcDatabase
from adbc_driver_manager import Error as DriverError
from adbc_driver_manager.dbapi import Connection

from metrics_core.adbc import lent_connection
from metrics_core.errors import DatabaseError
from metrics_core.source import Source
from metrics_core.unreachable import address, reason

CONNECTION_DEFAULTS = {
    "application_name": "stillframe",
    "connect_timeout": "5",
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""What a url does not say itself: so that a network that swallows packets is noticed."""


def connected(source: Source) -> Connection:
    """A connection of its own to the source's server. DatabaseError says why there is none."""
    url = f"postgresql://{source.url.partition('://')[2]}"
    for name, value in CONNECTION_DEFAULTS.items():
        url = _with_default(url, name, value)
    try:
        return lent_connection(_database(url))
    except DriverError as error:
        raise DatabaseError(
            f"source {source.name}: cannot connect to its database: "
            f"{reason(str(error), source.url)}",
            detail=f"at {address(url)}, {type(error).__name__}",
        ) from None


@lru_cache(maxsize=64)
def _database(url: str) -> AdbcDatabase:
    """The driver's view of a database; to make one it connects, and reads all types there are."""
    database: AdbcDatabase = adbc_driver_postgresql.connect(url)
    return database


def _with_default(url: str, name: str, value: str) -> str:
    if name in parse_qs(urlsplit(url).query):
        return url
    return f"{url}{'&' if '?' in url else '?'}{name}={value}"
