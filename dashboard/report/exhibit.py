"""Exhibit: a snapshot with the very bytes it was read from, and what speaks against them. Pure."""

from dataclasses import dataclass
from hashlib import sha256

from metrics_core import Snapshot
from metrics_core.archive_record import Entry
from metrics_core.verify import faults


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A snapshot file; `faults` are sentences, none where it is as Stillframe sealed it.

    `entry` is its record, of a snapshot that comes out of an archive.
    """

    snapshot: Snapshot
    data: bytes
    faults: tuple[str, ...] = ()
    entry: Entry | None = None

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


def read_exhibit(data: bytes, entry: Entry | None = None) -> Exhibit:
    """The file's snapshot, verified. InvalidSnapshot where it is none."""
    snapshot = Snapshot.from_json(data)
    found = tuple(f"{fault[0].upper()}{fault[1:]}." for fault in faults(snapshot, data))
    return Exhibit(snapshot=snapshot, data=data, faults=found, entry=entry)
