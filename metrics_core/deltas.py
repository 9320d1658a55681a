"""Deltas: each single figure of two snapshots, side by side, changed or not. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from metrics_core.comparison import Delta, Meaning, Unit, Value
from metrics_core.sides import (
    DIGITS,
    FLOWS,
    LATENCIES,
    MORE_IS,
    SAY,
    STATES,
    WAITING,
    One,
    Sides,
    counted,
    meaning,
    moved,
)

LATENCY_FIGURES = ("p50", "p95", "p99")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A figure on one side: its value and n, or why there is none."""

    value: Value | None
    n: int | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a figure is called, in JSON and by people, its unit, and whether more of it is good."""

    path: str
    title: str
    unit: Unit
    more_is: Meaning = "neutral"


def deltas(sides: Sides) -> Iterator[Delta]:
    """The figures of the tiles, in their order; a state that neither side knows is left out."""
    yield from _flows(sides)
    yield from _states(sides)
    yield _delta(RATE, _failure_rate(sides.before), _failure_rate(sides.after))
    yield from _latencies(sides)
    yield from _ages(sides)
    yield from _costs(sides)


RATE = Figure(path="failureRate", title="Failure rate", unit="share", more_is="worse")


def _flows(sides: Sides) -> Iterator[Delta]:
    unit: Unit = "tasks per hour" if sides.per_hour else "tasks"
    for name in FLOWS:
        path, more_is = f"tasks.{name}", MORE_IS.get(name, "neutral")
        figure = Figure(path=path, title=name.capitalize(), unit=unit, more_is=more_is)
        before, after = (_flow(one, name, unit) for one in sides.both)
        yield _delta(figure, before, after)


def _flow(one: One, name: str, unit: Unit) -> Measured:
    number = one.tasks(name)
    if number is None:
        return _missing(one, f"tasks.{name}")
    rate = number if unit == "tasks" else one.hourly(number)
    return Measured(value=rate, n=number)


def _missing(
    one: One, path: str, otherwise: str = "It is not measurable.", n: int | None = None
) -> Measured:
    return Measured(value=None, n=n, reason=one.snapshot.quality.why_not(path) or otherwise)


def _states(sides: Sides) -> Iterator[Delta]:
    for name in STATES:
        before, after = _state(sides.before, name), _state(sides.after, name)
        if before.value is not None or after.value is not None:
            more_is = MORE_IS.get(name, "neutral")
            figure = Figure(
                path=f"tasks.{name}", title=name.capitalize(), unit="tasks", more_is=more_is
            )
            yield _delta(figure, before, after)


def _state(one: One, name: str) -> Measured:
    number = one.tasks(name)
    if number is None:
        return _missing(one, f"tasks.{name}", f"There are no {name} tasks in this source.")
    return Measured(value=number, n=number)


def _failure_rate(one: One) -> Measured:
    if one.snapshot.failure_rate is None:
        return _missing(one, "failureRate", "Nothing completed or failed.", one.judged)
    return Measured(value=one.snapshot.failure_rate, n=one.judged)


def _latencies(sides: Sides) -> Iterator[Delta]:
    for name, member in LATENCIES.items():
        for percentile in LATENCY_FIGURES:
            figure = Figure(
                path=f"{member}.{percentile}",
                title=f"{percentile} of {name.replace('_', ' ')}",
                unit="ms",
                more_is="worse",
            )
            before, after = (_percentile(one, name, percentile) for one in sides.both)
            yield _delta(figure, before, after)


def _percentile(one: One, name: str, percentile: str) -> Measured:
    latency = one.latency(name)
    value: int | None = getattr(latency, percentile)
    if value is None:
        return _missing(one, LATENCIES[name], "There are no samples.", latency.samples)
    return Measured(value=value, n=latency.samples)


def _ages(sides: Sides) -> Iterator[Delta]:
    for state in WAITING:
        path = f"backlog.{state}.oldestAgeMs"
        title = f"Age of the oldest {state} task"
        figure = Figure(path=path, title=title, unit="ms", more_is="worse")
        before, after = (_age(one, state, path) for one in sides.both)
        yield _delta(figure, before, after)


def _age(one: One, state: str, path: str) -> Measured:
    waiting = one.waiting(state)
    if waiting.oldest_age_ms is None:
        otherwise = "The age of none is known." if waiting.count else f"No task was {state}."
        return _missing(one, path, otherwise, waiting.count)
    return Measured(value=waiting.oldest_age_ms, n=waiting.count)


def _costs(sides: Sides) -> Iterator[Delta]:
    if sides.before.snapshot.cost is None and sides.after.snapshot.cost is None:
        return
    unit: Unit = "usd per hour" if sides.per_hour else "usd"
    total = Figure(path="cost.usd", title="Cost", unit=unit)
    each = Figure(
        path="cost.perTask", title="Cost per ended task", unit="usd per task", more_is="worse"
    )
    yield _delta(total, _cost(sides.before, unit), _cost(sides.after, unit))
    yield _delta(each, cost_per_task(sides.before), cost_per_task(sides.after))


def _cost(one: One, unit: Unit) -> Measured:
    cost = one.snapshot.cost
    if cost is None:
        return _missing(one, "cost", "The source has no cost_usd.")
    usd = cost.usd if unit == "usd" else one.hourly(cost.usd)
    return Measured(value=usd, n=cost.samples)


def cost_per_task(one: One) -> Measured:
    """Dollars a task, over the tasks that ended in the window and have a cost."""
    cost = one.snapshot.cost
    if cost is None:
        return _missing(one, "cost", "The source has no cost_usd.")
    if not cost.samples:
        return _missing(one, "cost", "No task with a cost ended.", 0)
    return Measured(value=round(cost.usd / cost.samples, DIGITS), n=cost.samples)


def _delta(figure: Figure, before: Measured, after: Measured) -> Delta:
    difference = _difference(before.value, after.value)
    return Delta(
        figure=figure.path,
        unit=figure.unit,
        before=before.value,
        after=after.value,
        difference=difference,
        ratio=_ratio(before.value, after.value),
        n_before=before.n,
        n_after=after.n,
        meaning=meaning(figure.more_is, difference),
        reason=_reason(before, after),
        text=_text(figure, before, after),
    )


def _difference(before: Value | None, after: Value | None) -> Value | None:
    if before is None or after is None:
        return None
    difference = after - before
    if isinstance(difference, int):
        return difference
    return round(difference, DIGITS) + 0.0  # so that -0.0 is written as 0.0


def _ratio(before: Value | None, after: Value | None) -> float | None:
    if before is None or after is None or before <= 0:
        return None
    return round(after / before, DIGITS)


def _reason(before: Measured, after: Measured) -> str | None:
    if before.reason == after.reason:
        return before.reason and f"On both sides: {before.reason}"
    told = (("Before", before.reason), ("After", after.reason))
    return " ".join(f"{side}: {reason}" for side, reason in told if reason) or None


def _text(figure: Figure, before: Measured, after: Measured) -> str:
    if before.value is None or after.value is None:
        return f"{figure.title} cannot be compared. {_reason(before, after)}"
    n = counted(before.n, after.n)
    if before.value == after.value:
        return f"{figure.title} did not change: {SAY[figure.unit](after.value)} ({n})"
    return f"{moved(figure.title, figure.unit, before.value, after.value)} ({n})"
