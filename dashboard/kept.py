"""Kept: a snapshot that was not taken for this look: out of the archive, or out of a file.

Its bytes are checked anew each time it is opened. Knows no screen.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.archiving import opened
from dashboard.report import Exhibit, read_exhibit
from metrics_core import Archive, Snapshot
from metrics_core.archive_record import Entry
from metrics_core.compare import compare
from metrics_core.errors import ArchiveError, NotArchived, NotVerified

MOST_COMPARED = 4


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The exhibit, and its record in the archive; of a file that may be none."""

    exhibit: Exhibit
    entry: Entry | None = None
    is_file: bool = False

    @property
    def snapshot(self) -> Snapshot:
        return self.exhibit.snapshot


def entries_named(
    archive: Archive, request_id: str, document: str | None
) -> tuple[Entry, tuple[Entry, ...]]:
    """The record that is asked for, the newest where no document is; and all of that requestId.

    NotArchived where there is none.
    """
    entries = archive.entries_of(request_id)
    asked = [each for each in entries if document in (None, each.document)]
    if not asked:
        which = f"no snapshot {request_id}" + (f" with the document {document}" if document else "")
        raise NotArchived(f"There is {which} in the archive.")
    return asked[0], entries


def kept_of(archive: Archive, entry: Entry) -> Kept:
    """The snapshot of the record. Errors: those of `Archive.text`, InvalidSnapshot."""
    return Kept(exhibit=read_exhibit(archive.text(entry.document)), entry=entry)


def kept_of_file(data: bytes, path: Path | None) -> Kept:
    """The snapshot of the file, and its record where the archive has one of the very document.

    InvalidSnapshot where it is none.
    """
    exhibit = read_exhibit(data)
    return Kept(exhibit=exhibit, entry=_entry(exhibit, path), is_file=True)


def _entry(exhibit: Exhibit, path: Path | None) -> Entry | None:
    if path is None or not exhibit.is_verified:
        return None
    try:
        return opened(path).entry(exhibit.snapshot.digest.document)
    except ArchiveError:
        return None  # the file speaks for itself


def compared_snapshot(path: Path | None, document: str, shown: Snapshot) -> Snapshot:
    """The archived snapshot that `shown` is compared with.

    Errors: those of the archive; NotVerified; NotComparable, with the reason.
    """
    before = _exhibit(opened(path).path, document)
    if not before.is_verified:
        raise NotVerified(f"{before.snapshot.request_id} is not verified. {before.faults[0]}")
    compare(before.snapshot, shown)
    return before.snapshot


@lru_cache(maxsize=MOST_COMPARED)
def _exhibit(path: Path, document: str) -> Exhibit:
    """Kept, since each refresh of a live page asks for it; nothing in an archive changes."""
    return read_exhibit(Archive(path).text(document))
