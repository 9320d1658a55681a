"""A source: what its settings may be, and what its values mean."""

from typing import Any

import pytest
from pydantic import ValidationError

from metrics_core.source import ErrorRule, Source
from tests.builders import new_source


def fault(**settings: Any) -> str:
    """The only fault of a source with these settings."""
    with pytest.raises(ValidationError) as caught:
        new_source(**settings)
    (only,) = caught.value.errors()
    return str(only["msg"])


def test_a_source_has_modest_defaults() -> None:
    source = Source(name="tasks", url="sqlite:////q.db", sql="SELECT 1")
    assert (source.deadline_seconds, source.max_rows, source.unsafe_role) == (5, 5_000_000, "warn")
    assert (source.timezone, source.time_unit, source.retention_hours) == ("UTC", "s", None)
    assert (source.dimensions, source.lacks, source.default) == ((), (), False)


def test_a_native_value_that_is_not_named_keeps_its_own_name() -> None:
    source = new_source(statuses={"queued": ["pending"], "failed": ["cancelled", ""]})
    assert source.status_of == {
        "queued": "queued",
        "processing": "processing",
        "completed": "completed",
        "failed": "failed",
        "cancelled": "failed",
        "scheduled": "scheduled",
        "retrying": "retrying",
        "pending": "queued",
        "": "failed",
    }


def test_a_native_value_has_one_status() -> None:
    statuses = {"queued": ["open"], "processing": ["open"]}
    assert fault(statuses=statuses) == (
        "Value error, status 'open' is mapped to queued and processing"
    )
    assert new_source(statuses={"queued": ["open", "open"]}).status_of["open"] == "queued"


def test_a_status_that_does_not_exist_is_refused() -> None:
    assert "'queued', 'processing'" in fault(statuses={"done": ["finished"]})


@pytest.mark.parametrize(
    "name",
    ["source", "to", "from", "minutes", "limit", "window_hours", "id", "status", "Limit", "error"],
)
def test_names_with_a_meaning_of_their_own_are_no_dimensions(name: str) -> None:
    expected = f"Value error, {name!r} is reserved: give the column another alias"
    assert fault(dimensions=[name]) == expected


@pytest.mark.parametrize("name", ["", "a b", 'a"b', "1st", "a;--", "ä", "a" * 64, "a\n"])
def test_a_dimension_is_a_plain_column_name(name: str) -> None:
    assert fault(dimensions=[name]).endswith("is no column name (letters, digits, underscores)")


def test_a_dimension_is_named_once() -> None:
    assert fault(dimensions=["queue", "queue"]) == "Value error, a dimension is named twice"


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"name": "a b"}, "pattern"),
        ({"name": ""}, "pattern"),
        ({"sql": ""}, "at least 1"),
        ({"sql": " ;; "}, "is empty: it takes one SELECT"),
        (
            {"timezone": "CET+1"},
            "'CET+1' is no time zone of the IANA list, as UTC or Europe/Berlin",
        ),
        ({"time_unit": "min"}, "'s', 'ms', 'us' or 'ns'"),
        ({"deadline_seconds": 0.0004}, "greater than or equal to 0.1"),
        ({"deadline_seconds": float("nan")}, "less than or equal to 600"),
        ({"deadline_seconds": float("inf")}, "less than or equal to 600"),
        ({"max_rows": 0}, "greater than or equal to 1"),
        ({"max_rows": 1.5}, "valid integer"),
        ({"retention_hours": -1}, "greater than 0"),
        ({"unsafe_role": "allow"}, "'warn' or 'refuse'"),
        ({"dimensions": "queue"}, "tuple"),
        ({"lacks": ["created"]}, "'created' is none of created_at, eligible_at"),
        ({"errors": [{"match": "", "code": "E"}]}, "at least 1"),
        ({"errors": [{"match": "x", "code": "E" * 201}]}, "at most 200"),
        ({"errors": [{"match": "x", "code": "E", "flags": "i"}]}, "Extra inputs"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_a_setting_may_not_be(settings: dict[str, Any], part: str) -> None:
    assert part in fault(**settings)


def test_neither_a_fault_nor_its_own_text_tells_the_url() -> None:
    secret = "postgresql://u:hunter2hunter2@h/db"
    with pytest.raises(ValidationError) as caught:
        new_source(url=secret, max_rows=0)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(new_source(url=secret))


def test_a_rule_finds_its_text_or_its_pattern_anywhere() -> None:
    rule = ErrorRule(match=r"disk \d+ is full.", code="DISK")
    assert rule.hits("so disk 7 is full!")
    assert rule.hits(r"literally disk \d+ is full.")
    assert not rule.hits("disk is full")


def test_the_definitions_change_with_what_shapes_a_figure_and_with_nothing_else() -> None:
    before = new_source().definitions_sha256
    shaping: list[dict[str, Any]] = [
        {"sql": "SELECT 2"},
        {"dimensions": []},
        {"statuses": {"queued": ["pending"]}},
        {"errors": [{"match": "x", "code": "E"}]},
        {"timezone": "Europe/Berlin"},
        {"time_unit": "ms"},
        {"lacks": ["updated_at"]},
    ]
    other: list[dict[str, Any]] = [
        {"name": "n"},
        {"url": "sqlite:////x"},
        {"default": True},
        {"max_rows": 7},
        {"deadline_seconds": 7},
        {"retention_hours": 7},
        {"preset": "video_tasks"},
    ]
    assert [new_source(**s).definitions_sha256 == before for s in shaping] == [False] * 7
    assert [new_source(**s).definitions_sha256 == before for s in other] == [True] * 7


def test_the_hash_of_the_select_is_over_its_very_text() -> None:
    assert new_source(sql="SELECT 1").select_sha256 == (
        "e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5"
    )
