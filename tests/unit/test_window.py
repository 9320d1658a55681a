"""Windows: bounds, bins, and the words and numbers that name one."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from metrics_core.errors import InvalidWindow
from metrics_core.window import (
    BIN_WIDTHS_SECONDS,
    EPOCH,
    Window,
    epoch_us,
    from_epoch_us,
    parse_instant,
    parse_minutes,
    utc_text,
)

TEN = datetime(2026, 1, 30, 10, tzinfo=UTC)


def test_a_window_reaches_back_so_many_minutes_from_its_end() -> None:
    window = Window.ending(TEN, minutes=90)
    assert window.start == datetime(2026, 1, 30, 8, 30, tzinfo=UTC)
    assert window.end == TEN
    assert window.minutes == 90
    assert not window.live


def test_an_end_in_another_zone_is_the_same_window() -> None:
    berlin = timezone(timedelta(hours=1))
    window = Window.ending(datetime(2026, 1, 30, 11, tzinfo=berlin))
    assert window == Window.ending(TEN)
    assert window.end.tzinfo is UTC


def test_a_live_window_ends_at_the_whole_second() -> None:
    window = Window.ending_now(TEN.replace(microsecond=999_999), minutes=5)
    assert (window.end, window.minutes, window.live) == (TEN, 5, True)


def test_an_end_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow, match="needs a time zone"):
        Window.ending(datetime(2026, 1, 30, 10))  # noqa: DTZ001


@pytest.mark.parametrize("minutes", [0, -1, 10_081, 10**18, float("nan"), float("inf")])
def test_lengths_outside_one_minute_to_seven_days_are_refused(minutes: int) -> None:
    with pytest.raises(InvalidWindow, match="minutes must be 1 to 10080, not"):
        Window.ending(TEN, minutes=minutes)


def test_the_first_window_of_all_begins_with_1970() -> None:
    first = Window.ending(EPOCH + timedelta(minutes=1), minutes=1)
    assert epoch_us(first.start) == 0
    with pytest.raises(InvalidWindow, match="before 1970"):
        Window.ending(EPOCH + timedelta(seconds=59), minutes=1)


@pytest.mark.parametrize(
    "end",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_an_end_in_year_1_is_refused_and_does_not_overflow(end: datetime) -> None:
    with pytest.raises(InvalidWindow, match="before 1970"):
        Window.ending(end)


@pytest.mark.parametrize(
    "end",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime(9999, 12, 30, tzinfo=UTC),
    ],
)
def test_an_end_at_the_end_of_all_years_is_refused_and_does_not_overflow(end: datetime) -> None:
    with pytest.raises(InvalidWindow, match="9999-12-30"):
        Window.ending(end)


@pytest.mark.parametrize(
    ("minutes", "bin_seconds", "bins"),
    [
        (1, 5, 12),
        (8, 5, 96),
        (9, 10, 54),
        (16, 10, 96),
        (17, 15, 68),
        (24, 15, 96),
        (48, 30, 96),
        (60, 60, 60),
        (96, 60, 96),
        (97, 120, 49),
        (1440, 900, 96),
        (1441, 1800, 49),
        (4320, 3600, 72),
        (10_080, 7200, 84),
    ],
)
def test_bins_have_the_smallest_width_that_makes_at_most_96_of_them(
    minutes: int, bin_seconds: int, bins: int
) -> None:
    window = Window.ending(TEN, minutes=minutes)
    assert window.bin_seconds == bin_seconds
    assert len(list(window.bins())) == bins


def test_bins_are_aligned_to_the_clock_and_cover_the_window_without_gaps() -> None:
    window = Window.ending(TEN + timedelta(seconds=7), minutes=8)
    bins = list(window.bins())
    assert len(bins) == 97
    assert bins[0].start == window.start
    assert bins[0].end == TEN - timedelta(minutes=8) + timedelta(seconds=10)
    assert bins[-1].start == TEN + timedelta(seconds=5)
    assert bins[-1].end == window.end
    assert all(a.end == b.start for a, b in pairwise(bins))
    assert [part.partial for part in bins] == [True, *[False] * 95, True]


def test_a_window_shorter_than_a_bin_is_one_partial_bin() -> None:
    window = Window(start=TEN + timedelta(seconds=1), end=TEN + timedelta(seconds=3))
    (only,) = window.bins()
    assert (only.start, only.end, only.partial) == (window.start, window.end, True)


def test_a_whole_bin_alone_is_not_partial() -> None:
    (only,) = Window(start=TEN, end=TEN + timedelta(seconds=5)).bins()
    assert not only.partial


def test_a_microsecond_beyond_the_clock_makes_the_outer_bins_partial() -> None:
    bins = list(Window.ending(TEN + timedelta(microseconds=1), minutes=1).bins())
    assert len(bins) == 13
    assert bins[0].end - bins[0].start == timedelta(seconds=4, microseconds=999_999)
    assert bins[-1].end - bins[-1].start == timedelta(microseconds=1)


def test_every_width_divides_the_day_so_that_bins_begin_at_midnight() -> None:
    assert [86_400 % width for width in BIN_WIDTHS_SECONDS] == [0] * 13


def test_instants_survive_microseconds_since_the_epoch_exactly() -> None:
    assert epoch_us(TEN.replace(microsecond=1)) == 1_769_767_200_000_001
    assert from_epoch_us(1_769_767_200_000_001) == TEN.replace(microsecond=1)
    assert from_epoch_us(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def test_an_instant_is_written_in_utc_with_six_digits_or_none() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert utc_text(datetime(2026, 1, 30, 15, 30, tzinfo=east)) == "2026-01-30T10:00:00Z"
    assert utc_text(TEN.replace(microsecond=10)) == "2026-01-30T10:00:00.000010Z"


@pytest.mark.parametrize(("text", "minutes"), [("1", 1), ("1440", 1440), ("007", 7)])
def test_minutes_are_read_from_ascii_digits(text: str, minutes: int) -> None:
    assert parse_minutes(text, maximum=1440) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "+5",
        "1441",
        "1" * 19,
        "1" * 5000,
        " 5",
        "5\n",
        "5.0",
        "１２",
        "٣",
        "NaN",
        "1_0",
    ],
)
def test_other_texts_are_no_minutes(text: str) -> None:
    with pytest.raises(InvalidWindow) as caught:
        parse_minutes(text, maximum=1440)
    assert str(caught.value) == "minutes must be a whole number from 1 to 1440"


@pytest.mark.parametrize(
    "text",
    ["2026-01-30T10:00:00Z", "2026-01-30 11:00:00+01:00", "2026-01-30T04:30:00.000000-0530"],
)
def test_an_instant_is_read_in_any_zone_and_given_in_utc(text: str) -> None:
    read = parse_instant(text, now=TEN)
    assert read == TEN
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "must be ISO 8601"),
        ("soon", "must be ISO 8601"),
        ("1769767200", "must be ISO 8601"),
        ("２０２６-01-30T10:00:00Z", "must be ISO 8601"),
        ("2026-02-30T10:00:00Z", "must be ISO 8601"),
        ("\udcff", "must be ISO 8601"),
        ("2026-01-30T10:00:00", "needs a zone"),
        ("2026-01-30", "needs a zone"),
        ("1969-12-31T23:59:59.999999Z", "before 1970"),
        ("0001-01-01T00:00:00+14:00", "before 1970"),
        ("2026-01-30T10:00:00.000001Z", "in the future: it is 2026-01-30T10:00:00Z now"),
        ("9999-12-31T23:59:59-12:00", "in the future"),
    ],
)
def test_an_instant_that_cannot_be_an_end_is_refused_with_its_reason(text: str, fault: str) -> None:
    with pytest.raises(InvalidWindow, match=fault):
        parse_instant(text, now=TEN)


def test_the_first_and_the_present_instant_are_allowed() -> None:
    assert parse_instant("1970-01-01T00:00:00Z", now=TEN) == EPOCH
    assert parse_instant("2026-01-30T10:00:00Z", now=TEN) == TEN
