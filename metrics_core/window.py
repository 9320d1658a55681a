"""Window: the half-open interval [start, end) of which a snapshot speaks, and its bins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from metrics_core.errors import InvalidWindow

MAX_MINUTES = 10_080
MAX_BINS = 96
BIN_WIDTHS_SECONDS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(9999, 12, 30, tzinfo=UTC)
"""Bounds of a scan lie up to a day beyond the window, and a datetime knows no year 10000."""
MICROSECOND = timedelta(microseconds=1)


def epoch_us(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, exactly.

    >>> epoch_us(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (instant - EPOCH) // MICROSECOND


def from_epoch_us(value: int) -> datetime:
    """The instant that lies `value` microseconds after 1970-01-01T00:00:00Z."""
    return EPOCH + timedelta(microseconds=value)


def utc_text(instant: datetime) -> str:
    """ISO 8601 with Z; six digits of fraction, or none where it is zero.

    >>> utc_text(datetime(2026, 1, 30, 10, tzinfo=UTC))
    '2026-01-30T10:00:00Z'
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A slice of time [start, end); `partial` where the window cuts it short."""

    start: datetime
    end: datetime
    partial: bool


@dataclass(frozen=True, kw_only=True)
class Window:
    """A half-open interval [start, end) in UTC, a whole number of minutes long.

    `live` says that its end is the present; it is no part of what was measured.
    """

    start: datetime
    end: datetime
    live: bool = False

    @classmethod
    def ending(cls, to: datetime, *, minutes: int = 60, live: bool = False) -> "Window":
        """The window of so many minutes that ends at `to` (aware; 1 to 10080 minutes)."""
        if to.tzinfo is None:
            raise InvalidWindow("the window's end needs a time zone, as in 2026-01-30T10:00:00Z")
        if not 1 <= minutes <= MAX_MINUTES:
            raise InvalidWindow(f"minutes must be 1 to {MAX_MINUTES}, not {minutes}")
        if to - EPOCH < timedelta(minutes=minutes):
            raise InvalidWindow("the window must not begin before 1970-01-01T00:00:00Z")
        if to >= LAST_DAY:
            raise InvalidWindow(f"the window must end before {utc_text(LAST_DAY)}")
        end = to.astimezone(UTC)
        return cls(start=end - timedelta(minutes=minutes), end=end, live=live)

    @classmethod
    def ending_now(cls, now: datetime, *, minutes: int = 60) -> "Window":
        """The live window: it ends at `now`, cut to the whole second."""
        return cls.ending(now.replace(microsecond=0), minutes=minutes, live=True)

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // timedelta(minutes=1)

    @property
    def bin_seconds(self) -> int:
        """The smallest width of BIN_WIDTHS_SECONDS that makes at most 96 full bins."""
        length = (self.end - self.start).total_seconds()
        return next(width for width in BIN_WIDTHS_SECONDS if length / width <= MAX_BINS)

    def bins(self) -> Iterator[Bin]:
        """The bins in order, aligned to the clock: at most 97, the first and last maybe partial."""
        width = self.bin_seconds * 1_000_000
        first, last = epoch_us(self.start), epoch_us(self.end)
        edges = (first, *range(first - first % width + width, last, width), last)
        instants = map(from_epoch_us, edges)
        for (begin, end), (start, stop) in zip(pairwise(edges), pairwise(instants), strict=True):
            yield Bin(start=start, end=stop, partial=end - begin < width)


def parse_minutes(text: str, *, maximum: int) -> int:
    """A length in minutes out of text: ASCII digits in full, 1 to `maximum`.

    >>> parse_minutes("60", maximum=1440)
    60
    """
    if not re.fullmatch(r"[0-9]{1,20}", text, flags=re.ASCII) or not 1 <= int(text) <= maximum:
        raise InvalidWindow(f"minutes must be a whole number from 1 to {maximum}")
    return int(text)


def parse_instant(text: str, *, now: datetime) -> datetime:
    """An ISO 8601 instant with its zone, from 1970 to `now`."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidWindow(
            "the time must be ISO 8601 with a zone, as in 2026-01-30T10:00:00Z"
        ) from None
    if instant.tzinfo is None:
        raise InvalidWindow("the time needs a zone: add Z for UTC, as in 2026-01-30T10:00:00Z")
    return _between_1970_and(now, instant)


def _between_1970_and(now: datetime, instant: datetime) -> datetime:
    if instant < EPOCH:
        raise InvalidWindow("the time lies before 1970-01-01T00:00:00Z")
    if instant > now:
        raise InvalidWindow(f"the time lies in the future: it is {utc_text(now)} now")
    return instant.astimezone(UTC)
