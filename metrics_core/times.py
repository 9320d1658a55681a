"""Times as databases write them, and the instants that they mean. Pure."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from metrics_core.tasks import NULL, Instants, Mask
from metrics_core.window import from_epoch_us

ISO_TIME = (
    r"^\d{4}(-\d\d-\d\d|\d{4})"
    r"([T ]\d\d(:\d\d(:\d\d(\.\d+)?)?|\d\d(\d\d(\.\d+)?)?)?( ?([Zz]|[+-]\d\d(:?\d\d)?))?)?$"
)
"""What pandas may see: of itself it also reads "now", and zones in the midst of naive times."""
ZONE_AT_END = r"[T ].*([Zz]|[+-]\d\d(:?\d\d)?)$"
UTC_AT_END = r"([Zz]|[+-]00(:?00)?)$"
BEYOND_MICROSECONDS = r"(\.\d{6})\d+"
DAY_US = 86_400_000_000
EARLIEST_US = -62_135_596_800_000_000
LATEST_US = 253_402_300_800_000_000
ZONED = pa.timestamp("us", "UTC")
NAIVE = pa.timestamp("us")


def naive_instants(naive: "pd.Series[pd.Timestamp]", zone: ZoneInfo) -> Instants:
    """Wall-clock times of a zone as instants; NULL for NaT.

    Of an hour that the clock shows twice it is the first; a time that it skips is moved on.
    """
    index = pd.DatetimeIndex(naive).as_unit("us")
    first = np.ones(len(index), np.bool_)
    aware = index.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return aware.tz_convert("UTC").asi8


def iso_instants(texts: pa.ChunkedArray, zone: ZoneInfo) -> tuple[Instants, Mask]:
    """ISO 8601 texts as instants (naive ones in `zone`), and which could not be read.

    Digits of a fraction beyond the microsecond are cut off.
    """
    instants = _of_one_form(texts, zone)
    if instants is None:
        instants = _of_any_form(texts, zone)
    # Arrow and pandas know a year 0; NULL is still before it.
    beyond = (instants < EARLIEST_US) | (instants >= LATEST_US)
    return np.where(beyond, NULL, instants), beyond & texts.is_valid().to_numpy()


def in_another_zone(texts: pa.ChunkedArray) -> Mask:
    """Which of the texts name a zone that is not UTC."""
    if pc.all(pc.ends_with(texts, "Z")).as_py():
        return np.zeros(len(texts), np.bool_)
    trimmed = pc.utf8_trim_whitespace(texts)
    zoned = pc.match_substring_regex(trimmed, ZONE_AT_END)
    elsewhere = pc.and_not(zoned, pc.match_substring_regex(trimmed, UTC_AT_END))
    mask: Mask = pc.fill_null(elsewhere, False).to_numpy()
    return mask


def _of_one_form(texts: pa.ChunkedArray, zone: ZoneInfo) -> Instants | None:
    """Where all texts are zoned, or all naive, in a form that Arrow reads; many times as fast."""
    for kind in (ZONED, NAIVE):
        try:
            times = texts.cast(kind).to_numpy()
        except pa.ArrowInvalid:
            continue
        if kind == ZONED:
            instants: Instants = times.view(np.int64)  # whose NULL is NumPy's NaT
            return instants
        return naive_instants(pd.Series(times), zone)
    return None


def _of_any_form(texts: pa.ChunkedArray, zone: ZoneInfo) -> Instants:
    trimmed = pc.utf8_trim_whitespace(texts)
    iso = pc.if_else(pc.match_substring_regex(trimmed, ISO_TIME), trimmed, None)
    cut = pc.replace_substring_regex(pc.ascii_upper(iso), BEYOND_MICROSECONDS, r"\1")
    series = pd.Series(cut.to_pandas(), dtype="str")
    zoned = pc.fill_null(pc.match_substring_regex(cut, ZONE_AT_END), False).to_numpy()
    instants = np.full(len(series), NULL)
    instants[zoned] = _micros(
        pd.to_datetime(series[zoned], format="ISO8601", utc=True, errors="coerce")
    )
    naive = pd.to_datetime(series[~zoned], format="ISO8601", errors="coerce")
    instants[~zoned] = naive_instants(naive, zone)
    return instants


def _micros(series: "pd.Series[pd.Timestamp]") -> Instants:
    return pd.DatetimeIndex(series).as_unit("us").asi8


def epoch_number(values: NDArray[np.float64], units_per_second: int) -> tuple[Instants, Mask]:
    """Numbers of units since 1970 as instants, to the microsecond; NaN is none."""
    with np.errstate(over="ignore"):
        micros = np.asarray(values, np.float64) * (1_000_000 / units_per_second)
    readable = np.abs(micros) < LATEST_US
    instants = np.where(readable, np.rint(np.where(readable, micros, 0)), 0).astype(np.int64)
    return np.where(readable, instants, NULL), ~readable & ~np.isnan(micros)


def naive_text(instant_us: int) -> str:
    """The instant's UTC wall-clock time, without a zone: 2026-01-30 10:00:00.000000."""
    return from_epoch_us(instant_us).strftime("%Y-%m-%d %H:%M:%S.%f")
