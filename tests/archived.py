"""What the tests of the archive share: snapshots that differ, and writers to be killed."""

import itertools
import os
import random
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from metrics_core import Archive, Deposit, Snapshot, Window, take_snapshot
from metrics_core.archive_chain import BEFORE_THE_FIRST, EMPTY, Head, record_hash
from metrics_core.errors import NoArchive
from tests.builders import TEN, row, sqlite_source

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
COMMAND = Deposit(reason="command")
MINUTE = Window.ending(TEN + timedelta(minutes=1), minutes=1)
DIGEST_LINE = 65
"""A digest in hex and the end of its line."""


def small_snapshot(folder: Path) -> Snapshot:
    """A snapshot of one minute, in which one task failed."""
    failed = row("a", "failed", created=1, started=2, finished=3, queue="q", error="no answer of q")
    source = sqlite_source(folder, [failed], dimensions=("queue",))
    return take_snapshot(source, MINUTE, request_id="req_0")


def some_snapshot() -> Snapshot:
    with tempfile.TemporaryDirectory() as folder:
        return small_snapshot(Path(folder))


def filled(path: Path, snapshot: Snapshot, number: int) -> Archive:
    """An archive of so many snapshots, req_0 and on, archived a minute apart from noon on."""
    archive = Archive(path)
    for n in range(number):
        archived_at = NOON + timedelta(minutes=n)
        archive.append(snapshot.answering(f"req_{n}"), COMMAND, now=archived_at)
    return archive


@contextmanager
def forged(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection by which anything can be done to the file: its triggers are away meanwhile."""
    connection = sqlite3.connect(path, isolation_level=None)
    statement = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    triggers = connection.execute(statement).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def rechained(connection: sqlite3.Connection) -> None:
    """Seal every record anew in the order of its number, as a forger would who knows how."""
    connection.row_factory = sqlite3.Row
    previous = BEFORE_THE_FIRST
    for found in connection.execute("SELECT * FROM record ORDER BY sequence").fetchall():
        row = {**dict(found), "previous": previous}
        previous = record_hash(row)
        connection.execute(
            "UPDATE record SET previous = ?, hash = ? WHERE sequence = ?",
            (row["previous"], previous, row["sequence"]),
        )


def other_orders(number: int) -> Iterator[tuple[int, ...]]:
    """All ways to keep some of so many records in some order, but for the one that is right."""
    right = tuple(range(1, number + 1))
    for size in range(number + 1):
        yield from (order for order in itertools.permutations(right, size) if order != right)


def arrange(connection: sqlite3.Connection, order: tuple[int, ...]) -> None:
    """Keep these records and bodies only, numbered anew in this order."""
    for table in ("record", "body"):
        for place, sequence in enumerate(order, start=1):
            connection.execute(
                f"UPDATE {table} SET sequence = ? WHERE sequence = ?", (-place, sequence)
            )
        connection.execute(f"DELETE FROM {table} WHERE sequence > 0")
        connection.execute(f"UPDATE {table} SET sequence = -sequence")


class Writer:
    """A process that archives one snapshot after the other, and says so, until it is killed."""

    def __init__(self, archive: Archive, snapshot: Snapshot, name: str) -> None:
        self.name = name
        self.snapshot = snapshot
        self._acknowledged, told = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            self._write_until_killed(archive, told)
        os.close(told)

    def _write_until_killed(self, archive: Archive, told: int) -> None:
        try:
            for n in range(1_000_000):
                document = self.document(n)
                archive.append(document, COMMAND, now=NOON)
                os.write(told, f"{document.digest.document}\n".encode())
        finally:
            os._exit(1)

    def document(self, number: int) -> Snapshot:
        """The writer's snapshot of that number."""
        return self.snapshot.answering(f"{self.name}_{number}")

    def killed(self) -> list[str]:
        """The digests that it acknowledged before kill -9."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        with os.fdopen(self._acknowledged, "rb") as told:
            text = told.read()
        assert len(text) % DIGEST_LINE == 0
        return text.decode().split()


def killed_writers(
    archive: Archive, snapshot: Snapshot, name: str, chance: random.Random, *, within: float
) -> list[tuple[Writer, list[str]]]:
    """Two writers at once, both killed at random moments within so many seconds."""
    writers = [Writer(archive, snapshot, f"{name}_{side}") for side in "ab"]
    outcomes = []
    for writer in chance.sample(writers, 2):
        time.sleep(chance.uniform(0, within))
        outcomes.append((writer, writer.killed()))
    return outcomes


def head_or_none(archive: Archive) -> Head:
    try:
        return archive.head()
    except NoArchive:
        return EMPTY
