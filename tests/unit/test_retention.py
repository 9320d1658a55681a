"""Retention: the settings' limits, applied to the archive by the server."""

import logging
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.limits import Limits
from dashboard.retention import Retention
from dashboard.settings import settings_from_environment
from metrics_core import Snapshot
from metrics_core.archive_verify import verify_archive
from metrics_core.errors import SettingsError
from tests.archived import NOON, filled, small_snapshot

PASSWORD = {"STILLFRAME_PASSWORD": "quiet-otter-lantern-42"}


@pytest.fixture(name="snapshot", scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return small_snapshot(tmp_path_factory.mktemp("source"))


def test_everything_is_kept_by_default(tmp_path: Path, snapshot: Snapshot) -> None:
    limits = settings_from_environment(PASSWORD).retention
    assert not limits.are_set
    archive = filled(tmp_path / "archive.db", snapshot, 3)
    assert Retention(archive.path, limits).prune() == 0
    assert archive.head().sequence == 3


@pytest.mark.parametrize(
    ("limits", "gone"),
    [
        (Limits(keep=2), 3),
        (Limits(older_than=timedelta(minutes=3)), 2),
        (Limits(older_than=timedelta(minutes=3), keep=1), 4),
        (Limits(keep=9), 0),
    ],
)
def test_bodies_go_by_age_and_by_number_and_records_stay(
    tmp_path: Path, snapshot: Snapshot, limits: Limits, gone: int
) -> None:
    archive = filled(tmp_path / "archive.db", snapshot, 5)
    head = archive.head()
    retention = Retention(archive.path, limits, now=lambda: NOON + timedelta(minutes=5))
    assert (retention.prune(), retention.prune()) == (gone, 0)
    found = verify_archive(archive.path, expect_head=head.hash)
    assert (found.snapshots, found.pruned, found.after_expected) == (5, gone, int(gone > 0))


def test_it_runs_at_the_start_and_ends_cleanly(tmp_path: Path, snapshot: Snapshot) -> None:
    archive = filled(tmp_path / "archive.db", snapshot, 3)
    retention = Retention(archive.path, Limits(keep=1))
    retention.start()
    until = time.monotonic() + 20
    while archive.head().sequence == 3:
        assert time.monotonic() < until
        time.sleep(0.02)
    retention.stop()
    assert "retention" not in {thread.name for thread in threading.enumerate()}
    assert verify_archive(archive.path).pruned == 2


def test_there_is_nothing_to_prune_where_there_is_no_archive(tmp_path: Path) -> None:
    assert Retention(tmp_path / "archive.db", Limits(keep=1)).prune() == 0
    assert not (tmp_path / "archive.db").exists()
    unset = Retention(None, Limits(keep=1))
    unset.start()
    unset.stop()
    assert unset.prune() == 0


def test_what_cannot_be_pruned_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "archive.db").write_bytes(b"nothing of ours" * 100)
    with caplog.at_level(logging.ERROR, "stillframe.retention"):
        assert Retention(tmp_path / "archive.db", Limits(keep=1)).prune() == 0
    assert [record.message for record in caplog.records] == ["not pruned"]


def test_the_environment_says_how_much_is_kept() -> None:
    given = {"STILLFRAME_ARCHIVE_DAYS": "90", "STILLFRAME_ARCHIVE_SNAPSHOTS": " 5000 "}
    limits = settings_from_environment({**PASSWORD, **given}).retention
    assert limits == Limits(older_than=timedelta(days=90), keep=5_000)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "٣", "9999999"])
@pytest.mark.parametrize("name", ["STILLFRAME_ARCHIVE_DAYS", "STILLFRAME_ARCHIVE_SNAPSHOTS"])
def test_a_wrong_limit_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be a whole number from 1 to 999999"):
        settings_from_environment({**PASSWORD, name: value})
