"""The document's parts: frozen, strict, and with one way to write each value."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from metrics_core.document import BinLatency, Ledger, TaskCounts, Waiting, WindowRecord
from metrics_core.groups import ValueCount
from metrics_core.record import Count, Ms, Ratio, Utc

TEN = datetime(2026, 1, 30, 10, tzinfo=UTC)
COUNTS: dict[str, Any] = {
    "created": 1,
    "completed": 2,
    "failed": 3,
    "cancelled": 4,
    "processing": 5,
    "queued": 6,
}


def written(record: BaseModel) -> Any:
    return record.model_dump(mode="json", by_alias=True)


def is_valid(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def test_members_are_written_in_camel_case_and_in_their_order() -> None:
    waiting = Waiting(count=1, oldest_age_ms=2, oldest_id="a", unknown_age=0)
    assert list(written(waiting).items()) == [
        ("count", 1),
        ("oldestAgeMs", 2),
        ("oldestId", "a"),
        ("unknownAge", 0),
    ]


def test_instants_are_written_in_utc_with_z() -> None:
    east = timezone(timedelta(hours=1))
    record = WindowRecord(minutes=1, from_=datetime(2026, 1, 30, 11, tzinfo=east), to=TEN)
    assert written(record) == {
        "minutes": 1,
        "from": "2026-01-30T10:00:00Z",
        "to": "2026-01-30T10:00:00Z",
    }


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 1, 30, 10),  # noqa: DTZ001
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_an_instant_needs_a_zone_and_a_year_from_1_to_9999(instant: datetime) -> None:
    assert not is_valid(Utc, instant)


def test_scheduled_and_retrying_are_absent_where_the_source_has_none() -> None:
    assert written(TaskCounts(**COUNTS)) == COUNTS
    assert written(TaskCounts(**COUNTS, retrying=0)) == COUNTS | {"retrying": 0}


def test_created_that_is_not_measurable_stays_as_null() -> None:
    assert written(TaskCounts(**COUNTS | {"created": None}))["created"] is None


@pytest.mark.parametrize(
    ("kind", "value", "valid"),
    [
        (Count, 0, True),
        (Count, -1, False),
        (Count, 2**53 - 1, True),
        (Count, 2**53, False),
        (Ms, -(2**53) + 1, True),
        (Ms, -(2**53), False),
        (Ms, 2**53, False),
        (Ratio, 1.0, True),
        (Ratio, 1.000001, False),
        (Ratio, -0.1, False),
    ],
)
def test_numbers_have_their_bounds(kind: Any, value: float, valid: bool) -> None:
    assert is_valid(kind, value) is valid


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_is_infinite_or_none(value: float) -> None:
    with pytest.raises(ValidationError):
        ValueCount(value="x", count=value)  # type: ignore[arg-type]


def test_a_part_cannot_be_changed() -> None:
    value = ValueCount(value="x", count=1)
    with pytest.raises(ValidationError, match="frozen"):
        value.count = 2


def test_the_buckets_of_a_latency_cannot_be_changed_either() -> None:
    given = {"1": 2}
    latency = BinLatency(p50=1, p95=1, p99=1, samples=2, buckets=given)
    given["1"] = 3
    assert written(latency)["buckets"] == {"1": 2}
    with pytest.raises(TypeError):
        latency.buckets["1"] = 4  # type: ignore[index]


def test_an_unknown_member_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        ValueCount(value="x", count=1, colour="red")  # type: ignore[call-arg]


def test_a_ledger_may_show_a_difference_either_way() -> None:
    counts = dict.fromkeys(
        ("open_at_from", "created", "completed", "failed", "cancelled", "open_at_to"), 0
    )
    assert Ledger(**counts, difference=-1).difference == -1
