"""One demo for all tests that only read it, and copies for those that let it live on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest

from dashboard.demo import make_demo
from dashboard.demo.database import DATABASE_NAME, connect
from tests.unit.demo.rows import NOW, WORLD


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo(tmp_path_factory.mktemp("demo"), seed=WORLD.seed, now=NOW).parent


@pytest.fixture(scope="session")
def demo(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(folder / DATABASE_NAME)) as connection:
        yield connection


@pytest.fixture
def own_database(folder: Path, tmp_path: Path) -> Path:
    return Path(copyfile(folder / DATABASE_NAME, tmp_path / DATABASE_NAME))


@pytest.fixture
def own_demo(own_database: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(own_database)) as connection:
        yield connection
