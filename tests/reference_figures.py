"""The slow reference, second part: counts, latencies, backlog, ledger and cost by plain loops."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from metrics_core.window import from_epoch_us, utc_text
from tests.reference_parts import ENDED, Facts, Row, Task, begins_before, ended_before, state_at

Json = dict[str, Any]
Measure = Callable[[Task], int | None]
Thing = TypeVar("Thing", Task, Row)


def text_at(instant: int) -> str:
    """Microseconds since the epoch as text."""
    return utc_text(from_epoch_us(instant))


def ended_in(tasks: Iterable[Task], statuses: Collection[str], x: int, y: int) -> list[Task]:
    """The tasks of these statuses that ended in [x, y)."""
    return [
        task
        for task in tasks
        if task.status in statuses and task.ends is not None and x <= task.ends < y
    ]


def created_in(tasks: Iterable[Task], x: int, y: int) -> int:
    """How many tasks have their beginning in [x, y)."""
    return sum(1 for task in tasks if task.begins is not None and x <= task.begins < y)


def flow(known: Facts, tasks: Sequence[Task], x: int, y: int) -> Json:
    """What came and what ended in [x, y)."""
    counts: Json = {"created": created_in(tasks, x, y) if known.has("created_at") else None}
    for status in ENDED:
        counts[status] = len(ended_in(tasks, (status,), x, y))
    return counts


def in_state(tasks: Iterable[Task], state: str, t: int) -> list[Task]:
    """The tasks that are in this state at t."""
    return [task for task in tasks if state_at(task, t) == state]


def states(known: Facts) -> list[str]:
    """The states that this source has."""
    lived = {task.status for task in known.tasks}
    named = set(known.source.statuses)
    found = ["processing", "queued"]
    if known.has("eligible_at") or "scheduled" in named or "scheduled" in lived:
        found.append("scheduled")
    if "retrying" in named or "retrying" in lived:
        found.append("retrying")
    return found


def task_counts(known: Facts, x: int, y: int) -> Json:
    """Flow in [x, y) and states at y."""
    at_end = {state: len(in_state(known.tasks, state, y)) for state in states(known)}
    return flow(known, known.tasks, x, y) | at_end


def ratio(part: int, whole: int) -> float | None:
    """A share to 6 digits; None of nothing."""
    return None if whole == 0 else round(part / whole, 6)


def failure_rate(tasks: Sequence[Task], x: int, y: int) -> float | None:
    """The failed of the completed and failed."""
    failed = len(ended_in(tasks, ("failed",), x, y))
    return ratio(failed, len(ended_in(tasks, ("completed", "failed"), x, y)))


def ms_to_processing(task: Task) -> int | None:
    """Whole ms from ready to started; None where the task is no sample of it."""
    row = task.row
    if not measurable(row) or row.ready is None or row.started is None:
        return None
    return (row.started - row.ready) // 1000


def ms_to_complete(task: Task) -> int | None:
    """Whole ms of run time: as the source measured it, else from started to finished."""
    row = task.row
    if row.duration_ms is not None:
        return math.floor(row.duration_ms)
    if row.started is None or row.finished is None:
        return None
    return (row.finished - row.started) // 1000


def measurable(row: Row) -> bool:
    """Whether a completed task is of the cohort of both latencies."""
    timed = row.started is not None and row.finished is not None
    return timed or row.duration_ms is not None


def negative(tasks: Sequence[Task], latency: Measure, x: int, y: int) -> list[Task]:
    """The tasks that completed in [x, y) and whose latency is negative: dropped from samples.

    Floored, a latency is negative just where it was before.
    """
    done = ended_in(tasks, ("completed",), x, y)
    return [task for task in done if (ms := latency(task)) is not None and ms < 0]


def samples(tasks: Sequence[Task], latency: Measure, x: int, y: int) -> list[int]:
    """One latency of the tasks that completed in [x, y), sorted, without the negative ones."""
    measured = [latency(task) for task in ended_in(tasks, ("completed",), x, y)]
    return sorted(ms for ms in measured if ms is not None and ms >= 0)


def percentile(values: Sequence[int], q: int) -> int | None:
    """The q-th percentile of sorted values: always one of them."""
    return values[min(len(values) * q // 100, len(values) - 1)] if values else None


def latencies(known: Facts) -> Json:
    """Both latencies of the window."""
    return {
        "timeToProcessingMs": latency_of(
            samples(known.tasks, ms_to_processing, known.start, known.end)
        ),
        "timeToCompleteMs": latency_of(
            samples(known.tasks, ms_to_complete, known.start, known.end)
        ),
    }


def latency_of(values: Sequence[int]) -> Json:
    """A latency of the window by its sorted samples."""
    return {
        "p50": percentile(values, 50),
        "p95": percentile(values, 95),
        "avg": sum(values) // len(values) if values else None,
        "samples": len(values),
        "p99": percentile(values, 99),
        "max": max(values, default=None),
    }


def bin_latency(values: Sequence[int]) -> Json:
    """A latency of one bin by its sorted samples."""
    edges = [bucket_edge(value) for value in values]
    return {
        "p50": percentile(values, 50),
        "p95": percentile(values, 95),
        "p99": percentile(values, 99),
        "samples": len(values),
        "buckets": {str(edge): edges.count(edge) for edge in sorted(set(edges))},
    }


def bucket_edge(value: int) -> int:
    """The largest of 0, 1, 2, 5, 10, 20, 50, 100 ... that is no more than the value."""
    edge, power = 0, 1
    while power <= value:
        edge = max(power * step for step in (1, 2, 5) if power * step <= value)
        power *= 10
    return edge


def backlog(known: Facts) -> Json:
    """What waits at the window's end."""

    def queued_age(task: Task) -> int | None:
        ready = task.row.ready
        return None if ready is None else known.end - ready

    def processing_age(task: Task) -> int | None:
        return None if task.row.started is None else known.end - task.row.started

    return {
        "queued": waiting(in_state(known.tasks, "queued", known.end), queued_age),
        "processing": waiting(in_state(known.tasks, "processing", known.end), processing_age),
    }


def waiting(tasks: Sequence[Task], age_of: Measure) -> Json:
    """Count and oldest of some tasks that wait, by their ages in microseconds."""
    ages = [(age, task.row.id) for task in tasks if (age := age_of(task)) is not None]
    oldest = max((age for age, _ in ages), default=None)
    return {
        "count": len(tasks),
        "oldestAgeMs": None if oldest is None else oldest // 1000,
        "oldestId": min((name for age, name in ages if age == oldest), default=None),
        "unknownAge": len(tasks) - len(ages),
    }


def ledger(known: Facts) -> Json:
    """What was open, came, went and is open; the difference is computed, not assumed."""
    before, after = open_at(known.tasks, known.start), open_at(known.tasks, known.end)
    moved = flow(known, known.tasks, known.start, known.end)
    gone = sum(moved[status] for status in ENDED)
    difference = before + moved["created"] - gone - after
    return {"openAtFrom": before, **moved, "openAtTo": after, "difference": difference}


def open_at(tasks: Iterable[Task], t: int) -> int:
    """How many tasks are there at t and not over."""
    return sum(1 for task in tasks if begins_before(task, t) and not ended_before(task, t))


def cost(known: Facts) -> Json:
    """The sum of the costs of the tasks that ended in the window, in whole millionths."""
    return cost_of(ended_in(known.tasks, ENDED, known.start, known.end))


def cost_of(ended: Sequence[Task]) -> Json:
    """The sum of the costs of some tasks, in whole millionths."""
    costs = [task.row.cost_usd for task in ended if task.row.cost_usd is not None]
    return {"usd": sum(round(usd * 1_000_000) for usd in costs) / 1e6, "samples": len(costs)}


def runs(known: Facts) -> Json:
    """The tasks that completed or failed in the window: mean run time and cost."""
    ended = ended_in(known.tasks, ("completed", "failed"), known.start, known.end)
    times = [us for task in ended if (us := run_us(known, task.row)) is not None and us >= 0]
    mean = Fraction(sum(times), 1000 * len(times)) if times else None
    return {
        "count": len(ended),
        "avgLatencyMs": None if mean is None else round(float(mean), 6),
        "latencySamples": len(times),
        "cost": cost_of(ended) if known.has("cost_usd") else None,
    }


def run_us(known: Facts, row: Row) -> int | None:
    """The run time in microseconds: as the source measured it, if it does; else by the times."""
    if known.has("duration_ms"):
        ms = row.duration_ms
        return None if ms is None else round(Fraction(ms) * 1000)
    if row.started is None or row.finished is None:
        return None
    return row.finished - row.started


def newest_first(tasks: Sequence[Task]) -> list[Task]:
    """Ended tasks by (end, id), the newest first."""
    return sorted(tasks, key=lambda task: (task.ends or 0, task.row.id), reverse=True)


def ranked(
    things: Sequence[Thing], text_of: Callable[[Thing], str | None]
) -> list[tuple[str | None, list[Thing]]]:
    """Groups by some text, the largest first, ties by text, no text the last of its ties."""
    groups: dict[str | None, list[Thing]] = {}
    for thing in things:
        groups.setdefault(text_of(thing), []).append(thing)
    return sorted(
        groups.items(), key=lambda group: (-len(group[1]), group[0] is None, group[0] or "")
    )
