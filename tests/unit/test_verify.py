"""Verify a document: every byte of it counts, and redacted ones verify like any other."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_core import Snapshot, StillframeError, redact
from metrics_core.errors import InvalidSnapshot, NotVerified
from metrics_core.evidence import Viewer
from metrics_core.verify import verified
from tests.archived import small_snapshot, some_snapshot

SNAPSHOT = some_snapshot()
DATA = SNAPSHOT.to_json().encode()


def is_caught(data: bytes) -> bool:
    try:
        verified(data)
    except StillframeError:
        return True
    return False


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(DATA)
    change(document)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def test_what_was_written_verifies() -> None:
    assert verified(DATA) == SNAPSHOT
    marked = SNAPSHOT.taken_by(Viewer(name="Zoë 😀", self_declared=True))
    assert verified(marked.to_json().encode()) == marked


def test_a_redacted_document_verifies() -> None:
    hidden = redact(SNAPSHOT, ["queue", "error"])
    assert verified(hidden.to_json().encode()).redacted == ("error", "queue")


def test_every_flipped_byte_is_caught() -> None:
    missed = [place for place in range(len(DATA)) if not is_caught(flipped(DATA, place, 1))]
    assert missed == []


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_any_other_byte_in_any_place_is_caught(place: int, mask: int) -> None:
    assert is_caught(flipped(DATA, place, mask))


def flipped(data: bytes, place: int, mask: int) -> bytes:
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


@given(st.integers(0, len(DATA) - 1), st.integers(1, 40))
def test_bytes_that_were_cut_out_or_doubled_are_caught(place: int, length: int) -> None:
    assert is_caught(DATA[:place] + DATA[place + length :])
    assert is_caught(DATA[: place + length] + DATA[place:])


def test_a_changed_figure_is_told_from_changed_circumstances() -> None:
    with pytest.raises(NotVerified, match="what was measured was changed"):
        verified(changed(lambda d: d["tasks"].update(failed=0)))
    with pytest.raises(NotVerified, match="the document was changed"):
        verified(changed(lambda d: d["provenance"].update(rowsScanned=7)))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (b'"requestId": "req_0"', b'"requestId":  "req_0"', 7),
        (b'"requestId": "req_0"', b'"requestId": "req_9",\n  "requestId": "req_0"', 7),
        (b'"requestId": "req_0"', b'"requestId": "req\\u005f0"', 7),
        (b'  "schemaVersion": 1,\n', b"", None),
        (b'"failureRate": 1.0', b'"failureRate": 1', None),
        (b'"failureRate": 1.0', b'"failureRate": 1.00', None),
    ],
)
def test_another_form_of_the_same_values_is_caught(
    old: bytes, new: bytes, line: int | None
) -> None:
    assert old in DATA
    with pytest.raises(NotVerified, match=f"line {line or ''}.* is not as Stillframe writes it"):
        verified(DATA.replace(old, new, 1))


@pytest.mark.parametrize("more", [b"\n", b" ", b"\0", b"{}"])
def test_nothing_may_follow(more: bytes) -> None:
    assert is_caught(DATA + more)
    assert is_caught(more + DATA)


def test_an_empty_list_of_what_was_redacted_is_no_document_of_ours() -> None:
    with pytest.raises(InvalidSnapshot, match="redacted"):
        verified(changed(lambda d: d.update(redacted=[])))
    with pytest.raises(NotVerified):
        verified(changed(lambda d: d.update(redacted=None)))


def test_a_file_of_another_form_of_line_ends_is_caught(tmp_path: Path) -> None:
    data = small_snapshot(tmp_path).to_json().encode()
    assert is_caught(data.replace(b"\n", b"\r\n"))
    assert is_caught(b"\xef\xbb\xbf" + data)
    assert Snapshot.from_json(data).to_json().encode() == data
