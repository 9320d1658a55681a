"""Numbers and lengths of time in the words that people use. Pure; knows no screen."""

NOTHING = "–"
SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000
STEPS_MS = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (SECOND_MS, "s"))
MAGNITUDES = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))
EXACT_BELOW = 1_000_000
DIGITS = 3
SMALLEST_SHARE = 0.001
FEW = 10
SMALLEST_USD = 0.0001


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


def said(number: int | None, name: str) -> str:
    """
    >>> said(1200, "completed"), said(None, "completed")
    ('1,200 completed', 'completed not measurable')
    """
    return f"{name} not measurable" if number is None else f"{number:,} {name}"


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


def per_hour(rate: float) -> str:
    """How often an hour: three digits from ten on, one decimal below; rounded, as a rate is.

    >>> per_hour(3_240), per_hour(2_979), per_hour(812), per_hour(0.4166), per_hour(0)
    ('3.24k/h', '2.98k/h', '812/h', '0.4/h', '0/h')
    >>> per_hour(999_600), per_hour(99.96)
    ('1.00M/h', '100/h')
    """
    if rate < FEW:
        return f"{round(rate, 1):g}/h"
    return f"{short_count(round(float(f'{rate:.{DIGITS}g}')))}/h"


def points(difference: float) -> str:
    """A difference of two shares, without its sign.

    >>> points(-0.0234), points(0.01), points(0.00001)
    ('2.3 percentage points', '1 percentage point', 'less than 0.1 percentage points')
    """
    rounded = round(abs(difference) * 100, 1)
    if not rounded and difference:
        return "less than 0.1 percentage points"
    return f"{rounded:g} percentage point{'' if rounded == 1 else 's'}"


def usd(amount: float) -> str:
    """Dollars to the cent; to the hundredth of a cent where that is needed below one dollar.

    From a million on, three digits and a letter, cut as those of counts.

    >>> usd(1234.5), usd(0.0123), usd(0), usd(-2), usd(0.00001), usd(130_924_897.5)
    ('$1,234.50', '$0.0123', '$0.00', '-$2.00', '<$0.0001', '$130M')
    """
    sign, size = "-" if amount < 0 else "", abs(amount)
    if size >= EXACT_BELOW:
        return f"{sign}${short_count(int(size))}"
    if 0 < size < SMALLEST_USD:
        return f"<{sign}${SMALLEST_USD}"
    is_fine = size < 1 and round(size, 2) != size
    return f"{sign}${size:.4f}" if is_fine else f"{sign}${size:,.2f}"
