"""The described API against itself, in short: `tests.benchmarks.api_fuzz` is the long run."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.campaigns.fuzz import target


@pytest.fixture
def own_database(postgres_server: str) -> Iterator[str]:
    """The url of a database that no other test has tables in."""
    name = f"stillframe_fuzz_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(postgres_server)._replace(path=f"/{name}"))
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


def test_schemathesis_finds_nothing(tmp_path: Path, own_database: str) -> None:
    with target(tmp_path, own_database) as served:
        fuzzed = served.fuzzed(examples=30, seed=1)
    assert fuzzed.passed, fuzzed.printed
    assert fuzzed.server_errors == 0
    assert fuzzed.requests >= 300
    assert {200, 400, 401, 405} <= set(fuzzed.statuses)
