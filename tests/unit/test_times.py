"""Times as databases write them: which texts and numbers are which instants."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_core.tasks import NULL
from metrics_core.times import epoch_number, iso_instants, naive_instants, naive_text
from metrics_core.window import epoch_us

TEN_US = 1_769_767_200_000_000
BERLIN = ZoneInfo("Europe/Berlin")


def read(*texts: str | None, zone: str = "UTC") -> tuple[list[int | None], list[bool]]:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    instants, unreadable = iso_instants(column, ZoneInfo(zone))
    return [None if i == NULL else int(i) for i in instants], unreadable.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-30T10:00:00Z",
        "2026-01-30T10:00:00z",
        "2026-01-30 10:00:00",
        "2026-01-30 10:00",
        "2026-01-30T10",
        "2026-01-30T10:00:00.000000000",
        "2026-01-30 10:00:00.0+00",
        "2026-01-30T11:00:00+01:00",
        "2026-01-30T11:00:00 +0100",
        "2026-01-30T04:30:00-05:30",
        "20260130T100000Z",
        "20260130T1000",
        " 2026-01-30T10:00:00Z\n",
    ],
)
def test_iso_texts_of_any_shape_are_one_instant(text: str) -> None:
    assert read(text) == ([TEN_US], [False])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "now",
        "today",
        "NaT",
        "nan",
        "0000-00-00 00:00:00",
        "2026-02-30",
        "2026-01-30T24:00:00",
        "2026-01-30T10:00:60Z",
        "2026-01-30T10:00:00+24:00",
        "2026-01-30T10:00:00+1",
        "2026-01-30T10:00:00 UTC",
        "2026",
        "2026-01",
        "2026-W05-5",
        "2026/01/30",
        "1/30/2026",
        "1769767200",
        "-0001-01-01",
        "10000-01-01",
        "２０２６-01-30",
        "2026-01-30T10:00:00\0",
        "😀",
    ],
)
def test_other_texts_cannot_be_read_and_never_become_the_present(text: str) -> None:
    assert read(text) == ([None], [True])


def test_a_null_is_no_time_and_no_unreadable_one() -> None:
    assert read(None, None) == ([None, None], [False, False])


def test_no_texts_at_all_are_no_instants() -> None:
    assert read() == ([], [])


def test_zoned_naive_and_unreadable_texts_stand_side_by_side() -> None:
    texts = ("2026-01-30T10:00:00Z", "2026-01-30T11:00:00", None, "2026-01-30T10:00:00Z x")
    assert read(*texts, zone="Europe/Berlin") == (
        [TEN_US, TEN_US, None, None],
        [False, False, False, True],
    )


def test_a_fraction_is_cut_at_the_microsecond_and_never_rounded() -> None:
    texts = ("2026-01-30T10:00:00.1234569Z", "2026-01-30T10:00:00.9999999999", "20260130T100000.5Z")
    assert read(*texts)[0] == [TEN_US + 123_456, TEN_US + 999_999, TEN_US + 500_000]


def test_the_first_and_the_last_year_are_read_exactly() -> None:
    texts = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1970-01-01", "0001-01-01")
    assert read(*texts)[0] == [
        -62_135_596_800_000_000,
        253_402_300_799_999_999,
        0,
        -62_135_596_800_000_000,
    ]


def test_of_an_hour_that_the_clock_shows_twice_it_is_the_first() -> None:
    expected = epoch_us(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert read("2026-10-25T02:30:00", zone="Europe/Berlin") == ([expected], [False])


def test_a_time_that_the_clock_skips_is_moved_to_the_end_of_the_gap() -> None:
    expected = epoch_us(datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert read("2026-03-29T02:30:00", zone="Europe/Berlin") == ([expected], [False])


def test_naive_timestamps_keep_nulls_apart() -> None:
    naive = pd.Series([pd.Timestamp("2026-07-01 12:00:00.000001"), pd.NaT])
    assert naive_instants(naive, BERLIN).tolist() == [
        epoch_us(datetime(2026, 7, 1, 10, 0, 0, 1, tzinfo=UTC)),
        NULL,
    ]


@pytest.mark.parametrize(
    ("number", "units_per_second", "micros"),
    [
        (1_769_767_200, 1, TEN_US),
        (1_769_767_200.25, 1, TEN_US + 250_000),
        (1_769_767_200_001, 1_000, TEN_US + 1_000),
        (1_769_767_200_000_001, 1_000_000, TEN_US + 1),
        (1_769_767_200_000_001_024, 1_000_000_000, TEN_US + 1),
        (0, 1, 0),
        (-0.0000015, 1, -2),
        (0.0000014, 1, 1),
    ],
)
def test_epoch_numbers_are_read_in_their_unit_to_the_nearest_microsecond(
    number: float, units_per_second: int, micros: int
) -> None:
    instants, unreadable = epoch_number(np.array([number]), units_per_second)
    assert (instants.tolist(), unreadable.tolist()) == ([micros], [False])


@pytest.mark.parametrize("number", [1e308, -1e308, 2.0**63, -(2.0**63), np.inf, -np.inf])
@pytest.mark.parametrize("units_per_second", [1, 1_000_000])
def test_numbers_beyond_all_calendars_cannot_be_read(number: float, units_per_second: int) -> None:
    instants, unreadable = epoch_number(np.array([number]), units_per_second)
    assert (instants.tolist(), unreadable.tolist()) == ([NULL], [True])


def test_a_missing_number_is_no_time_and_no_unreadable_one() -> None:
    instants, unreadable = epoch_number(np.array([np.nan]), 1)
    assert (instants.tolist(), unreadable.tolist()) == ([NULL], [False])


def test_an_instant_is_written_without_a_zone_to_the_microsecond() -> None:
    assert naive_text(TEN_US + 7) == "2026-01-30 10:00:00.000007"


CLOCK_TIMES = st.datetimes().filter(lambda time: 1 < time.year < 9999)
OFFSETS = st.sampled_from(["Z", "+00:00", "+05:30", "-12:00", "+14:00"])


@given(
    times=st.lists(CLOCK_TIMES, min_size=1, max_size=5),
    offset=OFFSETS,
    separator=st.sampled_from("T "),
)
def test_zoned_texts_of_one_form_are_what_python_reads(
    times: list[datetime], offset: str, separator: str
) -> None:
    texts = [time.isoformat(separator) + offset for time in times]
    assert read(*texts)[0] == [epoch_us(datetime.fromisoformat(text)) for text in texts]


@given(times=st.lists(CLOCK_TIMES, min_size=1, max_size=5), separator=st.sampled_from("T "))
def test_so_are_naive_ones_and_one_of_another_form_changes_none(
    times: list[datetime], separator: str
) -> None:
    texts = [time.isoformat(separator) for time in times]
    instants = [epoch_us(time.replace(tzinfo=UTC)) for time in times]
    assert read(*texts, None)[0] == [*instants, None]
    assert read(*texts, "soon") == ([*instants, None], [*[False] * len(texts), True])


@pytest.mark.parametrize("beside", ["2026-01-30T10:00:00Z", "2026-01-30T1000"])
@pytest.mark.parametrize("beyond", ["0000-12-31T00:00:00Z", "9999-12-31T23:59:59-01:00"])
def test_the_years_0_and_10000_are_none(beyond: str, beside: str) -> None:
    assert read(beyond, beside) == ([None, TEN_US], [True, False])
