"""Time columns: whether a column holds times, in which form, and what a SELECT says. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics_core.source import TIME_UNITS_PER_SECOND
from metrics_core.table_facts import Column, identifier
from metrics_core.tasks import NULL, Instants
from metrics_core.times import ZONE_AT_END, epoch_number, iso_instants
from metrics_core.window import from_epoch_us

Unit = Literal["s", "ms", "us", "ns"]
Form = Literal["instant", "naive", "text", "number"]
EARLIEST_S, LATEST_S = 946_684_800, 4_102_444_800
"""2000 and 2100: an epoch number's unit is the one that puts it between them."""
READABLE_SHARE = 0.9
ABOUT_NOW_US = 600_000_000
HALF_HOUR_US = 1_800_000_000


@dataclass(frozen=True)
class TimeColumn:
    """A column of times. `unit` is of epoch numbers; None where no value tells it."""

    column: Column
    form: Form
    unit: Unit | None = None

    @cached_property
    def naive(self) -> bool:
        """Whether any of its times has no zone."""
        if self.form != "text":
            return self.form == "naive"
        zoned = pc.match_substring_regex(pc.utf8_trim_whitespace(_told(self.column)), ZONE_AT_END)
        return not pc.all(zoned).as_py()

    def instants(self, zone: ZoneInfo) -> Instants:
        """Its sampled times; NULL where there is none that can be read."""
        texts = pa.chunked_array([pa.array(self.column.texts, pa.string())])
        if self.form != "number":
            return iso_instants(texts, zone)[0]
        numbers = np.array([_number(text) for text in self.column.texts], np.float64)
        instants = epoch_number(numbers, TIME_UNITS_PER_SECOND[self.unit or "s"])[0]
        return np.where(np.nan_to_num(numbers, nan=0) > 0, instants, NULL)

    def expression(self, dialect: str, unit: Unit) -> str:
        """What the SELECT says to have these times, epoch numbers in this unit."""
        name = identifier(self.column.name)
        if self.form == "number":
            return self._scaled(name, unit)
        if "" in self.column.counts:
            name = f"nullif({name}, '')"
        return f"CAST({name} AS timestamptz)" if self._needs_cast(dialect) else name

    def _needs_cast(self, dialect: str) -> bool:
        return self.form == "text" and dialect == "postgresql"

    def _scaled(self, name: str, unit: Unit) -> str:
        """Sentinels, 0 and less, are no times."""
        own, wanted = (TIME_UNITS_PER_SECOND[each] for each in (self.unit or unit, unit))
        scaled = name
        if own != wanted:
            finer = own > wanted
            scaled += f" / {own // wanted}.0" if finer else f" * {wanted // own}"
        if any(_number(text) <= 0 for text in self.column.counts):
            return f"CASE WHEN {name} > 0 THEN {scaled} END"
        return scaled


def time_column(column: Column) -> TimeColumn | None:
    """The column as one of times; None where neither its type nor its values are so."""
    if column.kind in ("instant", "naive"):
        return TimeColumn(column, "instant" if column.kind == "instant" else "naive")
    if not column.counts:
        return _by_type(column)
    if column.numeric:
        unit = epoch_unit([_number(text) for text in column.counts])
        return TimeColumn(column, "number", unit) if unit else None
    return TimeColumn(column, "text") if _reads_as_times(column) else None


def _by_type(column: Column) -> TimeColumn | None:
    """An empty column: its declared type alone says what it may hold."""
    declared = column.type.lower()
    if column.kind == "number" or (column.kind == "any" and "int" in declared):
        return TimeColumn(column, "number")
    if column.kind == "any" and (
        not declared or any(w in declared for w in ("time", "date", "text"))
    ):
        return TimeColumn(column, "text")
    return None


def _reads_as_times(column: Column) -> bool:
    if column.kind not in ("any", "text"):
        return False
    told = _told(column)
    instants, _ = iso_instants(told, ZoneInfo("UTC"))
    return len(told) > 0 and float((instants != NULL).mean()) >= READABLE_SHARE


def _told(column: Column) -> pa.ChunkedArray:
    texts = [text for text in column.texts if text is not None and text.strip()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _number(text: str | None) -> float:
    try:
        return float(text) if text is not None else float("nan")
    except ValueError:
        return float("nan")


def epoch_unit(numbers: Sequence[float]) -> Unit | None:
    """The unit in which most of these numbers lie in this century; None where there is none.

    >>> epoch_unit([1769767200000.0, 0.0, -1.0]), epoch_unit([17.0])
    ('ms', None)
    """
    told = [number for number in numbers if number > 0]
    if not told:
        return None
    middle = median(told)
    return next((unit for unit in _units() if _in_century(middle, unit)), None)


def _units() -> Iterator[Unit]:
    yield from get_args(Unit)


def _in_century(number: float, unit: Unit) -> bool:
    return EARLIEST_S <= number / TIME_UNITS_PER_SECOND[unit] < LATEST_S


def likely_zone(newest_naive: int | None, now: int, server_zone: ZoneInfo) -> str:
    """The zone of naive times: UTC, but where the newest of them speaks for the server's own.

    `newest_naive` is read as UTC; both in microseconds since the epoch. It speaks for the server's
    zone where it is of about now there, and by UTC half an hour or more away from now.
    """
    if newest_naive is None or server_zone.key == "UTC":
        return "UTC"
    there = newest_naive - _offset_us(newest_naive, server_zone)
    about_now = -ABOUT_NOW_US // 10 <= now - there <= ABOUT_NOW_US
    return server_zone.key if about_now and abs(now - newest_naive) >= HALF_HOUR_US else "UTC"


def _offset_us(instant: int, zone: ZoneInfo) -> int:
    offset = from_epoch_us(instant).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) * 1_000_000 if offset else 0
