"""Wording: numbers, durations and times as people say them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import wording

UNITS_MS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
MAGNITUDES = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def said_ms(text: str) -> float:
    words = text.replace(",", "").split()
    return sum(float(n) * UNITS_MS[unit] for n, unit in zip(words[::2], words[1::2], strict=True))


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (1_000, "1 s"),
        (1_099, "1 s"),
        (9_999, "9.9 s"),
        (10_000, "10 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (72_500, "1 min 12 s"),
        (3_600_000, "1 h"),
        (3_605_000, "1 h"),
        (86_399_999, "23 h 59 min"),
        (86_400_000, "1 d"),
        (90_000_000_000, "1,041 d 16 h"),
        (None, "–"),
    ],
)
def test_a_duration_has_its_two_largest_units(ms: int | None, said: str) -> None:
    assert wording.duration(ms) == said


@given(st.integers(0, 10**13))
def test_a_duration_never_says_more_than_there_was(ms: int) -> None:
    said = said_ms(wording.duration(ms))
    assert ms * 0.9 < said <= ms or ms == said == 0


@given(st.integers(0, 10**15 - 1))
def test_a_short_count_never_says_more_than_there_were(number: int) -> None:
    said = wording.short_count(number)
    value = float(said.rstrip("kMGT")) * MAGNITUDES.get(said[-1], 1)
    assert number * 0.99 < round(value) <= number or number == value == 0
    assert len(said) <= 5


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (999_999, "999,999"), (1_000_000, "1.00M"), (12_345_678, "12.3M"), (None, "–")],
)
def test_a_count_is_exact_below_a_million(number: int | None, said: str) -> None:
    assert wording.count(number) == said


@given(st.floats(0, 1))
def test_only_nothing_is_0_and_only_all_is_100_percent(ratio: float) -> None:
    said = wording.percent(ratio)
    assert (said == "0 %") == (ratio == 0)
    assert (said == "100 %") == (ratio == 1)


def test_a_share_that_is_not_known_is_no_number() -> None:
    assert wording.percent(None) == "–"


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 min"), (61, "1 h 1 min"), (1439, "23 h 59 min"), (1440, "24 h")]
)
def test_a_span_is_said_in_hours_up_to_a_day(minutes: int, said: str) -> None:
    assert wording.span(minutes) == said


def test_an_interval_over_midnight_names_both_days() -> None:
    start, end = datetime(2026, 1, 29, 23, tzinfo=UTC), datetime(2026, 1, 30, tzinfo=UTC)
    assert wording.interval(start, end) == "29 Jan 2026 23:00:00 to 30 Jan 2026 00:00:00"
    assert wording.interval(start, end, ZoneInfo("Asia/Tokyo")) == (
        "08:00:00 to 09:00:00, 30 Jan 2026"
    )


def test_a_clock_near_another_names_its_day_only_if_it_differs() -> None:
    ten = datetime(2026, 1, 30, 10, tzinfo=UTC)
    assert wording.clock_near(ten, ten) == "10:00:00"
    assert wording.clock_near(ten, ten.replace(day=31)) == "30 Jan 10:00:00"


@pytest.mark.parametrize("name", [None, "", "UTC", "Etc/UTC", "No/Where", "../etc/passwd", "\0"])
def test_a_browser_without_a_zone_of_its_own_has_none(name: str | None) -> None:
    assert wording.zone_named(name) is None


def test_a_browsers_zone_is_found() -> None:
    assert wording.zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
