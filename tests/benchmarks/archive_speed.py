"""How fast an archive of 10,000 snapshots answers: `python -m tests.benchmarks.archive_speed`.

It is filled without syncing, which changes nothing of the file; the appends that are timed are
real ones. Milliseconds, the median and the worst of 50, each on a connection of its own. Bars:
opening one by its requestId 50 ms, the first page of the list 100 ms.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from metrics_core import Archive, Deposit, Snapshot, archive_file, take_snapshot
from metrics_core.archive_search import Search
from metrics_core.archive_verify import verify_archive
from metrics_core.evidence import Viewer
from tests.archived import NOON
from tests.builders import HOUR, sqlite_source
from tests.compared import QUEUE_COLUMNS, crowd, tasks

TIMES = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snapshots", type=int, default=10_000)
    number = parser.parse_args().snapshots
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = busy_snapshot(folder)
        archive = Archive(folder / "archive.db")
        fill(archive, snapshot, number)
        size = archive.path.stat().st_size / 1e6
        print(f"{number} snapshots of {len(snapshot.to_json()) / 1e3:.0f} kB in {size:.0f} MB\n")
        print("| what | median ms | worst ms |\n|---|---|---|")
        for what, action in actions(archive, snapshot, number).items():
            print(_line(what, action), flush=True)
        began = time.monotonic()
        verify_archive(archive.path)
        print(f"\nverified in {time.monotonic() - began:.0f} s")


def busy_snapshot(folder: Path) -> Snapshot:
    """An hour in which 900 tasks of five queues completed, and 120 failed with 20 codes."""
    queues = [tasks(180, name=f"t{n}_", queue=f"queue-{n}") for n in range(5)]
    rows = [row for each in queues for row in each]
    rows += crowd(20, 6, "f")
    source = sqlite_source(folder, rows, columns=QUEUE_COLUMNS, dimensions=("queue",))
    return take_snapshot(source, HOUR)


def fill(archive: Archive, snapshot: Snapshot, number: int) -> None:
    """So many snapshots, archived a minute apart, each tenth with a note."""
    synced = archive_file.DURABILITY
    archive_file.DURABILITY = (*synced, "PRAGMA synchronous = OFF")
    for n in range(number):
        note = f"incident {n}" if n % 10 == 0 else None
        actor = Viewer(name=f"viewer {n % 7}", self_declared=True)
        deposit = Deposit(reason="freeze", actor=actor, note=note, metrics_line="x" * 400)
        archive.append(
            snapshot.answering(f"req_{n:024x}"), deposit, now=NOON + timedelta(minutes=n)
        )
    archive_file.DURABILITY = synced


def actions(archive: Archive, snapshot: Snapshot, number: int) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    chance = random.Random(1)

    def some_id() -> str:
        return f"req_{chance.randrange(number):024x}"

    def append() -> object:
        new = snapshot.answering(f"new_{chance.random()}")
        return archive.append(new, Deposit(reason="api"), now=datetime.now(UTC))

    return {
        "open one by its requestId": lambda: archive.snapshot(
            archive.entries_of(some_id())[0].document
        ),
        "first page": archive.page,
        "page in the middle": lambda: archive.page(before=number // 2),
        "first page of a requestId's beginning": lambda: archive.page(
            Search(request_id_prefix=some_id()[:-2])
        ),
        "first page of an actor": lambda: archive.page(Search(actor="viewer 3")),
        "first page of no source": lambda: archive.page(Search(source="none")),
        "first page of a note that is nowhere": lambda: archive.page(Search(note="nowhere")),
        "head": archive.head,
        "append, synced": append,
    }


def _line(what: str, action: Callable[[], object]) -> str:
    durations = []
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        durations.append((time.perf_counter() - began) * 1000)
    return f"| {what} | {statistics.median(durations):.1f} | {max(durations):.1f} |"


if __name__ == "__main__":
    main()
