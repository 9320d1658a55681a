"""The two digests of a snapshot: equal figures have equal `content`, equal documents `document`."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

NOT_MEASURED = frozenset({"requestId", "provenance", "digest"})
FINDINGS_ABOUT_THE_TAKING = frozenset({"clock_skew"})


def content_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the RFC 8785 form of what was measured.

    Left out: requestId, provenance, digest, and the findings that speak of the moment of taking
    (the skew of two clocks), not of the rows.
    """
    measured = {name: value for name, value in document.items() if name not in NOT_MEASURED}
    quality = measured["quality"]
    findings = [f for f in quality["findings"] if f["kind"] not in FINDINGS_ABOUT_THE_TAKING]
    return _sha256(measured | {"quality": quality | {"findings": findings}})


def document_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the RFC 8785 form of the whole document but its digest."""
    return _sha256({name: value for name, value in document.items() if name != "digest"})


def _sha256(value: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()
