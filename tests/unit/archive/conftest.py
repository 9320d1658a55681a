"""A small snapshot, and a place for an archive."""

from pathlib import Path

import pytest

from metrics_core import Snapshot
from tests.archived import small_snapshot


@pytest.fixture(name="snapshot", scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return small_snapshot(tmp_path_factory.mktemp("source"))


@pytest.fixture(name="file")
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"
