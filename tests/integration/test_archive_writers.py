"""Two processes write one archive; neither waits in vain, and killing them loses nothing."""

import os
import random
from pathlib import Path

import pytest

from metrics_core import Archive, Snapshot
from metrics_core.archive_verify import verify_archive
from tests.archived import (
    COMMAND,
    NOON,
    filled,
    head_or_none,
    killed_writers,
    small_snapshot,
    some_snapshot,
)

ROUNDS = 20
EACH = 15

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def test_two_writers_at_once_both_store_all(tmp_path: Path) -> None:
    archive, snapshot = Archive(tmp_path / "archive.db"), small_snapshot(tmp_path)
    children = [forked(archive, snapshot, side) for side in "ab"]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    found = verify_archive(archive.path)
    assert found.snapshots == 2 * EACH
    for side in "ab":
        for n in range(EACH):
            assert len(archive.entries_of(f"{side}_{n}")) == 1


def forked(archive: Archive, snapshot: Snapshot, side: str) -> int:
    """A process that archives so many snapshots; its exit status is 0 where it could."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        for n in range(EACH):
            archive.append(snapshot.answering(f"{side}_{n}"), COMMAND, now=NOON)
        status = 0
    finally:
        os._exit(status)


def test_two_writers_of_the_same_snapshot_store_it_once(tmp_path: Path) -> None:
    snapshot = small_snapshot(tmp_path)
    archive = filled(tmp_path / "archive.db", snapshot, 1)
    children = [forked(archive, snapshot, "same") for _ in "ab"]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    assert verify_archive(archive.path).snapshots == 1 + EACH


def test_writers_that_are_killed_lose_nothing_that_they_acknowledged(tmp_path: Path) -> None:
    archive, snapshot, chance = Archive(tmp_path / "archive.db"), some_snapshot(), random.Random(7)
    acknowledged = 0
    for number in range(ROUNDS):
        pinned = head_or_none(archive)
        outcomes = killed_writers(archive, snapshot, f"r{number}", chance, within=0.15)
        for writer, digests in outcomes:
            acknowledged += len(digests)
            for n, digest in enumerate(digests):
                assert archive.text(digest) == writer.document(n).to_json().encode()
            unfinished = writer.document(len(digests))
            for _ in range(2):
                archive.append(unfinished, COMMAND, now=NOON)
            assert len(archive.entries_of(unfinished.request_id)) == 1
        verify_archive(archive.path, expect_head=pinned.hash)
    assert acknowledged > 0
