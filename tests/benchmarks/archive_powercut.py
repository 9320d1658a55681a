"""Power cuts lose nothing acknowledged: `python -m tests.benchmarks.archive_powercut`.

A real writer is run under strace, which records its writes, truncations and syncs in their order.
For each cut a disk is built from the calls up to a random one, without some of what was not synced
by then (`tests.campaigns.powercut` has the model), and the archive on it is opened and verified
against the last head that was acknowledged. The second line of the table is the same writer with
SQLite told not to sync: it must lose something, or the model could not find anything.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from metrics_core.archive_verify import verify_archive
from metrics_core.errors import StillframeError
from tests.campaigns.powercut import Call, Disk, traced

WRITER = """
import sys
from pathlib import Path
from metrics_core import Archive, archive_file
from tests.archived import COMMAND, NOON, some_snapshot
if sys.argv[3] == "unsynced":
    archive_file.DURABILITY = (*archive_file.DURABILITY, "PRAGMA synchronous = OFF")
    archive_file._sync = lambda path: None
archive, snapshot = Archive(Path(sys.argv[1])), some_snapshot()
for number in range(int(sys.argv[2])):
    receipt = archive.append(snapshot.answering(f"req_{number}"), COMMAND, now=NOON)
    print(receipt.hash, flush=True)
"""
Printed = list[tuple[int, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=300)
    parser.add_argument("--snapshots", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    names = ("calls", "cuts", "cuts in a commit", "acknowledged lost", "not verified")
    print(f"| writer | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for kind in ("ours", "unsynced"):
        with tempfile.TemporaryDirectory() as folder:
            tally = campaign(
                kind,
                Path(folder),
                cuts=given.cuts,
                snapshots=given.snapshots,
                seed=given.seed,
            )
        print(f"| {kind} | {' | '.join(str(tally[name]) for name in names)} |", flush=True)


def campaign(kind: str, folder: Path, *, cuts: int, snapshots: int, seed: int) -> Counter[str]:
    """What so many cuts of such a writer's power did."""
    written, chance = folder / "written", random.Random(seed)
    written.mkdir()
    file = written / "archive.db"
    calls, printed = traced(
        [sys.executable, "-c", WRITER, str(file), str(snapshots), kind], written
    )
    tally = Counter({"calls": len(calls)})
    for number in range(cuts):
        restored = folder / str(number)
        restored.mkdir()
        _cut(calls, printed, restored, chance, tally)
    return tally


def _cut(
    calls: list[Call], printed: Printed, restored: Path, chance: random.Random, tally: Counter[str]
) -> None:
    place = chance.randint(0, len(calls))
    disk = Disk()
    disk.run(calls[:place])
    for path, data in disk.after_cut(chance).items():
        (restored / Path(path).name).write_bytes(data)
    acknowledged = [head for after, head in printed if after <= place]
    tally["cuts"] += 1
    tally["cuts in a commit"] += any(disk.pending.values())
    file = restored / "archive.db"
    tally["not verified"] += bool(acknowledged) and not _verifies(file, None)
    tally["acknowledged lost"] += bool(acknowledged) and not _verifies(file, acknowledged[-1])


def _verifies(file: Path, head: str | None) -> bool:
    try:
        verify_archive(file, expect_head=head)
    except StillframeError:
        return False
    return True


if __name__ == "__main__":
    main()
