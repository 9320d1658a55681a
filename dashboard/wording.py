"""Numbers, durations and times in the words that people use. Pure; knows no screen."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NOTHING = "–"
SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000
STEPS_MS = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (SECOND_MS, "s"))
MAGNITUDES = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))
EXACT_BELOW = 1_000_000
DIGITS = 3
SMALLEST_SHARE = 0.001


def duration(ms: int | None) -> str:
    """A length of time by its two largest units, cut, not rounded: it never claims too much.

    >>> duration(830), duration(3_460), duration(72_000), duration(11_100_000), duration(60_000)
    ('830 ms', '3.4 s', '1 min 12 s', '3 h 5 min', '1 min')
    """
    if ms is None:
        return NOTHING
    if ms < SECOND_MS:
        return f"{ms} ms"
    if ms < 10 * SECOND_MS:
        return f"{ms // 100 / 10:g} s"
    return " ".join(_largest_units(ms))


def _largest_units(ms: int) -> list[str]:
    first = next(i for i, (step, _) in enumerate(STEPS_MS) if ms >= step)
    parts = []
    for step, unit in STEPS_MS[first : first + 2]:
        amount, ms = divmod(ms, step)
        if amount:
            parts.append(f"{amount:,} {unit}")
    return parts


def span(minutes: int) -> str:
    """
    >>> span(60), span(90), span(1440)
    ('1 h', '1 h 30 min', '24 h')
    """
    return "24 h" if minutes == DAY_MS // MINUTE_MS else duration(minutes * MINUTE_MS)


def count(number: int | None) -> str:
    """A count to the unit below a million, beyond that to three digits.

    >>> count(0), count(12_345), count(3_204_900)
    ('0', '12,345', '3.20M')
    """
    if number is None:
        return NOTHING
    return f"{number:,}" if number < EXACT_BELOW else short_count(number)


def short_count(number: int) -> str:
    """Three digits, and k, M, G or T; cut, not rounded.

    >>> short_count(999), short_count(3_240), short_count(45_678), short_count(999_999)
    ('999', '3.24k', '45.6k', '999k')
    """
    for size, letter in MAGNITUDES:
        if number >= size:
            decimals = max(0, DIGITS - len(str(number // size)))
            cut = number * 10**decimals // size
            return f"{cut / 10**decimals:,.{decimals}f}{letter}"
    return str(number)


def counted(number: int, one: str, many: str | None = None) -> str:
    """
    >>> counted(1, "task"), counted(2, "task"), counted(2, "entry", "entries")
    ('1 task', '2 tasks', '2 entries')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def percent(ratio: float | None) -> str:
    """A share; what is neither nothing nor all is never shown as such.

    >>> percent(0), percent(0.0004), percent(0.1439), percent(0.9999), percent(1), percent(0.5)
    ('0 %', '<0.1 %', '14.4 %', '>99.9 %', '100 %', '50 %')
    """
    if ratio is None:
        return NOTHING
    if 0 < ratio < SMALLEST_SHARE:
        return "<0.1 %"
    if 1 - SMALLEST_SHARE < ratio < 1:
        return ">99.9 %"
    return f"{round(ratio * 100, 1):g} %"


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
