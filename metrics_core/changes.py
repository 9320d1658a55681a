"""Changes: what changed between two snapshots by more than noise would, the surest first. Pure.

| kind | compared | score (`metrics_core.change_score`, `metrics_core.latency_shift`) |
|---|---|---|
| flow | created, completed, cancelled per hour | rates, with the quieter window's dispersion |
| failure_rate | failed of completed + failed; so of each value of a dimension | rates, likewise |
| error_code, other_errors | failures of a code per hour | rates, likewise |
| latency | p50 and p95 of each latency | control percentile test |
| latency | p95 of each latency of each value of a dimension | logarithms, spread of the whole |
| backlog | tasks in an open state at the window's end | levels, with the calmer window's |
| age | age of the oldest queued, processing task | logarithms, that latency's spread |
| cost | cost per ended task | logarithms, as if costs varied by twice their mean |

Forced comparisons of unlike tasks list no flow and no backlog, and compare the failures of a code
by completed + failed instead of per hour. The quieter of two windows says how much a figure varies
by itself: a change within the other is what is sought, not noise.
"""

from collections.abc import Iterator

from metrics_core.breakdown_changes import breakdown_changes
from metrics_core.candidate import Candidate, listed
from metrics_core.change_score import Rate, level_score, log_score, rate_score
from metrics_core.comparison import Change
from metrics_core.deltas import cost_per_task
from metrics_core.error_changes import error_changes
from metrics_core.latency_shift import age_score, percentile_score
from metrics_core.sides import LATENCIES, MORE_IS, STATES, WAITING, Sides

COMPARED_FLOWS = ("created", "completed", "cancelled")
COMPARED_PERCENTILES = (50, 95)
LATENCY_OF_STATE = {"queued": "time_to_processing", "processing": "time_to_complete"}
COST_VARIATION = 2.0
"""Standard deviation of a task's cost by its mean: a snapshot holds no more than the sum."""


def changes(sides: Sides) -> tuple[Change, ...]:
    """All that is listed; ties by kind, then name, dimension and value."""
    return listed(
        candidate
        for part in (_totals, error_changes, breakdown_changes)
        for candidate in part(sides)
    )


def _totals(sides: Sides) -> Iterator[Candidate]:
    if sides.same_tasks:
        yield from _flows(sides)
        yield from _backlog(sides)
    yield from _failure_rate(sides)
    yield from _latencies(sides)
    yield from _ages(sides)
    yield from _cost(sides)


def _flows(sides: Sides) -> Iterator[Candidate]:
    for name in COMPARED_FLOWS:
        old, new = sides.before.tasks(name), sides.after.tasks(name)
        if old is not None and new is not None:
            yield Candidate(
                kind="flow",
                name=f"tasks.{name}",
                title=f"{name.capitalize()} tasks",
                unit="tasks per hour",
                more_is=MORE_IS.get(name, "neutral"),
                before=sides.before.hourly(old),
                after=sides.after.hourly(new),
                n=(old, new),
                score=rate_score(
                    Rate(old, sides.before.hours),
                    Rate(new, sides.after.hours),
                    sides.dispersion(name),
                ),
            )


def _failure_rate(sides: Sides) -> Iterator[Candidate]:
    old, new = sides.before, sides.after
    if old.snapshot.failure_rate is not None and new.snapshot.failure_rate is not None:
        yield Candidate(
            kind="failure_rate",
            name="failureRate",
            title="Failure rate",
            unit="share",
            more_is="worse",
            before=old.snapshot.failure_rate,
            after=new.snapshot.failure_rate,
            n=(old.judged, new.judged),
            score=rate_score(
                Rate(old.snapshot.tasks.failed, old.judged),
                Rate(new.snapshot.tasks.failed, new.judged),
                sides.dispersion("failed"),
            ),
        )


def _latencies(sides: Sides) -> Iterator[Candidate]:
    for name, member in LATENCIES.items():
        old, new = sides.before.distributions[name], sides.after.distributions[name]
        for q in COMPARED_PERCENTILES:
            yield Candidate(
                kind="latency",
                name=f"{member}.p{q}",
                title=f"p{q} of {name.replace('_', ' ')}",
                unit="ms",
                more_is="worse",
                before=old.percentile(q),
                after=new.percentile(q),
                n=(old.latency.samples, new.latency.samples),
                score=percentile_score(old, new, q),
            )


def _backlog(sides: Sides) -> Iterator[Candidate]:
    for name in STATES:
        old, new = sides.before.tasks(name), sides.after.tasks(name)
        if old is not None and new is not None:
            yield Candidate(
                kind="backlog",
                name=f"tasks.{name}",
                title=f"{name.capitalize()} tasks at the window's end",
                unit="tasks",
                more_is=MORE_IS.get(name, "neutral"),
                before=old,
                after=new,
                n=(old, new),
                score=level_score(old, new, sides.deviation(name)),
            )


def _ages(sides: Sides) -> Iterator[Candidate]:
    for state in WAITING:
        old, new = sides.before.waiting(state), sides.after.waiting(state)
        if old.oldest_age_ms is not None and new.oldest_age_ms is not None:
            yield Candidate(
                kind="age",
                name=f"backlog.{state}.oldestAgeMs",
                title=f"Age of the oldest {state} task",
                unit="ms",
                more_is="worse",
                before=old.oldest_age_ms,
                after=new.oldest_age_ms,
                n=(old.count, new.count),
                score=age_score(
                    old.oldest_age_ms,
                    new.oldest_age_ms,
                    sides.typical_ms(LATENCY_OF_STATE[state]),
                    sides.spread(LATENCY_OF_STATE[state]),
                ),
            )


def _cost(sides: Sides) -> Iterator[Candidate]:
    old, new = cost_per_task(sides.before), cost_per_task(sides.after)
    if old.value is not None and new.value is not None and old.n and new.n:
        variance = COST_VARIATION**2 * (1 / old.n + 1 / new.n)
        yield Candidate(
            kind="cost",
            name="cost.perTask",
            title="Cost per ended task",
            unit="usd per task",
            more_is="worse",
            before=old.value,
            after=new.value,
            n=(old.n, new.n),
            score=log_score(old.value, new.value, variance),
        )
