"""Digests: what changes them and what does not, and that they are SHA-256 over RFC 8785."""

import hashlib
from typing import Any

import pytest
import rfc8785

from metrics_core.digest import digests


def document(**members: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "requestId": "req_1",
        "tasks": {"queued": 3, "created": 1},
        "quality": {"findings": []},
        "provenance": {"tool": "x"},
    }
    return plain | members


SKEW = {"kind": "clock_skew", "count": 1}
REPAIR = {"kind": "missing_created_at", "count": 1}


def test_the_digests_are_those_of_the_canonical_json() -> None:
    content = b'{"quality":{"findings":[]},"tasks":{"created":1,"queued":3}}'
    whole = (
        b'{"provenance":{"tool":"x"},"quality":{"findings":[]},"requestId":"req_1",'
        b'"tasks":{"created":1,"queued":3}}'
    )
    assert digests(document()) == (
        hashlib.sha256(content).hexdigest(),
        hashlib.sha256(whole).hexdigest(),
    )


def test_names_beyond_ascii_and_numbers_have_their_one_form() -> None:
    given = document(scope={"ä": "é", "z": "\u2028"}, cost={"usd": 3.0, "share": 1e-7})
    content = (
        '{"cost":{"share":1e-7,"usd":3},"quality":{"findings":[]},'
        '"scope":{"z":"\u2028","ä":"é"},"tasks":{"created":1,"queued":3}}'
    )
    assert digests(given)[0] == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize(
    ("change", "content_stays", "document_stays"),
    [
        ({"digest": {"content": "x"}}, True, True),
        ({"requestId": "req_2"}, True, False),
        ({"provenance": {"tool": "y"}}, True, False),
        ({"quality": {"findings": [SKEW]}}, True, False),
        ({"quality": {"findings": [REPAIR]}}, False, False),
        ({"tasks": {"created": 1, "queued": 3}}, True, True),
        ({"tasks": {"queued": 4, "created": 1}}, False, False),
        ({"another": None}, False, False),
    ],
)
def test_only_what_was_measured_changes_the_content(
    change: dict[str, Any], content_stays: bool, document_stays: bool
) -> None:
    before, after = digests(document()), digests(document(**change))
    assert (before[0] == after[0], before[1] == after[1]) == (content_stays, document_stays)


def test_the_series_is_in_rfc_8785_form_as_all_else() -> None:
    latency = {
        "p50": 40,
        "p95": None,
        "samples": 3,
        "buckets": {"1000": 1, "5": 2, "20": 2**53 - 1},
    }
    bin_ = {"to": "2026-01-30T10:00:00Z", "from": "2026-01-30T09:59:00Z", "partial": True}
    given = document(series=[{**bin_, "tasks": {"queued": 0}, "timeToCompleteMs": latency}])
    measured = {name: given[name] for name in ("tasks", "quality", "series")}
    assert digests(given)[0] == hashlib.sha256(rfc8785.dumps(measured)).hexdigest()
