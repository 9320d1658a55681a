"""The slow reference itself, by values computed by hand: what checks everything is checked here."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from metrics_core.source import Source
from metrics_core.window import Window, epoch_us
from tests.reference import comparable, reference_content
from tests.reference_figures import bucket_edge, percentile
from tests.reference_parts import instant_us, message_of, read_row, state_at, task_of

TEN = datetime(2026, 1, 30, 10, tzinfo=UTC)
COLUMNS = (
    "id",
    "status",
    "created_at",
    "eligible_at",
    "started_at",
    "finished_at",
    "updated_at",
    "duration_ms",
    "error",
    "error_code",
    "cost_usd",
    "queue",
)


def at(seconds: float) -> datetime:
    """So many seconds after ten o'clock."""
    return TEN + timedelta(seconds=seconds)


def row(name: str, status: str | None, **values: object) -> dict[str, object]:
    """A row; times are given in seconds after ten o'clock."""
    times = {
        f"{key}_at": at(value) for key, value in values.items() if isinstance(value, int | float)
    }
    others = {key: value for key, value in values.items() if not isinstance(value, int | float)}
    return {"id": name, "status": status} | dict.fromkeys(COLUMNS[2:]) | times | others


def source(**settings: Any) -> Source:
    """A source whose only dimension is queue."""
    return Source(name="tasks", url="sqlite://", sql="SELECT 1", dimensions=("queue",), **settings)


def content(*rows: dict[str, object], lacks: tuple[str, ...] = (), **scope: str) -> dict[str, Any]:
    """The reference's figures of the minute from ten o'clock."""
    window = Window.ending(at(60), minutes=1)
    return reference_content(
        rows, columns=COLUMNS, source=source(lacks=lacks), window=window, scope=scope
    )


@pytest.mark.parametrize(
    ("status", "times", "states"),
    [
        ("queued", {"created": 0}, "absent queued queued"),
        ("queued", {"created": -9, "eligible": 10}, "scheduled scheduled queued"),
        ("scheduled", {"created": -9, "eligible": 10}, "scheduled scheduled queued"),
        ("scheduled", {"created": -9}, "scheduled scheduled scheduled"),
        ("scheduled", {"eligible": 10}, "scheduled scheduled queued"),
        ("processing", {"created": -9, "started": 0}, "queued processing processing"),
        (
            "processing",
            {"created": -9, "started": 0, "updated": 10},
            "queued processing processing",
        ),
        (
            "retrying",
            {"created": -9, "started": -5, "updated": 10},
            "processing processing retrying",
        ),
        ("retrying", {"created": -9, "updated": 10}, "queued queued retrying"),
        ("completed", {"created": -9, "started": 0, "finished": 10}, "queued processing ended"),
        ("completed", {"created": 10, "finished": 0}, "absent absent ended"),
        ("failed", {"created": -9, "eligible": 5, "updated": 10}, "scheduled queued ended"),
        ("cancelled", {"eligible": 0}, "absent ended ended"),
        ("queued", {}, "queued queued queued"),
    ],
)
def test_state_at_0_10_and_11_seconds(status: str, times: dict[str, object], states: str) -> None:
    read = read_row(row("a", status, **times), COLUMNS, source())
    task = task_of(read, status)
    assert [state_at(task, epoch_us(at(s))) for s in (0, 10, 11)] == states.split()


def test_counts_and_ledger_of_a_minute() -> None:
    document = content(
        row("before", "completed", created=-20, started=-10, finished=-1),
        row("edge", "completed", created=-20, started=-10, finished=0),
        row("inside", "failed", created=0, started=10, finished=59.999999),
        row("on the end", "failed", created=5, started=10, finished=60),
        row("next", "queued", created=60),
        row("waits", "queued", created=30),
        row("tries", "retrying", created=-5, started=20),
    )
    assert document["tasks"] == {
        "created": 3,
        "completed": 1,
        "failed": 1,
        "cancelled": 0,
        "processing": 1,
        "queued": 1,
        "scheduled": 0,
        "retrying": 1,
    }
    assert document["ledger"] == {
        "openAtFrom": 2,
        "created": 3,
        "completed": 1,
        "failed": 1,
        "cancelled": 0,
        "openAtTo": 3,
        "difference": 0,
    }
    assert document["failureRate"] == 0.5


def test_latency_floors_drops_negatives_and_takes_the_measured_duration() -> None:
    document = content(
        row("a", "completed", created=0, started=0.001999, finished=3),
        row("b", "completed", created=0, eligible=1, started=0.5, finished=2),
        row("c", "completed", created=0, started=2, finished=4) | {"duration_ms": 7.9},
        row("d", "completed", created=0, finished=4) | {"duration_ms": -1},
    )
    assert document["latency"]["timeToProcessingMs"] == {
        "p50": 2000,
        "p95": 2000,
        "avg": 1000,
        "samples": 2,
        "p99": 2000,
        "max": 2000,
    }
    assert document["latency"]["timeToCompleteMs"]["avg"] == (2998 + 1500 + 7) // 3
    assert document["quality"]["findings"] == [
        {"kind": "negative_time_to_processing", "value": None, "count": 1, "taskIds": ["b"]},
        {"kind": "negative_time_to_complete", "value": None, "count": 1, "taskIds": ["d"]},
    ]


def test_percentiles_are_members() -> None:
    assert [percentile(range(1, 101), q) for q in (50, 95, 99)] == [51, 96, 100]
    assert [percentile([3, 8], q) for q in (50, 95)] == [8, 8]
    assert percentile([], 50) is None


def test_bucket_edges() -> None:
    values = (0, 1, 2, 4, 5, 9, 10, 19, 20, 999, 1000)
    assert [bucket_edge(value) for value in values] == [0, 1, 2, 2, 5, 5, 10, 10, 20, 500, 1000]


def test_the_oldest_of_equal_age_is_the_least_id() -> None:
    document = content(
        row("b", "queued", created=0),
        row("a", "queued", created=-50, eligible=0),
        row("c", "queued", updated=-70),
        row("d", "processing", created=0, started=59.9985),
    )
    assert document["backlog"] == {
        "queued": {"count": 3, "oldestAgeMs": 60_000, "oldestId": "a", "unknownAge": 1},
        "processing": {"count": 1, "oldestAgeMs": 1, "oldestId": "d", "unknownAge": 0},
    }


def test_bins_follow_the_clock_and_say_that_they_are_partial() -> None:
    window = Window.ending(at(62), minutes=1)
    rows = [row("a", "completed", created=2, started=4.999, finished=5)]
    document = reference_content(rows, columns=COLUMNS, source=source(), window=window, scope={})
    bins = document["series"]
    assert [each["partial"] for each in bins] == [True, *[False] * 11, True]
    assert (bins[0]["from"], bins[0]["to"]) == ("2026-01-30T10:00:02Z", "2026-01-30T10:00:05Z")
    assert bins[0]["tasks"] | {"created": 1, "processing": 1, "completed": 0} == bins[0]["tasks"]
    assert bins[1]["tasks"] | {"created": 0, "processing": 0, "completed": 1} == bins[1]["tasks"]
    assert bins[1]["timeToProcessingMs"]["buckets"] == {"2000": 1}
    assert bins[-1]["to"] == "2026-01-30T10:01:02Z"


def test_errors_by_code_with_their_newest_message() -> None:
    document = content(
        row("a", "failed", created=0, finished=3, error_code="E1", error="third", queue="x"),
        row("b", "failed", created=0, finished=2, error_code="E1", error="second"),
        row("c", "failed", created=0, finished=7, error_code=" E1 ", error=" "),
        row("d", "failed", created=0, finished=7),
    )
    first, second = document["errors"]["codes"]
    assert (second["code"], second["share"], second["sampleMessage"]) == ("NO_MESSAGE", 0.25, None)
    assert document["topErrors"][0] == {
        "code": "E1",
        "count": 3,
        "share": 0.75,
        "sampleMessage": "third",
        "firstAt": "2026-01-30T10:00:02Z",
        "lastAt": "2026-01-30T10:00:07Z",
        "taskIds": ["c", "a", "b"],
    }
    assert first["bins"] == [2, 1, *[0] * 10]
    assert first["dimensions"] == [
        {
            "dimension": "queue",
            "values": [{"value": None, "count": 2}, {"value": "x", "count": 1}],
            "other": 0,
        }
    ]


def test_codes_beyond_a_hundred_and_values_beyond_fifty_are_other() -> None:
    document = content(
        *(
            row(f"t{i}", "failed", created=0, finished=1, error_code=f"C{i:03}", queue=f"q{i:03}")
            for i in range(103)
        ),
        row("t", "failed", created=0, finished=1, error_code="C102"),
    )
    codes, other = document["errors"]["codes"], document["errors"]["other"]
    assert [code["code"] for code in codes[:3]] == ["C102", "C000", "C001"]
    assert other == {"codes": 3, "count": 3, "share": 0.028846, "bins": [3, *[0] * 11]}
    (breakdown,) = document["breakdowns"]
    assert [part["value"] for part in breakdown["values"]] == [f"q{i:03}" for i in range(50)]
    assert breakdown["other"]["values"] == 54
    assert breakdown["other"]["tasks"] == 54
    assert breakdown["other"]["shareOfFailed"] == 0.519231


def test_rows_that_cannot_be_classified_are_found_and_in_no_figure() -> None:
    document = content(
        row("a", None, created=0),
        row("b", "archived", created=0),
        row("c", "completed"),
        row("d", "completed", created=0, finished=-1),
        row("e", "completed", updated=5),
        row("f", "queued", created=0, finished=5),
    )
    assert document["tasks"]["completed"] == 2
    found = [(each["kind"], each["taskIds"]) for each in document["quality"]["findings"]]
    assert found == [
        ("missing_status", ["a"]),
        ("unknown_status", ["b"]),
        ("ended_without_time", ["c"]),
        ("missing_created_at", ["e"]),
        ("missing_finished_at", ["e"]),
        ("end_before_beginning", ["d"]),
        ("open_with_finished_at", ["f"]),
    ]


def test_what_the_source_lacks_is_null() -> None:
    document = content(row("a", "queued", created=0), lacks=("created_at", "error", "error_code"))
    assert document["tasks"]["created"] is None
    assert document["tasks"]["queued"] == 1
    assert (document["ledger"], document["errors"], document["topErrors"]) == (None, None, [])
    assert [each["figure"] for each in document["quality"]["notMeasurable"]] == [
        "tasks.created",
        "ledger",
        "latency.timeToProcessingMs",
        "backlog.queued.oldestAgeMs",
        "errors",
    ]


def test_scope_compares_exactly_and_never_with_null() -> None:
    rows = [row(name, "queued", created=0, queue=name) for name in ("a", "A", "a ")]
    document = content(*rows, row("none", "queued", created=0), queue="a")
    assert document["tasks"]["queued"] == 1
    assert document["scope"] == {"queue": "a"}


def test_cost_is_summed_in_millionths() -> None:
    document = content(
        row("a", "completed", created=0, finished=1) | {"cost_usd": 0.1},
        row("b", "failed", created=0, finished=1) | {"cost_usd": 0.2},
        row("c", "queued", created=0) | {"cost_usd": 9},
    )
    assert document["cost"] == {"usd": 0.3, "samples": 2}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (datetime.fromisoformat("2026-01-30T11:00"), 0),
        (datetime(2026, 1, 30, 11, tzinfo=UTC), 3600),
        (1_769_767_200, 0),
        (1_769_767_200.000001, 0.000001),
        (datetime.fromisoformat("2026-03-29T02:30"), 4_978_800),
        (datetime.fromisoformat("2026-10-25T02:30"), 23_121_000),
    ],
)
def test_times_are_read_in_the_zone_of_the_source(value: object, seconds: float) -> None:
    assert instant_us(value, source(timezone="Europe/Berlin")) == epoch_us(at(seconds))


def test_unreadable_times_are_null() -> None:
    assert instant_us("soon", source()) is None
    assert instant_us(float("inf"), source()) is None


def test_long_messages_lose_their_middle() -> None:
    assert message_of("a" * 1000) == "a" * 1000
    assert message_of("a" * 600 + "b" * 600) == "a" * 500 + " … " + "b" * 500
    assert message_of(" \n") is None


def test_comparable_leaves_out_what_the_reference_does_not_compute() -> None:
    document = {
        "tasks": {},
        "requestId": "r",
        "digest": {},
        "provenance": {},
        "quality": {
            "findings": [{"kind": "clock_skew"}, {"kind": "missing_status", "text": "One row."}],
            "notMeasurable": [{"figure": "ledger", "reason": "It has no created_at."}],
        },
    }
    assert comparable(document) == {
        "tasks": {},
        "quality": {
            "findings": [{"kind": "missing_status"}],
            "notMeasurable": [{"figure": "ledger"}],
        },
    }
