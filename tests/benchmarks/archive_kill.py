"""Archive writers that are killed lose nothing: `python -m tests.benchmarks.archive_kill`.

Each round two processes write into one archive and are ended by kill -9 at random moments. Then the
archive is verified, and searched for what was acknowledged; the snapshot at which each writer was
killed is archived again, twice. A new archive every 25 rounds, so that creation is hit too.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from metrics_core import Archive, Snapshot
from metrics_core.archive_verify import verify_archive
from metrics_core.errors import ArchiveError, StillframeError
from tests.archived import COMMAND, NOON, Writer, head_or_none, killed_writers, some_snapshot

ROUNDS_A_FILE = 25
WITHIN_SECONDS = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, tally, snapshot = random.Random(given.seed), Counter[str](), some_snapshot()
    began = time.monotonic()
    for first in range(0, given.rounds, ROUNDS_A_FILE):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(first, min(first + ROUNDS_A_FILE, given.rounds)):
                archive = Archive(Path(folder) / "archive.db")
                _round(archive, snapshot, f"r{number}", chance, tally)
    print("| what | how many |\n|---|---|")
    for name, number in tally.items():
        print(f"| {name} | {number} |")
    print(f"| seconds | {time.monotonic() - began:.0f} |")


def _round(
    archive: Archive, snapshot: Snapshot, name: str, chance: random.Random, tally: Counter[str]
) -> None:
    before = head_or_none(archive)
    outcomes = killed_writers(archive, snapshot, name, chance, within=WITHIN_SECONDS)
    journal = archive.path.with_name("archive.db-journal")
    hot = journal.exists() and journal.stat().st_size > 0
    acknowledged = [digest for _, digests in outcomes for digest in digests]
    tally["rounds"] += 1
    tally["kills"] += len(outcomes)
    tally["journals left behind by a kill"] += hot
    tally["acknowledged"] += len(acknowledged)
    tally["acknowledged, then lost"] += sum(_is_lost(archive, each) for each in acknowledged)
    tally["retried twice"] += len(outcomes)
    tally["retries that doubled"] += sum(_doubled(archive, *outcome) for outcome in outcomes)
    tally["archives that do not verify"] += not _verifies(archive, before.hash)


def _is_lost(archive: Archive, digest: str) -> bool:
    try:
        return archive.text(digest) == b""
    except ArchiveError:
        return True


def _doubled(archive: Archive, writer: Writer, digests: list[str]) -> bool:
    """Whether the snapshot at which it was killed is there other than once after retries."""
    unfinished = writer.document(len(digests))
    for _ in range(2):
        archive.append(unfinished, COMMAND, now=NOON)
    return len(archive.entries_of(unfinished.request_id)) != 1


def _verifies(archive: Archive, pinned: str) -> bool:
    try:
        verify_archive(archive.path, expect_head=pinned)
    except StillframeError as error:
        print(f"not verified: {error}")
        return False
    return True


if __name__ == "__main__":
    main()
