"""Exhibit: a snapshot with the very bytes it was read from, and what speaks against them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from metrics_core import Snapshot
from metrics_core.digest import digests
from metrics_core.snapshot import as_json_value


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A snapshot file; `faults` are sentences, none where it is as Stillframe sealed it."""

    snapshot: Snapshot
    data: bytes
    faults: tuple[str, ...] = ()

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Exhibit":
        """The snapshot as its `to_json`, checked like a file."""
        return read_exhibit(snapshot.to_json().encode())

    @property
    def is_verified(self) -> bool:
        return not self.faults

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, in hex."""
        return sha256(self.data).hexdigest()


def read_exhibit(data: bytes) -> Exhibit:
    """The file's snapshot, both digests computed anew. InvalidSnapshot where it is none."""
    snapshot = Snapshot.from_json(data)
    return Exhibit(snapshot=snapshot, data=data, faults=tuple(_faults(snapshot, data)))


def _faults(snapshot: Snapshot, data: bytes) -> Iterator[str]:
    content, document = digests(as_json_value(snapshot))
    if content != snapshot.digest.content:
        yield f"Its figures were changed after it was sealed: their digest is {content}."
    if document != snapshot.digest.document:
        yield f"It was changed after it was sealed: the document's digest is {document}."
    if snapshot.to_json().encode() != data:
        yield "Its bytes are not those that Stillframe writes: it was written anew, or added to."
