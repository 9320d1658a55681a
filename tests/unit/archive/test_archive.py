"""The archive keeps what was stored, once, for ever."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from metrics_core import Archive, Deposit, Snapshot
from metrics_core.archive_chain import EMPTY
from metrics_core.errors import (
    NoArchive,
    NotArchived,
    NotVerified,
    UsageError,
)
from metrics_core.evidence import Freshness, Viewer
from tests.archived import COMMAND, NOON, filled
from tests.builders import TEN, at

ANN = Viewer(name="Ann", self_declared=True)


def test_the_file_is_its_owner_s_alone(file: Path, snapshot: Snapshot) -> None:
    before = os.umask(0o022)
    try:
        filled(file, snapshot, 2)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == {"archive.db": 0o600, "archive.db-journal": 0o600}


def test_the_mode_of_a_file_that_is_there_is_left_to_its_owner(
    file: Path, snapshot: Snapshot
) -> None:
    filled(file, snapshot, 1)
    file.chmod(0o640)
    filled(file, snapshot, 2)
    assert file.stat().st_mode & 0o777 == 0o640


def test_what_was_stored_is_given_back_to_the_byte(file: Path, snapshot: Snapshot) -> None:
    archive = Archive(file)
    receipt = archive.append(snapshot, COMMAND, now=NOON)
    assert (receipt.sequence, receipt.already, receipt.archived_at) == (1, False, NOON)
    assert archive.text(snapshot.digest.document) == snapshot.to_json().encode()
    assert archive.snapshot(snapshot.digest.document) == snapshot


def test_an_entry_tells_who_why_and_of_what(file: Path, snapshot: Snapshot) -> None:
    stale = snapshot.marked(Freshness(state="STALE", since=TEN), request_id="req_stale")
    deposit = Deposit(reason="freeze", actor=ANN, note="look", incident="OPS-1", metrics_line="[M]")
    archive = Archive(file)
    archive.append(stale, deposit, now=NOON)
    entry = archive.entry(stale.digest.document)
    assert entry.model_dump() == {
        "sequence": 1,
        "hash": archive.head().hash,
        "archived_at": NOON,
        "reason": "freeze",
        "actor": "Ann",
        "self_declared": True,
        "note": "look",
        "incident": "OPS-1",
        "document": stale.digest.document,
        "content": snapshot.digest.content,
        "request_id": "req_stale",
        "source": "tasks",
        "window_from": TEN,
        "window_to": at(60),
        "scope": {},
        "freshness": "STALE",
        "freshness_since": TEN,
        "metrics_line": "[M]",
        "body_bytes": len(stale.to_json().encode()),
        "pruned": False,
    }


def test_storing_it_again_stores_nothing_and_says_so(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 2)
    again = archive.append(
        snapshot.answering("req_0"), Deposit(reason="api"), now=NOON + timedelta(days=1)
    )
    assert (again.sequence, again.already, again.archived_at) == (1, True, NOON)
    assert archive.head().sequence == 2
    assert archive.entries_of("req_0")[0].reason == "command"


def test_one_request_id_may_name_several(file: Path, snapshot: Snapshot) -> None:
    archive = Archive(file)
    stale = snapshot.marked(Freshness(state="STALE", since=TEN), request_id="req_0")
    for each in (snapshot, stale):
        archive.append(each, COMMAND, now=NOON)
    found = archive.entries_of("req_0")
    assert [entry.document for entry in found] == [stale.digest.document, snapshot.digest.document]
    assert archive.entries_of("req_none") == ()


def test_what_is_not_there_is_said(file: Path, snapshot: Snapshot) -> None:
    archive = Archive(file)
    for ask in (archive.head, archive.page, lambda: archive.entry("x")):
        with pytest.raises(NoArchive, match="there is no archive at "):
            ask()
    filled(file, snapshot, 1)
    with pytest.raises(NotArchived, match="00 is not in the archive"):
        archive.text("00")
    with pytest.raises(NotArchived):
        archive.entry("00")


def test_a_snapshot_with_a_wrong_digest_is_refused(file: Path, snapshot: Snapshot) -> None:
    with pytest.raises(NotVerified):
        Archive(file).append(snapshot.model_copy(update={"source": "x"}), COMMAND, now=NOON)
    assert not file.exists()


@pytest.mark.parametrize("note", ["x" * 2001, "a\0b", "\ud800"])
def test_a_note_that_is_no_text_is_refused(file: Path, snapshot: Snapshot, note: str) -> None:
    deposit = Deposit.model_construct(
        reason="freeze", actor=None, note=note, incident=None, metrics_line=None
    )
    with pytest.raises(UsageError, match="the note is longer than 2000"):
        Archive(file).append(snapshot, deposit, now=NOON)


def test_the_head_moves_with_each_record(file: Path, snapshot: Snapshot) -> None:
    archive = Archive(file)
    heads = [archive.append(snapshot.answering(f"r{n}"), COMMAND, now=NOON).head for n in range(3)]
    assert [head.sequence for head in heads] == [1, 2, 3]
    assert len({head.hash for head in heads} | {EMPTY.hash}) == 4
    assert archive.head() == heads[-1]
