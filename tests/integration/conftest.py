"""What the tests on a real PostgreSQL share."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import Connection


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    """A connection of an administrator; each statement is a transaction of its own."""
    with psycopg.connect(postgres_url, autocommit=True) as opened:
        yield opened
