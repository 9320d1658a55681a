"""The archive: an append-only store of snapshots in one SQLite file, chained by hashes.

Its key is `digest.document`. Nothing in it is ever changed or deleted, but that retention gives up
bodies (`prune`), which is itself a record of the chain. The chain cannot see that its own tail was
cut: hand `head()` out with every export.
"""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from metrics_core.archive_chain import EMPTY, Column, Head, chained
from metrics_core.archive_file import reading, settle, writing
from metrics_core.archive_record import (
    Deposit,
    Entry,
    Receipt,
    body_columns,
    deposit_columns,
    entry_of,
    instant_text,
    pack,
    snapshot_columns,
    unpack,
)
from metrics_core.archive_schema import COLUMNS
from metrics_core.archive_search import PAGE_SIZE, Page, Search, condition
from metrics_core.errors import NotArchived, UsageError
from metrics_core.evidence import Viewer
from metrics_core.record import Record
from metrics_core.snapshot import Snapshot
from metrics_core.verify import verified

ENTRIES = (
    "SELECT record.*, body.sequence IS NULL AS pruned"
    " FROM record LEFT JOIN body USING (sequence) WHERE "
)
EVERYTHING = Search()
NO_COLUMNS: dict[str, Column] = dict.fromkeys(COLUMNS)


class Pruned(Record):
    """How many bodies a pruning gave up: all up to the record `through`."""

    bodies: int
    through: int


class Archive:
    """The archive in the file at `path`, which the first `append` makes; its folder must be there.

    Several processes and threads may use one file at once. Each call raises `ArchiveError`s:
    NoArchive, NotAnArchive, NewerArchive, ArchiveFull, ArchiveReadOnly, ArchiveBusy,
    ArchiveDamaged. None of them leaves a trace: the next call may succeed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, snapshot: Snapshot, deposit: Deposit, *, now: datetime) -> Receipt:
        """Store the snapshot; when this returns, it is on the disk.

        A document that is there already is not stored again, and its receipt says so. Errors: those
        of the archive; NotVerified where the snapshot's digests do not fit it.
        """
        body = snapshot.to_json().encode()
        verified(body)
        packed = pack(body)
        told = snapshot_columns(snapshot) | deposit_columns(deposit, now)
        with writing(self.path) as connection:
            known = _receipt(connection, snapshot.digest.document)
            if known is None:
                row = _append(connection, "snapshot", told | body_columns(body, packed))
                connection.execute("INSERT INTO body VALUES (?, ?)", (row["sequence"], packed))
                return _receipt_of(row, already=False)
            settle(self.path)
            return known

    def head(self) -> Head:
        """The last record's number and hash."""
        with reading(self.path) as connection:
            return _head(connection)

    def entries_of(self, request_id: str) -> tuple[Entry, ...]:
        """All that were archived under that requestId, newest first; none where there are none."""
        where = "request_id = ? ORDER BY record.sequence DESC"
        return tuple(self._entries(where, (request_id,)))

    def entry(self, document: str) -> Entry:
        """The entry of that `digest.document`. NotArchived where there is none."""
        for entry in self._entries("document = ?", (document,)):
            return entry
        raise NotArchived(f"{document} is not in the archive {self.path}")

    def page(
        self, search: Search = EVERYTHING, *, before: int | None = None, size: int = PAGE_SIZE
    ) -> Page:
        """The newest entries that the search finds, of records before number `before`."""
        where, values = condition(search, before)
        found = self._entries(
            f"{where} ORDER BY record.sequence DESC LIMIT :limit", values | {"limit": size + 1}
        )
        entries = tuple(found)
        more = entries[size - 1].sequence if len(entries) > size else None
        return Page(entries=entries[:size], before=more)

    def text(self, document: str) -> bytes:
        """The exact bytes that were archived, checked against the record's hash of them.

        Errors: NotArchived where there is none, or its body was pruned; ArchiveDamaged.
        """
        with reading(self.path) as connection:
            row = _row(connection, "document = ?", document)
            if row is None:
                raise NotArchived(f"{document} is not in the archive {self.path}")
            packed = _body(connection, row)
        if packed is None:
            raise NotArchived(
                f"the body of {row['request_id']} was pruned from the archive {self.path}: "
                "only its record is left"
            )
        return unpack(packed, row)

    def snapshot(self, document: str) -> Snapshot:
        """The snapshot of that `digest.document`; errors as of `text`."""
        return Snapshot.from_json(self.text(document))

    def prune(
        self,
        *,
        now: datetime,
        older_than: timedelta | None = None,
        keep: int | None = None,
        actor: Viewer | None = None,
    ) -> Pruned:
        """Give up the bodies that are older than that, and all but the newest `keep`.

        Records stay, and the pruning becomes one: the chain proves what was there and who let it
        go. UsageError where neither limit is given.
        """
        if (older_than is None and keep is None) or (keep is not None and keep < 0):
            raise UsageError("say what to prune: an age, or how many to keep")
        with writing(self.path) as connection:
            through = max(
                _through_age(connection, now - older_than) if older_than is not None else 0,
                _through_count(connection, keep) if keep is not None else 0,
            )
            return _prune(connection, through, now, actor)

    def _entries(self, where: str, values: tuple[str, ...] | dict[str, str | int]) -> list[Entry]:
        with reading(self.path) as connection:
            connection.create_function("casefold", 1, str.casefold, deterministic=True)
            connection.row_factory = sqlite3.Row
            rows = connection.execute(ENTRIES + where, values)
            return [entry_of(dict(row)) for row in rows]


def _row(connection: sqlite3.Connection, where: str, *values: Column) -> dict[str, Column] | None:
    statement = f"SELECT {', '.join(COLUMNS)} FROM record WHERE {where}"
    found = connection.execute(statement, values).fetchone()
    return dict(zip(COLUMNS, found, strict=True)) if found else None


def _body(connection: sqlite3.Connection, row: dict[str, Column]) -> object:
    statement = "SELECT deflated FROM body WHERE sequence = ?"
    found = connection.execute(statement, (row["sequence"],)).fetchone()
    return found[0] if found else None


def _head(connection: sqlite3.Connection) -> Head:
    statement = "SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1"
    found = connection.execute(statement).fetchone()
    return Head(sequence=found[0], hash=found[1]) if found else EMPTY


def _append(
    connection: sqlite3.Connection, kind: str, columns: dict[str, Column]
) -> dict[str, Column]:
    row = chained(NO_COLUMNS | {"kind": kind} | columns, _head(connection))
    marks = ", ".join(f":{name}" for name in COLUMNS)
    connection.execute(f"INSERT INTO record ({', '.join(COLUMNS)}) VALUES ({marks})", row)
    return row


def _receipt(connection: sqlite3.Connection, document: str) -> Receipt | None:
    row = _row(connection, "document = ?", document)
    return _receipt_of(row, already=True) if row else None


def _receipt_of(row: dict[str, Column], *, already: bool) -> Receipt:
    told = {name: row[name] for name in ("sequence", "hash", "archived_at")}
    return Receipt.model_validate(told | {"already": already}, by_name=True)


def _through_age(connection: sqlite3.Connection, oldest: datetime) -> int:
    """The last record before the first one that is young enough."""
    statement = "SELECT min(sequence) FROM record WHERE kind = 'snapshot' AND archived_at >= ?"
    (young,) = connection.execute(statement, (instant_text(oldest),)).fetchone()
    return int(young) - 1 if young else _head(connection).sequence


def _through_count(connection: sqlite3.Connection, keep: int) -> int:
    statement = "SELECT sequence FROM body ORDER BY sequence DESC LIMIT 1 OFFSET ?"
    found = connection.execute(statement, (keep,)).fetchone()
    return int(found[0]) if found else 0


def _prune(
    connection: sqlite3.Connection, through: int, now: datetime, actor: Viewer | None
) -> Pruned:
    count = "SELECT count(*) FROM body WHERE sequence <= ?"
    (bodies,) = connection.execute(count, (through,)).fetchone()
    if bodies:
        told = deposit_columns(Deposit(reason="command", actor=actor), now)
        _append(connection, "prune", told | {"reason": "retention", "pruned_through": through})
        connection.execute("DELETE FROM body WHERE sequence <= ?", (through,))
    return Pruned(bodies=bodies, through=through)
