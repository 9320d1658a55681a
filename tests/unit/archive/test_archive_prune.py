"""Retention gives up bodies, never records."""

from datetime import timedelta
from pathlib import Path

import pytest

from metrics_core import Snapshot
from metrics_core.archive_verify import verify_archive
from metrics_core.errors import (
    NotArchived,
    UsageError,
)
from metrics_core.evidence import Viewer
from tests.archived import COMMAND, NOON, filled

ANN = Viewer(name="Ann", self_declared=True)


def test_pruning_gives_up_bodies_and_keeps_the_chain(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 5)
    pinned = archive.head()
    assert archive.prune(now=NOON + timedelta(hours=1), keep=2, actor=ANN).bodies == 3
    entries = archive.page().entries
    assert [entry.pruned for entry in entries] == [False, False, True, True, True]
    found = verify_archive(file, expect_head=pinned.hash)
    assert (found.head.sequence, found.snapshots, found.pruned) == (6, 5, 3)
    assert found.after_expected == 1
    with pytest.raises(NotArchived, match="the body of req_0 was pruned"):
        archive.text(entries[-1].document)


def test_pruning_by_age_goes_up_to_the_first_that_is_young_enough(
    file: Path, snapshot: Snapshot
) -> None:
    archive = filled(file, snapshot, 5)
    now = NOON + timedelta(minutes=4)
    assert archive.prune(now=now, older_than=timedelta(minutes=2)).bodies == 2
    assert archive.prune(now=now, older_than=timedelta(minutes=2)).bodies == 0
    assert archive.head().sequence == 6
    assert archive.prune(now=now, older_than=timedelta(minutes=2), keep=1).bodies == 2
    assert archive.prune(now=now + timedelta(days=1), older_than=timedelta(0)).bodies == 1
    assert verify_archive(file).pruned == 5


def test_nothing_is_pruned_without_a_limit(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 1)
    with pytest.raises(UsageError, match="say what to prune"):
        archive.prune(now=NOON)
    assert archive.page().entries[0].pruned is False


def test_a_pruned_snapshot_that_comes_again_is_known(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 1)
    archive.prune(now=NOON, keep=0)
    assert archive.append(snapshot.answering("req_0"), COMMAND, now=NOON).already is True
