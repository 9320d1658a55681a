"""The two digests of a snapshot: equal figures have equal `content`, equal documents `document`."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import orjson
import rfc8785

NOT_MEASURED = frozenset({"requestId", "provenance"})
FINDINGS_ABOUT_THE_TAKING = frozenset({"clock_skew"})
OF_ANY_NAMES = "scope"
"""The member whose own members are named by the source, maybe beyond ASCII."""
WITHOUT_FLOATS = frozenset({"series", "bins", "dimensions"})
"""Members, at any depth, that hold whole numbers only: most of a document."""
NEEDS_EXPONENT = 1e16

_EXPONENT = re.compile(rb"\de[+-]?\d+(?:[],}]|$)")


def digests(document: Mapping[str, Any]) -> tuple[str, str]:
    """The content's and the document's digest, as SHA-256 in hex over their RFC 8785 forms.

    Left out of the content: requestId, provenance, and the findings that speak of the moment of
    taking (the skew of two clocks), not of the rows. Left out of both: digest itself.
    """
    forms = {name: _form(name, value) for name, value in document.items() if name != "digest"}
    measured = {name: form for name, form in forms.items() if name not in NOT_MEASURED}
    measured["quality"] = _form("quality", _of_the_rows(document["quality"]))
    return _sha256(measured), _sha256(forms)


def _form(name: str, value: Any) -> bytes:
    """The RFC 8785 form of a member, many times as fast as `rfc8785` writes it.

    `orjson` writes it too where all names are ASCII and no float is whole or needs an exponent.
    The document's model sees to it that no number is too large for the form, or none.
    """
    if name == OF_ANY_NAMES:
        return rfc8785.dumps(value)
    if name in WITHOUT_FLOATS:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    form = orjson.dumps(_whole_as_integers(value), option=orjson.OPT_SORT_KEYS)
    return rfc8785.dumps(value) if _EXPONENT.search(form) else form


def _whole_as_integers(value: Any) -> Any:
    """The value with 1 for each 1.0 in it.

    >>> _whole_as_integers({"share": 1.0, "rates": [0.5, -0.0, None]})
    {'share': 1, 'rates': [0.5, 0, None]}
    """
    if isinstance(value, dict):
        return {
            name: each if name in WITHOUT_FLOATS else _whole_as_integers(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_whole_as_integers(each) for each in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < NEEDS_EXPONENT:
        return int(value)
    return value


def _of_the_rows(quality: Mapping[str, Any]) -> dict[str, Any]:
    findings = [f for f in quality["findings"] if f["kind"] not in FINDINGS_ABOUT_THE_TAKING]
    return {**quality, "findings": findings}


def _sha256(forms: Mapping[str, bytes]) -> str:
    """The hash of an object whose members, all of ASCII names, are in RFC 8785 form already."""
    members = [b'"' + name.encode() + b'":' + forms[name] for name in sorted(forms)]
    return hashlib.sha256(b"{" + b",".join(members) + b"}").hexdigest()
