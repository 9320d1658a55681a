"""Every byte of an archive and of an export flipped: `python -m tests.benchmarks.archive_flips`.

A flip is caught where verifying, with the pinned head, says that something is wrong. Some bytes of
an SQLite file mean nothing (free space in a page, counters of its header): a flip there that is not
caught is harmless where every record and every body reads the same as before. Anything else is
missed, and must be 0.
"""

import argparse
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from metrics_core import StillframeError, verified
from metrics_core.archive_verify import verify_archive
from tests.archived import filled, some_snapshot

Content = list[tuple[object, ...]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    chance, snapshot = random.Random(parser.parse_args().seed), some_snapshot()
    print("| what | bytes flipped | caught | harmless | missed |\n|---|---|---|---|---|")
    data = snapshot.to_json().encode()
    print(_line("exported file", Counter(_of_file(f) for f in _flips(data, chance))), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = filled(Path(folder) / "archive.db", snapshot, 2)
        data, head, content = archive.path.read_bytes(), archive.head().hash, _read(archive.path)
        copy = Path(folder) / "copy.db"
        found = Counter(_of_archive(copy, f, head, content) for f in _flips(data, chance))
    print(_line("archive of two snapshots", found))


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


def _of_archive(copy: Path, data: bytes, head: str, content: Content) -> str:
    copy.write_bytes(data)
    try:
        verify_archive(copy, expect_head=head)
    except StillframeError:
        return "caught"
    try:
        return "harmless" if _read(copy) == content else "missed"
    except sqlite3.Error:
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


def _line(what: str, found: Counter[str]) -> str:
    numbers = (found.total(), *(found[name] for name in ("caught", "harmless", "missed")))
    return f"| {what} | {' | '.join(str(number) for number in numbers)} |"


if __name__ == "__main__":
    main()
