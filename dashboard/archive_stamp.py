"""What is said of a snapshot that leaves: whether it is archived, and the chain's head. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from metrics_core import StillframeError
from metrics_core.archive_chain import Head
from metrics_core.archive_record import Receipt

ARCHIVED_HEADER = "X-Stillframe-Archived"
RECORD_HEADER = "X-Stillframe-Archive-Record"
HEAD_HEADER = "X-Stillframe-Archive-Head"
WHY_HEADER = "X-Stillframe-Not-Archived"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """`record` is the number of the snapshot's record, null where it is not archived.

    `head` is the hash of the chain's last record then, null where no archive is set or it cannot be
    read; `why_not` tells why a snapshot that was to be archived is not.
    """

    record: int | None = None
    head: str | None = None
    why_not: str | None = None

    @property
    def archived(self) -> str:
        """As headers and log lines have it."""
        return "no" if self.record is None else "yes"

    def headers(self) -> dict[str, str]:
        """Each is one line of plain ASCII, whatever the reason holds."""
        told = {RECORD_HEADER: self.record, HEAD_HEADER: self.head, WHY_HEADER: self.why_not}
        known = {name: _header_text(str(value)) for name, value in told.items() if value}
        return {ARCHIVED_HEADER: self.archived, **known}

    def log_fields(self) -> Mapping[str, str | None]:
        """What ends a snapshot's `[METRICS]` line."""
        return {"archived": self.archived, "head": self.head}


NOT_STAMPED = Stamp()


def stamp(outcome: Receipt | StillframeError | None, head: Head | None) -> Stamp:
    """Of what became of the snapshot (None: nobody wanted it archived) and the head after that."""
    known = head.hash if head else None
    if isinstance(outcome, Receipt):
        return Stamp(record=outcome.sequence, head=known or outcome.hash)
    return Stamp(head=known, why_not=outcome.reason if outcome else None)


def _header_text(text: str) -> str:
    """
    >>> _header_text("a\\r\\nSet-Cookie: x\\u2028é")
    'a Set-Cookie: x '
    """
    return re.sub(r"[^\x20-\x7e]+", " ", text)
