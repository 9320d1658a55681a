"""The archive refuses changes, and files that are none of its own, and says so."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics_core import Archive, Snapshot
from metrics_core.archive_schema import COLUMNS
from metrics_core.archive_verify import verify_archive
from metrics_core.errors import (
    ArchiveDamaged,
    ArchiveError,
    NewerArchive,
    NoArchive,
    NotAnArchive,
    NotVerified,
)
from tests.archived import COMMAND, NOON, filled, forged

TWICE = ", ".join({"sequence": "3", "previous": "hash", "hash": "'x'"}.get(n, n) for n in COLUMNS)
"""A record that follows well but names the document of another."""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET note = 'x'",
        "UPDATE body SET deflated = x'00'",
        "DELETE FROM record",
        "DELETE FROM body",
        "INSERT OR REPLACE INTO body VALUES (1, x'00')",
        "INSERT OR REPLACE INTO record SELECT * FROM record WHERE sequence = 1",
        f"REPLACE INTO record SELECT {TWICE} FROM record WHERE sequence = 2",
        "INSERT INTO body VALUES (7, x'00')",
    ],
)
def test_the_file_itself_refuses_changes(file: Path, snapshot: Snapshot, statement: str) -> None:
    archive = filled(file, snapshot, 2)
    connection = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match=r"an archive is|a body"):
        connection.execute(statement)
    connection.close()
    assert verify_archive(file).head == archive.head()


def test_a_body_that_is_not_the_sealed_one_is_not_given_out(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 2)
    with forged(file) as connection:
        connection.execute(
            "UPDATE body SET deflated = (SELECT deflated FROM body WHERE sequence = 1)"
        )
    entry = archive.page().entries[0]
    with pytest.raises(ArchiveDamaged, match="not the one that the record seals"):
        archive.snapshot(entry.document)


def test_what_is_not_an_archive_is_left_alone(file: Path, snapshot: Snapshot) -> None:
    file.write_text("a shopping list, and more than sixteen bytes of it\n" * 100)
    for ask in (
        lambda: Archive(file).head(),
        lambda: Archive(file).append(snapshot, COMMAND, now=NOON),
    ):
        with pytest.raises(NotAnArchive, match=r"archive.db is not an archive of Stillframe"):
            ask()
    assert file.read_text().startswith("a shopping list")


def test_a_database_of_others_is_left_alone(file: Path, snapshot: Snapshot) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(NotAnArchive, match="a database, but not an archive"):
        Archive(file).append(snapshot, COMMAND, now=NOON)
    assert file.read_bytes() == before


def test_a_newer_archive_is_neither_read_nor_written(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 1)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for ask in (archive.head, lambda: archive.append(snapshot, COMMAND, now=NOON)):
        with pytest.raises(NewerArchive, match="written by a later Stillframe"):
            ask()


def test_an_older_archive_becomes_ours_at_the_next_append(
    file: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = filled(file, snapshot, 1)
    later = ("CREATE TABLE later (x)",)
    for module in ("archive_file", "archive_schema"):
        from metrics_core import archive_schema

        steps = (archive_schema.MIGRATIONS[0], later)
        monkeypatch.setattr(f"metrics_core.{module}.MIGRATIONS", steps)
    assert archive.head().sequence == 1
    assert archive.append(snapshot.answering("req_9"), COMMAND, now=NOON).sequence == 2
    assert verify_archive(file).head.sequence == 2
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT * FROM later").fetchall() == []
    connection.close()


def test_an_archive_whose_creation_was_cut_off_is_simply_empty(
    file: Path, snapshot: Snapshot
) -> None:
    file.touch()
    with pytest.raises(NoArchive, match="nothing was archived at "):
        Archive(file).page()
    assert Archive(file).append(snapshot, COMMAND, now=datetime.now(UTC)).sequence == 1


@pytest.mark.parametrize(("name", "told"), [("", "is a folder"), ("no/a.db", "there is no folder")])
def test_a_place_for_no_file_is_told(
    tmp_path: Path, snapshot: Snapshot, name: str, told: str
) -> None:
    with pytest.raises(ArchiveError, match=told):
        Archive(tmp_path / name).append(snapshot, COMMAND, now=NOON)


def test_a_damage_of_which_sqlite_tells_in_no_utf_8_is_one_of_ours(
    file: Path, snapshot: Snapshot
) -> None:
    archive = filled(file, snapshot, 1)
    file.write_bytes(file.read_bytes().replace(b"CREATE INDEX", b"CR\x89ATE INDEX", 1))
    for ask in (
        archive.page,
        lambda: archive.append(snapshot, COMMAND, now=NOON),
    ):
        with pytest.raises(ArchiveDamaged, match="is damaged"):
            ask()
    with pytest.raises(NotVerified, match="what follows record 0 cannot be read"):
        verify_archive(file)


@pytest.mark.parametrize("column", ["scope", "archived_at", "self_declared"])
def test_a_damaged_record_is_told_by_the_list_too(
    file: Path, snapshot: Snapshot, column: str
) -> None:
    archive = filled(file, snapshot, 1)
    with forged(file) as connection:
        connection.execute(f"UPDATE record SET {column} = '{{'")
    with pytest.raises(ArchiveDamaged, match="is damaged"):
        archive.page()


def test_a_number_that_no_record_may_hold_is_told(file: Path, snapshot: Snapshot) -> None:
    filled(file, snapshot, 1)
    with forged(file) as connection:
        connection.execute(f"UPDATE record SET body_bytes = {2**60}")
    with pytest.raises(NotVerified, match="record 1 was changed: it holds what none may hold"):
        verify_archive(file)


def test_a_writer_that_cannot_come_in_says_so(
    file: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = filled(file, snapshot, 1)
    monkeypatch.setattr("metrics_core.archive_file.BUSY_SECONDS", 0.01)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveError, match="another process holds the archive"):
        archive.append(snapshot.answering("req_9"), COMMAND, now=NOON)
    assert archive.head().sequence == 1
    other.execute("ROLLBACK")
    other.close()
    assert archive.append(snapshot.answering("req_9"), COMMAND, now=NOON).sequence == 2
