"""An archive and an export, tampered with: `python -m tests.benchmarks.archive_flips`.

Every byte of both is flipped, once; every way to delete records and to put them into another order
is tried, as it comes and with the chain sealed anew; the file is cut. It is caught where verifying
with the pinned head says that something is wrong. Some bytes of an SQLite file mean nothing (free
space in a page, counters of its header): a flip there that is not caught is harmless where every
record and every body reads the same as before. Anything else is missed, and must be 0.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from unittest.mock import patch

from metrics_core import StillframeError, verified
from metrics_core.archive_verify import verify_archive
from tests.archived import arrange, filled, forged, other_orders, rechained, some_snapshot

SNAPSHOTS = 3
RECORDS_MOVED = 5
CUT_EVERY_BYTES = 64
Content = list[tuple[object, ...]]


class Target:
    """An archive, the head that was pinned of it, and a copy for each tampering."""

    def __init__(self, folder: Path, snapshots: int) -> None:
        folder.mkdir()
        archive = filled(folder / "archive.db", some_snapshot(), snapshots)
        self.data = archive.path.read_bytes()
        self.head = archive.head().hash
        self.copy = folder / "copy.db"
        self._content = _read(archive.path)

    def outcome(self, data: bytes, tamper: Callable[[Path], None] = lambda _: None) -> str:
        """Whether it is caught when the file holds these bytes and was tampered with."""
        self.copy.write_bytes(data)
        tamper(self.copy)
        try:
            verify_archive(self.copy, expect_head=self.head)
        except StillframeError:
            return "caught"
        try:
            return "harmless" if _read(self.copy) == self._content else "missed"
        except sqlite3.Error:
            return "missed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    chance = random.Random(parser.parse_args().seed)
    print("| what | tried | caught | harmless | missed | seconds |\n" + "|---" * 6 + "|")
    missed = 0
    # It depends on nothing but the body: the same one needs not be parsed 50,000 times.
    once = patch("metrics_core.archive_verify.verified", lru_cache(maxsize=64)(verified))
    with once, tempfile.TemporaryDirectory() as name:
        for what, outcomes in _tampering(Path(name), chance):
            began = time.monotonic()
            found = Counter(outcomes)
            missed += found["missed"]
            numbers = (found.total(), *(found[kind] for kind in ("caught", "harmless", "missed")))
            cells = (what, *map(str, numbers), f"{time.monotonic() - began:.0f}")
            print(f"| {' | '.join(cells)} |", flush=True)
    sys.exit("the bar is not met" if missed else 0)


def _tampering(folder: Path, chance: random.Random) -> Iterator[tuple[str, Iterator[str]]]:
    """What is done, and how each try of it ends."""
    export = some_snapshot().to_json().encode()
    yield "exported file: every byte flipped", map(_of_file, _flips(export, chance))
    whole = Target(folder / "whole", SNAPSHOTS)
    name = f"archive of {SNAPSHOTS}"
    yield f"{name}: every byte flipped", map(whole.outcome, _flips(whole.data, chance))
    cuts = range(0, len(whole.data), CUT_EVERY_BYTES)
    yield f"{name}: the file cut off", (whole.outcome(whole.data[:cut]) for cut in cuts)
    moved = Target(folder / "moved", RECORDS_MOVED)
    for how, seal in (("", False), (", sealed anew", True)):
        what = f"archive of {RECORDS_MOVED}: records deleted and reordered{how}"
        yield what, _moved(moved, seal=seal)


def _moved(target: Target, *, seal: bool) -> Iterator[str]:
    for order in other_orders(RECORDS_MOVED):
        yield target.outcome(target.data, partial(_rearrange, order=order, seal=seal))


def _rearrange(copy: Path, *, order: tuple[int, ...], seal: bool) -> None:
    with forged(copy) as connection:
        arrange(connection, order)
        if seal:
            rechained(connection)


def _flips(data: bytes, chance: random.Random) -> Iterator[bytes]:
    """The data with one byte changed, once for every byte of it."""
    return (
        data[:place] + bytes([data[place] ^ chance.randint(1, 255)]) + data[place + 1 :]
        for place in range(len(data))
    )


def _of_file(data: bytes) -> str:
    try:
        verified(data)
    except StillframeError:
        return "caught"
    return "missed"


def _read(file: Path) -> Content:
    connection = sqlite3.connect(file)
    try:
        return [
            *connection.execute("SELECT * FROM record ORDER BY sequence"),
            *connection.execute("SELECT * FROM body ORDER BY sequence"),
            *connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name"),
        ]
    finally:
        connection.close()


if __name__ == "__main__":
    main()
