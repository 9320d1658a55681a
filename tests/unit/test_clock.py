"""The skew of two clocks: a slow answer is no skew."""

from datetime import UTC, datetime, timedelta

import pytest

from metrics_core.clock import Skew, clock_and_skew
from metrics_core.connect import open_database
from tests.builders import new_source

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)


def skew(clock_seconds: float, round_trip_seconds: float) -> Skew:
    """Of a database whose clock stands so long after noon, asked at noon."""
    clock, after = (timedelta(seconds=s) for s in (clock_seconds, round_trip_seconds))
    return Skew.read(NOON + clock, before=NOON, after=NOON + after)


@pytest.mark.parametrize(
    ("clock_seconds", "round_trip_seconds", "ahead_seconds", "uncertainty_seconds"),
    [(0.0, 0.0, 0.0, 0.0), (0.01, 0.02, 0.0, 0.01), (9.0, 4.0, 7.0, 2.0), (-9.0, 4.0, -11.0, 2.0)],
)
def test_the_skew_is_of_the_middle_give_or_take_half_the_round_trip(
    clock_seconds: float,
    round_trip_seconds: float,
    ahead_seconds: float,
    uncertainty_seconds: float,
) -> None:
    found = skew(clock_seconds, round_trip_seconds)
    assert found.ahead.total_seconds() == ahead_seconds
    assert found.uncertainty.total_seconds() == uncertainty_seconds


@pytest.mark.parametrize(
    ("clock_seconds", "round_trip_seconds", "too_large"),
    [
        (1.0, 0.0, False),
        (1.001, 0.0, True),
        (-1.001, 0.0, True),
        (0.0, 4.0, False),  # read at once, and the answer was slow
        (4.0, 4.0, False),  # the question was slow
        (5.0, 4.0, False),
        (5.001, 4.0, True),
        (-1.001, 4.0, True),
    ],
)
def test_only_a_skew_of_more_than_a_second_for_certain_is_too_large(
    clock_seconds: float, round_trip_seconds: float, too_large: bool
) -> None:
    assert skew(clock_seconds, round_trip_seconds).too_large is too_large


def test_a_database_of_this_machine_has_our_clock(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("clock") / "tasks.db"
    file.touch()
    with open_database(new_source(url=f"sqlite:///{file}")) as database, database.transaction():
        clock, found = clock_and_skew(database)
    assert clock.utcoffset() == timedelta(0)
    assert not found.too_large
