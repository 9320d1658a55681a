"""Verify an archive: every record's hash and place, every body, and that no tail was cut."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from metrics_core.archive_chain import EMPTY, Column, Head, record_hash
from metrics_core.archive_file import reading
from metrics_core.archive_record import snapshot_columns, unpack
from metrics_core.archive_schema import COLUMNS, expected_schema, schema_of
from metrics_core.errors import ArchiveDamaged, InvalidSnapshot, NotVerified
from metrics_core.verify import verified

AT_ONCE = 50
"""Records read in one transaction: a longer one would keep writers waiting."""

Row = dict[str, Column]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an archive that verifies holds; `pruned` of its snapshots have no body any more.

    `after_expected` is how many records follow the head that was expected, if one was.
    """

    head: Head
    snapshots: int
    pruned: int
    after_expected: int | None


@dataclass(kw_only=True)
class _Walk:
    """What is known of the records up to here."""

    head: Head = EMPTY
    snapshots: int = 0
    bodiless: list[int] = field(default_factory=list)
    pruned_through: int = 0
    expected_at: int | None = None


def verify_archive(path: Path, *, expect_head: str | None = None) -> Found:
    """What the archive holds, if all of it is as it was written. NotVerified names the first fault.

    `expect_head`, a hash that `head()` once gave, proves that nothing up to it was cut off or
    written anew; later records may follow it. Errors: those of the archive.
    """
    walk = _Walk(expected_at=0 if expect_head == EMPTY.hash else None)
    for row, packed in _records(path):
        _check_place(row, walk.head)
        _check_body(row, packed, walk)
        walk.head = Head(sequence=int(row["sequence"] or 0), hash=str(row["hash"]))
        if row["hash"] == expect_head:
            walk.expected_at = walk.head.sequence
    _check_pruned(walk)
    _check_expected(walk, expect_head)
    _check_file(path)
    return Found(
        head=walk.head,
        snapshots=walk.snapshots,
        pruned=len(walk.bodiless),
        after_expected=walk.head.sequence - (walk.expected_at or 0) if expect_head else None,
    )


def _records(path: Path) -> Iterator[tuple[Row, object]]:
    last: int | None = None
    while True:
        rows, fault = _some_records(path, last)
        yield from rows
        if fault:
            after = f"record {rows[-1][0]['sequence'] if rows else last or 0}"
            raise NotVerified(f"what follows {after} cannot be read: {fault}")
        if not rows:
            return
        last = int(rows[-1][0]["sequence"] or 0)


def _some_records(path: Path, last: int | None) -> tuple[list[tuple[Row, object]], str | None]:
    """The next records with their bodies, as far as they can be read, and why not farther."""
    columns = ", ".join(f"record.{name}" for name in COLUMNS)
    statement = (
        f"SELECT {columns}, deflated FROM record LEFT JOIN body USING (sequence)"
        " WHERE ? IS NULL OR sequence > ? ORDER BY sequence LIMIT ?"
    )
    rows: list[tuple[Row, object]] = []
    with reading(path) as connection:
        try:  # one by one, so that what came before a fault is kept
            for row in connection.execute(statement, (last, last, AT_ONCE)):
                rows.append((dict(zip(COLUMNS, row[:-1], strict=True)), row[-1]))  # noqa: PERF401
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return rows, str(error)
    return rows, None


def _check_place(row: Row, head: Head) -> None:
    place = head.sequence + 1
    if row["sequence"] != place:
        raise NotVerified(f"record {place} is missing: {row['sequence']} stands in its place")
    try:
        sealed = record_hash(row)
    except (TypeError, ValueError):  # no column of ours, or a number too large for RFC 8785
        raise NotVerified(f"record {place} was changed: it holds what none may hold") from None
    if row["previous"] != head.hash:
        raise NotVerified(f"record {place} does not follow the one before it")
    if row["hash"] != sealed:
        raise NotVerified(f"record {place} was changed: its hash does not fit it")


def _check_body(row: Row, packed: object, walk: _Walk) -> None:
    place = walk.head.sequence + 1
    if row["kind"] == "prune":
        walk.pruned_through = max(walk.pruned_through, int(row["pruned_through"] or 0))
        if packed is not None:
            raise NotVerified(f"record {place} has a body, though it is none of a snapshot")
        return
    walk.snapshots += 1
    if packed is None:
        walk.bodiless.append(place)
        return
    try:
        snapshot = verified(unpack(packed, row))
    except (ArchiveDamaged, InvalidSnapshot, NotVerified) as error:
        raise NotVerified(f"record {place}: {error}") from error
    for name, value in snapshot_columns(snapshot).items():
        if row[name] != value:
            raise NotVerified(f"record {place}: its {name} is not that of its body")


def _check_pruned(walk: _Walk) -> None:
    for place in walk.bodiless:
        if place > walk.pruned_through:
            raise NotVerified(f"the body of record {place} is missing, and no pruning tells of it")


def _check_expected(walk: _Walk, expect_head: str | None) -> None:
    if expect_head and walk.expected_at is None:
        raise NotVerified(
            f"the expected head {expect_head} is not in the chain: its tail was cut, or it was "
            f"written anew; it ends with record {walk.head.sequence}, {walk.head.hash}"
        )


def _check_file(path: Path) -> None:
    """The rest of the file: its indexes, its triggers, and bodies that belong to no record."""
    with reading(path) as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise NotVerified(f"the file is damaged: {said}")
        if schema_of(connection) != expected_schema():
            raise NotVerified("the file's tables or triggers are not those of an archive")
        stray = "SELECT min(sequence) FROM body WHERE sequence NOT IN (SELECT sequence FROM record)"
        (sequence,) = connection.execute(stray).fetchone()
    if sequence is not None:
        raise NotVerified(f"there is a body {sequence}, but no record of it")
