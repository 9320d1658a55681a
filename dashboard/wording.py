"""Numbers, durations and times in the words that people use. Pure; knows no screen.

Numbers are said as `metrics_core.wording` says them; instants are said here, in the viewer's zone.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from metrics_core.wording import (
    EXACT_BELOW,
    NOTHING,
    count,
    counted,
    duration,
    per_hour,
    percent,
    points,
    said,
    short_count,
    span,
    usd,
)

__all__ = [
    "EXACT_BELOW",
    "NOTHING",
    "NO_VALUE",
    "ago",
    "clock",
    "clock_near",
    "count",
    "counted",
    "day_and_clock",
    "duration",
    "interval",
    "per_hour",
    "percent",
    "points",
    "said",
    "short_count",
    "span",
    "usd",
    "zone_named",
]

NO_VALUE = "(no value)"
"""Of a dimension: what stands for null."""


def clock(instant: datetime, zone: tzinfo = UTC) -> str:
    """
    >>> clock(datetime(2026, 1, 30, 10, 2, 11, tzinfo=UTC))
    '10:02:11'
    """
    return instant.astimezone(zone).strftime("%H:%M:%S")


def day_and_clock(instant: datetime, zone: tzinfo = UTC) -> str:
    """
    >>> day_and_clock(datetime(2026, 1, 30, 10, 2, 11, tzinfo=UTC))
    '30 Jan 2026 10:02:11'
    """
    local = instant.astimezone(zone)
    return f"{local.day} {local.strftime('%b %Y')} {clock(instant, zone)}"


def clock_near(instant: datetime, other: datetime, zone: tzinfo = UTC) -> str:
    """The time of day; with its day where that is not the other's.

    >>> clock_near(datetime(2026, 1, 29, 23, tzinfo=UTC), datetime(2026, 1, 30, tzinfo=UTC))
    '29 Jan 23:00:00'
    """
    local = instant.astimezone(zone)
    if local.date() == other.astimezone(zone).date():
        return clock(instant, zone)
    return f"{local.day} {local.strftime('%b')} {clock(instant, zone)}"


def ago(instant: datetime, now: datetime) -> str:
    """How long before `now` it was; within a second of it that says nothing worth a figure.

    >>> ago(datetime(2026, 1, 30, 9, 59, tzinfo=UTC), datetime(2026, 1, 30, 10, tzinfo=UTC))
    '1 min ago'
    >>> ago(datetime(2026, 1, 30, 10, tzinfo=UTC), datetime(2026, 1, 30, 10, tzinfo=UTC))
    'just now'
    """
    seconds = (now - instant) // timedelta(seconds=1)
    return f"{duration(seconds * 1000)} ago" if seconds > 0 else "just now"


def interval(start: datetime, end: datetime, zone: tzinfo = UTC) -> str:
    """Both ends of an interval; the day of the first only where it is another.

    >>> interval(datetime(2026, 1, 30, 9, tzinfo=UTC), datetime(2026, 1, 30, 10, tzinfo=UTC))
    '09:00:00 to 10:00:00, 30 Jan 2026'
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() != last.date():
        return f"{day_and_clock(start, zone)} to {day_and_clock(end, zone)}"
    return f"{clock(start, zone)} to {clock(end, zone)}, {last.day} {last.strftime('%b %Y')}"


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone that a browser names; None where it names none, an unknown one, or UTC itself."""
    if not name or name in ("UTC", "Etc/UTC"):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
