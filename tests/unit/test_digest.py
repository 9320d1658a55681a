"""Digests: what changes them and what does not, and that they are SHA-256 over RFC 8785."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from metrics_core.digest import WITHOUT_FLOATS, digests
from metrics_core.record import LARGEST_INTEGER
from metrics_core.snapshot import snapshot_json_schema


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


NUMBERS = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.floats(0, 1).map(
    lambda share: round(share, 6)
)
TEXTS = st.text() | st.sampled_from(["1e-06,", "1.0", 'a "b" \\ \x7f\x1f\u2028 😀'])
NAMES = st.sampled_from(["share", "count", "codes", "other", "values", "usd"])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | FLOATS | TEXTS,
    lambda values: (
        st.lists(values, max_size=4)
        | st.builds(
            lambda members, bins: {**members, "bins": bins},
            st.dictionaries(NAMES, values, max_size=4),
            st.lists(NUMBERS, max_size=4),
        )
    ),
)


@given(VALUES)
@example(1e-06)
@example([1e-06, 1e-05, 0.0001])
@example([0.0, -0.0, 1.0, 2.0**53, 9398399404126580.0])
@example(1.2345678901234567e20)
@example(-1e22)
def test_any_member_is_in_rfc_8785_form(value: Any) -> None:
    whole = document(errors=value)
    assert digests(whole)[1] == hashlib.sha256(rfc8785.dumps(whole)).hexdigest()


def test_what_the_digests_take_for_whole_numbers_is_so_by_the_schema() -> None:
    schema = snapshot_json_schema()
    seen = {name for name, _ in members(schema) if name in WITHOUT_FLOATS}
    assert seen == WITHOUT_FLOATS
    for name, part in members(schema):
        kinds = list(types(part, schema["$defs"]))
        assert name not in WITHOUT_FLOATS or "number" not in [kind for kind, _ in kinds]
        wide = [part for kind, part in kinds if kind == "integer" and not bounded(part)]
        assert wide == [], name


def members(schema: Any) -> Iterator[tuple[str, Any]]:
    """The members, of any depth, by name, with their own schemas."""
    for part in (schema, *schema["$defs"].values()):
        yield from part["properties"].items()


def types(part: Any, definitions: Any) -> Iterator[tuple[str, Any]]:
    """The types of the values that a part of the schema allows in any depth, and their schemas."""
    if isinstance(part, list):
        part = {str(place): each for place, each in enumerate(part)}
    if not isinstance(part, dict):
        return
    if "$ref" in part:
        part = definitions[part["$ref"].removeprefix("#/$defs/")]
    if isinstance(part.get("type"), str):
        yield part["type"], part
    for each in part.values():
        yield from types(each, definitions)


def bounded(integer: Any) -> bool:
    if "const" in integer:
        return True
    within: bool = integer["maximum"] <= LARGEST_INTEGER and integer["minimum"] >= -LARGEST_INTEGER
    return within


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
