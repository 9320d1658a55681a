"""Breakdown changes: failure rate and p95 of each value of a dimension. Pure.

A value that one side does not list, or of which nothing was measured there, cannot be compared.
"""

from collections.abc import Iterator

from metrics_core.candidate import Candidate
from metrics_core.change_score import Rate, rate_score
from metrics_core.groups import BreakdownValue
from metrics_core.latency_shift import Part, part_score
from metrics_core.sides import LATENCIES, One, Sides


def breakdown_changes(sides: Sides) -> Iterator[Candidate]:
    """Every value that both sides list, but for what a scope names: that is the whole snapshot."""
    before, after = _values(sides.before), _values(sides.after)
    for dimension, value in before.keys() & after.keys():
        old, new = before[dimension, value], after[dimension, value]
        yield from _failure_rate(sides, dimension, old, new)
        for latency in LATENCIES:
            yield from _p95(sides, dimension, latency, old, new)


def _values(one: One) -> dict[tuple[str, str | None], BreakdownValue]:
    return {
        (breakdown.dimension, each.value): each
        for breakdown in one.snapshot.breakdowns
        if breakdown.dimension not in one.snapshot.scope
        for each in breakdown.values
    }


def _named(dimension: str, value: str | None) -> str:
    """
    >>> _named("engine", "runway"), _named("engine", None), _named("engine", "")
    ('engine=runway', 'tasks without engine', "engine=''")
    """
    if value is None:
        return f"tasks without {dimension}"
    return f"{dimension}={value or repr(value)}"


def _failure_rate(
    sides: Sides, dimension: str, old: BreakdownValue, new: BreakdownValue
) -> Iterator[Candidate]:
    if old.failure_rate is None or new.failure_rate is None:
        return
    judged = [(each.completed or 0) + each.failed for each in (old, new)]
    yield Candidate(
        kind="failure_rate",
        name="failureRate",
        dimension=dimension,
        value=new.value,
        title=f"Failure rate of {_named(dimension, new.value)}",
        unit="share",
        more_is="worse",
        before=old.failure_rate,
        after=new.failure_rate,
        n=(judged[0], judged[1]),
        score=rate_score(
            Rate(old.failed, judged[0]), Rate(new.failed, judged[1]), sides.dispersion("failed")
        ),
    )


def _p95(
    sides: Sides, dimension: str, latency: str, old: BreakdownValue, new: BreakdownValue
) -> Iterator[Candidate]:
    before, after = (getattr(each, f"{latency}_p95_ms") for each in (old, new))
    if before is None or after is None:
        return
    yield Candidate(
        kind="latency",
        name=f"{LATENCIES[latency]}.p95",
        dimension=dimension,
        value=new.value,
        title=f"p95 of {latency.replace('_', ' ')} of {_named(dimension, new.value)}",
        unit="ms",
        more_is="worse",
        before=before,
        after=after,
        n=(old.completed or 0, new.completed or 0),
        score=part_score(
            Part(before, old.completed or 0),
            Part(after, new.completed or 0),
            sides.spread(latency),
        ),
    )
