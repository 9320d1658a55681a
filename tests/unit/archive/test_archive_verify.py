"""Verifying an archive names its first fault, whatever was done to the file."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from metrics_core import Archive, Deposit, Snapshot, StillframeError
from metrics_core.archive_chain import BEFORE_THE_FIRST, chained
from metrics_core.archive_record import pack
from metrics_core.archive_schema import COLUMNS
from metrics_core.archive_verify import Found, verify_archive
from metrics_core.errors import NotVerified
from metrics_core.evidence import Viewer
from tests.archived import NOON, arrange, filled, forged, other_orders, rechained

PAGE_BYTES, LEAF_HEADER_BYTES = 4096, 8
"""Of SQLite's file format: a page, and what stands before its list of rows."""

Forgery = Callable[[sqlite3.Connection], object]


def faults(file: Path, forge: Forgery, head: str | None) -> str:
    """What verifying says after the forgery."""
    with forged(file) as connection:
        forge(connection)
    with pytest.raises(NotVerified) as caught:
        verify_archive(file, expect_head=head)
    return str(caught.value)


def moved_up(connection: sqlite3.Connection, gone: int) -> None:
    """Take a record away and close the gap."""
    for table in ("record", "body"):
        connection.execute(f"DELETE FROM {table} WHERE sequence = {gone}")
        connection.execute(f"UPDATE {table} SET sequence = -sequence WHERE sequence > {gone}")
        connection.execute(f"UPDATE {table} SET sequence = -sequence - 1 WHERE sequence < 0")
    rechained(connection)


def swapped(connection: sqlite3.Connection) -> None:
    for table in ("record", "body"):
        for old, new in ((1, -1), (2, 1), (-1, 2)):
            connection.execute(f"UPDATE {table} SET sequence = {new} WHERE sequence = {old}")
    rechained(connection)


def rewritten(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE record SET note = 'x'")
    rechained(connection)


def test_an_archive_that_nobody_touched_verifies(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 3)
    head = archive.head()
    assert verify_archive(file) == Found(head=head, snapshots=3, pruned=0, after_expected=None)
    assert verify_archive(file, expect_head=head.hash).after_expected == 0
    assert verify_archive(file, expect_head=BEFORE_THE_FIRST).after_expected == 3


def test_more_records_than_are_read_at_once_verify(
    file: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics_core.archive_verify.AT_ONCE", 2)
    archive = filled(file, snapshot, 5)
    first = archive.page(before=2).entries[0].hash
    assert verify_archive(file, expect_head=first).after_expected == 4
    told = faults(file, lambda c: c.execute("DELETE FROM record WHERE sequence = 3"), None)
    assert "record 3 is missing" in told


@pytest.mark.parametrize(
    ("forge", "told"),
    [
        ("UPDATE record SET note = 'x' WHERE sequence = 2", "record 2 was changed: its hash"),
        ("UPDATE record SET actor = x'00' WHERE sequence = 2", "record 2 was changed: it holds"),
        ("UPDATE record SET archived_at = 'x' WHERE sequence = 1", "record 1 was changed"),
        ("UPDATE record SET previous = hash WHERE sequence = 3", "record 3 does not follow"),
        ("DELETE FROM record WHERE sequence = 1", "record 1 is missing: 2 stands in its place"),
        ("DELETE FROM record WHERE sequence = 2", "record 2 is missing: 3 stands in its place"),
        ("DELETE FROM body WHERE sequence = 2", "the body of record 2 is missing, and no pruning"),
        (
            "UPDATE body SET deflated = x'00' WHERE sequence = 2",
            "record 2: the body is not",
        ),
        ("UPDATE body SET sequence = 9 WHERE sequence = 3", "the body of record 3 is missing"),
        ("INSERT INTO body VALUES (9, x'00')", "there is a body 9, but no record of it"),
        ("CREATE TABLE more (x)", "the file's tables or triggers are not those of an archive"),
        ("DROP INDEX record_source", "the file's tables or triggers are not those"),
    ],
)
def test_the_first_fault_is_named(file: Path, snapshot: Snapshot, forge: str, told: str) -> None:
    filled(file, snapshot, 3)
    assert told in faults(file, lambda connection: connection.execute(forge), None)


def test_a_trigger_that_was_taken_away_is_noticed(file: Path, snapshot: Snapshot) -> None:
    filled(file, snapshot, 1)
    connection = sqlite3.connect(file)
    connection.execute("DROP TRIGGER record_no_update")
    connection.close()
    with pytest.raises(NotVerified, match="tables or triggers"):
        verify_archive(file)


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c.execute("DELETE FROM record WHERE sequence = 3"),
        lambda c: c.execute("DELETE FROM record") and c.execute("DELETE FROM body"),
        lambda c: moved_up(c, 1),
        lambda c: moved_up(c, 2),
        swapped,
        rewritten,
    ],
    ids=["cut", "emptied", "first deleted", "middle deleted", "reordered", "rewritten"],
)
def test_a_chain_that_was_made_whole_again_is_caught_by_the_pinned_head(
    file: Path, snapshot: Snapshot, forge: Forgery
) -> None:
    head = filled(file, snapshot, 3).head().hash
    assert f"the expected head {head} is not in the chain" in faults(file, forge, head)


def test_any_deletion_and_any_order_is_caught(file: Path, snapshot: Snapshot) -> None:
    head = filled(file, snapshot, 3).head().hash
    untouched = file.read_bytes()
    for order in other_orders(3):
        file.write_bytes(untouched)
        with forged(file) as connection:
            arrange(connection, order)
        with pytest.raises(NotVerified):
            verify_archive(file, expect_head=head)


def test_columns_that_tell_of_another_snapshot_are_caught(file: Path, snapshot: Snapshot) -> None:
    filled(file, snapshot, 2)

    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE record SET source = 'x' WHERE sequence = 2")
        rechained(connection)

    assert faults(file, forge, None) == "record 2: its source is not that of its body"


def test_a_pruning_that_a_forger_adds_is_caught_by_the_pinned_head(
    file: Path, snapshot: Snapshot
) -> None:
    head = filled(file, snapshot, 2).head()

    def forge(connection: sqlite3.Connection) -> None:
        told = {"kind": "prune", "archived_at": "x", "reason": "x", "pruned_through": 2}
        row = chained(dict.fromkeys(COLUMNS) | told, head)
        marks = ", ".join("?" * len(COLUMNS))
        connection.execute(f"INSERT INTO record VALUES ({marks})", [row[name] for name in COLUMNS])
        connection.execute("DELETE FROM body")

    with forged(file) as connection:
        forge(connection)
    found = verify_archive(file, expect_head=head.hash)
    assert (found.pruned, found.after_expected) == (2, 1)  # who holds the head sees what was added


def test_a_schema_that_sqlite_takes_but_we_did_not_write_is_noticed(
    file: Path, snapshot: Snapshot
) -> None:
    filled(file, snapshot, 1)
    file.write_bytes(file.read_bytes().replace(b"indexrecord_source", b"inDexrecord_source", 1))
    with pytest.raises(NotVerified, match="tables or triggers"):
        verify_archive(file)


def test_what_a_forger_left_as_it_was_verifies(file: Path, snapshot: Snapshot) -> None:
    head = filled(file, snapshot, 2).head()
    with forged(file):
        pass
    assert verify_archive(file, expect_head=head.hash).head == head


def test_every_flipped_byte_of_a_record_and_of_its_body_is_caught(
    file: Path, snapshot: Snapshot
) -> None:
    ann = Viewer(name="Ann", self_declared=True)
    deposit = Deposit(reason="freeze", actor=ann, note="why", incident="OPS-1", metrics_line="[M]")
    head = Archive(file).append(snapshot, deposit, now=NOON).head.hash
    data = file.read_bytes()
    cells = only_cell(data, data.index(BEFORE_THE_FIRST.encode() + b"snapshot"), head.encode())
    body = pack(snapshot.to_json().encode())
    places = [*cells, *only_cell(data, data.index(body), body)]
    assert len(places) > len(body) + 480
    assert [place for place in places if not is_caught(file, data, place, head)] == []


def only_cell(data: bytes, somewhere: int, last: bytes) -> range:
    """All bytes of the one row that stands on that page; its last column is known."""
    page = somewhere // PAGE_BYTES * PAGE_BYTES
    pointer = page + LEAF_HEADER_BYTES
    begin = page + int.from_bytes(data[pointer : pointer + 2], "big")
    return range(begin, data.index(last, begin) + len(last))


def is_caught(file: Path, data: bytes, place: int, head: str) -> bool:
    file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    try:
        verify_archive(file, expect_head=head)
    except StillframeError:
        return True
    return False
