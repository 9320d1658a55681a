"""Which snapshots can still be downloaded."""

from pathlib import Path

import pytest

from dashboard.recent_snapshots import RecentSnapshots
from metrics_core import Snapshot, take_snapshot
from tests.builders import HOUR, row, sqlite_source


@pytest.fixture
def snapshots(tmp_path: Path) -> list[Snapshot]:
    source = sqlite_source(tmp_path, [row("a", "queued", created=3_000)])
    return [take_snapshot(source, HOUR) for _ in range(3)]


def test_a_recalled_snapshot_is_the_remembered_one_to_the_byte(snapshots: list[Snapshot]) -> None:
    recent, snapshot = RecentSnapshots(), snapshots[0]
    recent.remember(snapshot)
    recalled = recent.recall(snapshot.request_id)
    assert recalled is not None
    assert recalled.to_json() == snapshot.to_json()
    assert recent.recall("unknown") is None


def test_the_one_not_asked_for_longest_goes_first(snapshots: list[Snapshot]) -> None:
    recent = RecentSnapshots(most=2)
    recent.remember(snapshots[0])
    recent.remember(snapshots[1])
    recent.recall(snapshots[0].request_id)
    recent.remember(snapshots[2])
    held = [recent.recall(snapshot.request_id) is not None for snapshot in snapshots]
    assert held == [True, False, True]
