"""The archive finds what it keeps, newest first."""

import sqlite3
from pathlib import Path

import pytest

from metrics_core import Archive, Deposit, Snapshot
from metrics_core.archive_search import Search
from metrics_core.evidence import Viewer
from tests.archived import COMMAND, NOON, filled
from tests.builders import TEN, at

ANN = Viewer(name="Ann", self_declared=True)


def request_ids(archive: Archive, search: Search) -> list[str]:
    return [entry.request_id for entry in archive.page(search).entries]


def test_pages_go_from_the_newest_to_the_oldest(file: Path, snapshot: Snapshot) -> None:
    archive = filled(file, snapshot, 5)
    first = archive.page(size=2)
    second = archive.page(before=first.before, size=2)
    third = archive.page(before=second.before, size=2)
    pages = [[entry.sequence for entry in page.entries] for page in (first, second, third)]
    assert pages == [[5, 4], [3, 2], [1]]
    assert third.before is None
    assert archive.page(size=5).before is None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(request_id_prefix="req_"), ["req_b", "req_a1", "req_a"]),
        (Search(request_id_prefix="req_a"), ["req_a1", "req_a"]),
        (Search(request_id_prefix="REQ_A"), []),
        (Search(request_id_prefix="%"), []),
        (Search(source="tasks"), ["req_b", "req_a1", "req_a"]),
        (Search(source="other"), []),
        (Search(actor="Ann"), ["req_a1"]),
        (Search(note="ÜBERLAUF"), ["req_b"]),
        (Search(note="ops-4"), ["req_b", "req_a1"]),
        (Search(note="_"), []),
        (Search(note="ops-4", actor="Ann"), ["req_a1"]),
        (Search(since=at(60)), []),
        (Search(since=at(59.5)), ["req_b", "req_a1", "req_a"]),
        (Search(until=TEN), []),
        (Search(until=at(0.000001)), ["req_b", "req_a1", "req_a"]),
    ],
)
def test_a_search_finds(file: Path, snapshot: Snapshot, search: Search, found: list[str]) -> None:
    archive = Archive(file)
    deposits = {
        "req_a": COMMAND,
        "req_a1": Deposit(reason="freeze", actor=ANN, incident="OPS-47"),
        "req_b": Deposit(reason="freeze", note="Überlauf", incident="ops-4"),
    }
    for name, deposit in deposits.items():
        archive.append(snapshot.answering(name), deposit, now=NOON)
    assert request_ids(archive, search) == found


def test_searches_use_indexes(file: Path, snapshot: Snapshot) -> None:
    filled(file, snapshot, 1)
    connection = sqlite3.connect(file)
    for column in ("request_id", "document", "source", "actor"):
        statement = f"SELECT * FROM record WHERE {column} = 'x' ORDER BY sequence DESC LIMIT 9"
        plan = " ".join(
            row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        )
        assert f"({column}=?)" in plan
        assert "TEMP B-TREE" not in plan
    connection.close()
