"""A record of the archive: what is kept beside a snapshot's body, and how a body is packed. Pure.

Instants stand in the file as text with six digits of a second always, so that text order is time
order.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

import rfc8785

from metrics_core.archive_chain import Column, Head, Row
from metrics_core.errors import ArchiveDamaged, UsageError
from metrics_core.evidence import Viewer
from metrics_core.record import NO_TEXT, Count, Record, Scope, Utc
from metrics_core.snapshot import Snapshot

Reason = Literal["download", "freeze", "recorder", "api", "command"]
LONGEST_TEXT = 2_000
PACKED_AT = 6


class Deposit(Record):
    """Who archives a snapshot and why; `metrics_line` is the snapshot's `[METRICS]` line.

    `incident` is the key of an incident elsewhere, as OPS-4711.
    """

    reason: Reason
    actor: Viewer | None = None
    note: str | None = None
    incident: str | None = None
    metrics_line: str | None = None


class Receipt(Record):
    """A snapshot that is on the disk: its record's number and hash.

    `already` where the very document was archived before, and nothing was stored now; `archived_at`
    is then that time.
    """

    sequence: Count
    hash: str
    archived_at: Utc
    already: bool

    @property
    def head(self) -> Head:
        """The chain up to this record: what to hand out for `--expect-head`."""
        return Head(sequence=self.sequence, hash=self.hash)


class Entry(Record):
    """An archived snapshot without its body; `document` and `content` are its digests.

    `pruned`: its body was given up by retention. `body_bytes` is the length of its JSON text.
    """

    sequence: Count
    hash: str
    archived_at: Utc
    reason: Reason
    actor: str | None
    self_declared: bool | None
    note: str | None
    incident: str | None
    document: str
    content: str
    request_id: str
    source: str
    window_from: Utc
    window_to: Utc
    scope: Scope
    freshness: str
    freshness_since: Utc | None
    metrics_line: str | None
    body_bytes: Count
    pruned: bool


def instant_text(instant: datetime) -> str:
    """
    >>> instant_text(datetime(2026, 1, 30, 10, tzinfo=UTC))
    '2026-01-30T10:00:00.000000Z'
    """
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def snapshot_columns(snapshot: Snapshot) -> dict[str, Column]:
    """What a record repeats of its snapshot, so that it can be searched and outlives the body."""
    freshness = snapshot.provenance.freshness
    return {
        "document": snapshot.digest.document,
        "content": snapshot.digest.content,
        "request_id": snapshot.request_id,
        "source": snapshot.source,
        "window_from": instant_text(snapshot.window.from_),
        "window_to": instant_text(snapshot.window.to),
        "scope": rfc8785.dumps(dict(snapshot.scope)).decode(),
        "freshness": freshness.state,
        "freshness_since": instant_text(freshness.since) if freshness.since else None,
    }


def deposit_columns(deposit: Deposit, now: datetime) -> dict[str, Column]:
    """When, who and why. UsageError where a text is too long or holds what no text may hold."""
    actor = deposit.actor
    return {
        "archived_at": instant_text(now),
        "actor": _tellable("actor", actor.name) if actor else None,
        "self_declared": int(actor.self_declared) if actor else None,
        "reason": deposit.reason,
        "note": _tellable("note", deposit.note),
        "incident": _tellable("incident", deposit.incident),
        "metrics_line": deposit.metrics_line,
    }


def _tellable(name: str, text: str | None) -> str | None:
    if text is not None and (len(text) > LONGEST_TEXT or NO_TEXT.search(text)):
        raise UsageError(f"the {name} is longer than {LONGEST_TEXT} characters, or holds no text")
    return text


def body_columns(body: bytes, packed: bytes) -> dict[str, Column]:
    """The length of the text, and the hash of its packed form: no bit of that is without effect."""
    return {"body_bytes": len(body), "body_sha256": hashlib.sha256(packed).hexdigest()}


def pack(body: bytes) -> bytes:
    """The body as it is kept."""
    return zlib.compress(body, PACKED_AT)


def unpack(packed: object, row: Row) -> bytes:
    """The body of the record. ArchiveDamaged where it is not the one that the record seals."""
    if not isinstance(packed, bytes) or hashlib.sha256(packed).hexdigest() != row["body_sha256"]:
        raise ArchiveDamaged("the body is not the one that the record seals")
    try:
        body = zlib.decompress(packed)
    except zlib.error:
        raise ArchiveDamaged("the body cannot be unpacked") from None
    if len(body) != row["body_bytes"]:
        raise ArchiveDamaged("the body is not as long as the record says")
    return body


def entry_of(row: Mapping[str, object]) -> Entry:
    """The row, with `pruned` beside its columns, as a value."""
    told = {name: row[name] for name in Entry.model_fields}
    return Entry.model_validate(told | {"scope": json.loads(str(row["scope"]))}, by_name=True)
