"""The archive's chain: each record's hash covers all of it and the hash of the one before. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import rfc8785

Column = str | int | None
Row = Mapping[str, Column]
"""A record as its columns, by name."""

BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last record's number (0: none yet) and hash: who keeps it can prove what was there."""

    sequence: int
    hash: str


EMPTY = Head(sequence=0, hash=BEFORE_THE_FIRST)


def record_hash(row: Row) -> str:
    """SHA-256 in hex over the RFC 8785 form of the record without its `hash`.

    The body is in it by `body_sha256`, so the chain stays whole when a body is pruned; what came
    before is in it by `previous`.

    >>> record_hash({"sequence": 1, "previous": "00", "hash": "ignored"})[:12]
    '6f4dec1abc61'
    """
    covered = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(rfc8785.dumps(covered)).hexdigest()


def chained(columns: Row, head: Head) -> dict[str, Column]:
    """The columns as the record that follows the head."""
    row = {**columns, "sequence": head.sequence + 1, "previous": head.hash}
    return {**row, "hash": record_hash(row)}
