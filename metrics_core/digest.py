"""The two digests of a snapshot: equal figures have equal `content`, equal documents `document`."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785

NOT_MEASURED = frozenset({"requestId", "provenance"})
FINDINGS_ABOUT_THE_TAKING = frozenset({"clock_skew"})


def digests(document: Mapping[str, Any]) -> tuple[str, str]:
    """The content's and the document's digest, as SHA-256 in hex over their RFC 8785 forms.

    Left out of the content: requestId, provenance, and the findings that speak of the moment of
    taking (the skew of two clocks), not of the rows. Left out of both: digest itself.
    """
    forms = {name: _form(name, value) for name, value in document.items() if name != "digest"}
    measured = {name: form for name, form in forms.items() if name not in NOT_MEASURED}
    measured["quality"] = rfc8785.dumps(_of_the_rows(document["quality"]))
    return _sha256(measured), _sha256(forms)


def _form(name: str, value: Any) -> bytes:
    """The RFC 8785 form of a member; of the series, most of a document, six times as fast.

    It holds whole numbers, ASCII names and no floats: there `json` writes that form too.
    """
    if name != "series":
        return rfc8785.dumps(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _of_the_rows(quality: Mapping[str, Any]) -> dict[str, Any]:
    findings = [f for f in quality["findings"] if f["kind"] not in FINDINGS_ABOUT_THE_TAKING]
    return {**quality, "findings": findings}


def _sha256(forms: Mapping[str, bytes]) -> str:
    """The hash of an object whose members, all of ASCII names, are in RFC 8785 form already."""
    members = [rfc8785.dumps(name) + b":" + forms[name] for name in sorted(forms)]
    return hashlib.sha256(b"{" + b",".join(members) + b"}").hexdigest()
