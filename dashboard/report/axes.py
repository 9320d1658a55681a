"""Axes: where instants, counts and lengths of time lie in a drawing, and what is written at them.

Pure; lengths in the drawing are CSS pixels, rounded to a tenth so that equal figures give equal
text everywhere.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metrics_core import wording
from metrics_core.window import EPOCH
from metrics_core.wording import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

STEPS_SECONDS = (
    *(1, 2, 5, 10, 15, 30),
    *(60 * n for n in (1, 2, 5, 10, 15, 30)),
    *(3600 * n for n in (1, 2, 3, 6, 12, 24, 48, 168)),
)
LEAST_MS = 0.5
"""Beneath 1 ms a logarithm has no end: what took 0 ms is drawn between this and 1 ms."""
TICKS_MS = (
    *(1, 10, 100),
    *(SECOND_MS * n for n in (1, 2, 5, 10, 20, 30)),
    *(MINUTE_MS * n for n in (1, 2, 5, 10, 30)),
    *(HOUR_MS * n for n in (1, 3, 6, 12, 24)),
    *(DAY_MS * n for n in (3, 7, 30)),
)
TICKS = 5
APART = 13


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A line from the values `low` to `high` onto the pixels `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """The pixel of a value; one beyond the scale is put at its end.

        >>> Scale(low=0, high=10, start=100, end=0)(2.5)
        75.0
        """
        share = self._share(min(max(value, self.low), self.high))
        return round(self.start + share * (self.end - self.start), 1)

    def _share(self, value: float) -> float:
        if self.high <= self.low:
            return 0.0
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def count_ticks(largest: int) -> list[int]:
    """Round whole numbers from 0 to at least the largest count, at most six.

    >>> count_ticks(0), count_ticks(7), count_ticks(87)
    ([0, 1], [0, 2, 4, 6, 8], [0, 20, 40, 60, 80, 100])
    """
    step = 1
    while step * TICKS < largest:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(0, max(largest, 1) + step, step))[: -(-max(largest, 1) // step) + 1]


def time_ticks(start: datetime, end: datetime, most: int) -> list[datetime]:
    """Instants on the clock (UTC) within the two, at most so many."""
    first, last = ((at - EPOCH).total_seconds() for at in (start, end))
    step = next((s for s in STEPS_SECONDS if (last - first) / s <= most), None)
    while step is None or (last - first) / step > most:
        step = 2 * (step or STEPS_SECONDS[-1])
    tick = math.ceil(first / step) * step
    count = int(max(last - tick, -1) // step) + 1
    return [EPOCH + timedelta(seconds=tick + i * step) for i in range(count)]


def time_label(instant: datetime) -> str:
    """The time of day; at midnight the day, seconds only where they are not 0.

    >>> time_label(datetime(2026, 1, 30)), time_label(datetime(2026, 1, 30, 9, 5))
    ('30 Jan', '09:05')
    """
    if (instant.hour, instant.minute, instant.second) == (0, 0, 0):
        return f"{instant.day} {instant.strftime('%b')}"
    return instant.strftime("%H:%M:%S" if instant.second else "%H:%M")


def duration_ticks(scale: Scale) -> Iterator[tuple[int, str]]:
    """Round lengths of time within a logarithmic scale, as far apart as their words need."""
    kept: Sequence[float] = ()
    for ms in TICKS_MS:
        if scale.low <= ms <= scale.high and all(abs(scale(ms) - at) >= APART for at in kept):
            kept = (*kept, scale(ms))
            yield ms, wording.duration(ms)
