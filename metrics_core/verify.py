"""Verify: whether a document is, byte by byte, what Stillframe once wrote. Pure."""

from collections.abc import Iterator

from metrics_core.digest import digests
from metrics_core.errors import NotVerified
from metrics_core.snapshot import Snapshot, as_json_value


def verified(data: bytes) -> Snapshot:
    """The snapshot of exactly these bytes. Redacted ones verify like any other.

    Errors: InvalidSnapshot where the shape is wrong; NotVerified with the first of its `faults`.
    """
    snapshot = Snapshot.from_json(data)
    for fault in faults(snapshot, data):
        raise NotVerified(fault)
    return snapshot


def faults(snapshot: Snapshot, data: bytes) -> Iterator[str]:
    """What speaks against these bytes of the snapshot; nothing where they are as written.

    A digest does not fit what it covers, or the bytes are not the one definite form that `to_json`
    writes (other blanks, another order, a member twice, a member that only a default filled in).
    """
    content, document = digests(as_json_value(snapshot))
    if snapshot.digest.content != content:
        yield "what was measured was changed: digest.content does not fit it"
    if snapshot.digest.document != document:
        yield "the document was changed: digest.document does not fit it"
    written = snapshot.to_json().encode()
    if written != data:
        line = _first_other_line(written, data)
        yield f"line {line} is not as Stillframe writes it (blanks, order or number)"


def _first_other_line(written: bytes, data: bytes) -> int:
    """
    >>> _first_other_line(b"a\\nb\\n", b"a\\nc\\n"), _first_other_line(b"a\\n", b"a\\n\\n")
    (2, 2)
    """
    pairs = zip(written.split(b"\n"), data.split(b"\n"), strict=False)
    ours = [one == other for one, other in pairs]
    return ours.index(False) + 1 if False in ours else len(ours)
