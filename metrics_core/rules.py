"""Rules of the flight recorder, as `failure_rate > 0.2`: read, and held against a snapshot. Pure.

A rule speaks of the window of an hour. Of a dimension's values (`by tenant_id`) the one that is
farthest beyond the limit is meant; those with fewer than 20 tasks behind the figure are left out.
"""

import difflib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from metrics_core.document import Waiting
from metrics_core.groups import BreakdownPart
from metrics_core.snapshot import Snapshot

WINDOW_MINUTES = 60
LEAST_TASKS = 20
CLEARANCE = 0.1
"""A rule counts as over where its figure is a tenth of the limit on the good side of it."""

COUNTS = ("created", "completed", "failed", "cancelled", "queued", "processing")
LATENCIES = ("time_to_processing", "time_to_complete")
PERCENTILES = ("p50_ms", "p95_ms", "p99_ms", "max_ms")
AGES = {"backlog_age_seconds": "queued", "processing_age_seconds": "processing"}
FAILURE_RATE, NO_COMPLETED_FOR = "failure_rate", "no_completed_for"
OF_VALUES = (FAILURE_RATE, *COUNTS, *(f"p95_ms.{latency}" for latency in LATENCIES))
"""The figures that a breakdown has of each value."""

FIGURES = (
    FAILURE_RATE,
    NO_COMPLETED_FOR,
    *AGES,
    *COUNTS,
    *(f"{percentile}.{latency}" for percentile in PERCENTILES for latency in LATENCIES),
)
NAMED_OTHERWISE = {
    FAILURE_RATE: "failureRate",
    NO_COMPLETED_FOR: "tasks.completed",
    "backlog_age_seconds": "backlog.queued.oldestAgeMs",
    "processing_age_seconds": "backlog.processing.oldestAgeMs",
    **{count: f"tasks.{count}" for count in COUNTS},
    **{f"{p}.time_to_processing": "latency.timeToProcessingMs" for p in PERCENTILES},
    **{f"{p}.time_to_complete": "latency.timeToCompleteMs" for p in PERCENTILES},
}
"""What a source's `not_measurable` calls a rule's figure."""
FORM = re.compile(
    r"(?P<figure>\S+)( +by +(?P<dimension>\S+))? *(?P<sign>[<>]) *(?P<limit>\d+(\.\d+)?)", re.ASCII
)
MS = 1_000


@dataclass(frozen=True, kw_only=True)
class Rule:
    """That a figure is above or below a limit; `text` is its one definite form."""

    figure: str
    dimension: str | None
    sign: Literal["<", ">"]
    limit: float

    @property
    def text(self) -> str:
        by = f" by {self.dimension}" if self.dimension else ""
        return f"{self.figure}{by} {self.sign} {number_text(self.limit)}"

    def holds(self, value: float) -> bool:
        return value > self.limit if self.sign == ">" else value < self.limit

    def is_clear(self, value: float) -> bool:
        """Whether it does not hold by so much that a little noise does not make it hold again.

        >>> rule = parsed("failure_rate > 0.2", ())
        >>> [rule.is_clear(value) for value in (0.21, 0.2, 0.18, 0.1)]
        [False, False, True, True]
        """
        room = self.limit * CLEARANCE
        return value <= self.limit - room if self.sign == ">" else value >= self.limit + room


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A rule's figure in one snapshot; `of` is the dimension's value that it is of.

    `tasks` is on how many tasks it was measured, where it is a ratio or a percentile.
    """

    value: float
    tasks: int | None = None
    of: str | None = None

    def __str__(self) -> str:
        tasks = "" if self.tasks is None else f" (n={self.tasks})"
        of = f" of {self.of}" if self.of else ""
        return f"{number_text(self.value)}{tasks}{of}"


def parsed(text: str, dimensions: Collection[str]) -> Rule:
    """The rule that the text is. ValueError says what is wrong with it, and what may stand there.

    >>> parsed("p95_ms.time_to_complete  by engine>60000", ["engine"]).text
    'p95_ms.time_to_complete by engine > 60000'
    """
    found = FORM.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no rule: write figure > number, as {FAILURE_RATE} > 0.2")
    rule = Rule(
        figure=found["figure"],
        dimension=found["dimension"],
        sign="<" if found["sign"] == "<" else ">",
        limit=float(found["limit"]),
    )
    for fault in _faults(rule, dimensions):
        raise ValueError(f"{text!r}: {fault}")
    return rule


def _faults(rule: Rule, dimensions: Collection[str]) -> Iterator[str]:
    if rule.figure not in FIGURES:
        near = difflib.get_close_matches(rule.figure, FIGURES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(FIGURES)}"
        yield f"there is no figure {rule.figure!r}; {hint}"
    if rule.dimension is not None and rule.figure not in OF_VALUES:
        yield f"{rule.figure} is not broken down; what is: {', '.join(OF_VALUES)}"
    if rule.dimension is not None and rule.dimension not in dimensions:
        yield f"{rule.dimension!r} is no dimension here; known: {', '.join(dimensions) or 'none'}"
    if rule.figure == FAILURE_RATE and rule.limit >= 1:
        yield "a failure rate is a share: its limit lies below 1, as 0.2 for 20 %"
    if rule.figure == NO_COMPLETED_FOR and rule.limit >= WINDOW_MINUTES * 60:
        yield "only the last hour is looked at: the limit is a number of seconds below 3600"


def reading(rule: Rule, snapshot: Snapshot) -> Reading | None:
    """The rule's figure in a snapshot of an hour; None where it cannot be measured."""
    if rule.dimension is None:
        return _of_all(rule.figure, snapshot)
    found = list(_of_values(rule.figure, rule.dimension, snapshot))
    worst = max if rule.sign == ">" else min
    return worst(found, key=lambda each: each.value) if found else None


def _of_all(figure: str, snapshot: Snapshot) -> Reading | None:
    tasks = snapshot.tasks
    if figure == FAILURE_RATE:
        return _known(snapshot.failure_rate, _ended(tasks.completed, tasks.failed))
    if figure == NO_COMPLETED_FOR:
        return _known(_seconds_without_completion(snapshot))
    if figure in AGES:
        waiting: Waiting = getattr(snapshot.backlog, AGES[figure])
        return _known(_age_seconds(waiting, getattr(tasks, AGES[figure])))
    if figure in COUNTS:
        return _known(getattr(tasks, figure))
    percentile, _, name = figure.partition(".")
    latency = getattr(snapshot.latency, f"{name}_ms")
    return _known(getattr(latency, percentile.removesuffix("_ms")), latency.samples)


def _known(value: float | None, tasks: int | None = None) -> Reading | None:
    return None if value is None else Reading(value=value, tasks=tasks)


def _ended(completed: int | None, failed: int) -> int | None:
    return None if completed is None else completed + failed


def _age_seconds(waiting: Waiting, count: int | None) -> float | None:
    """0 where nothing waits: that is known, and ends a rule."""
    if count == 0:
        return 0.0
    return None if waiting.oldest_age_ms is None else waiting.oldest_age_ms / MS


def _seconds_without_completion(snapshot: Snapshot) -> float | None:
    """How long surely none has completed: since the end of the last bin in which one did.

    Bins of an hour are a minute, so that it is up to a minute too little, and never too much.
    """
    completed = [each.tasks.completed for each in snapshot.series]
    if None in completed:
        return None
    ends = [each.to for each in snapshot.series if each.tasks.completed]
    last = ends[-1] if ends else snapshot.window.from_
    return (snapshot.window.to - last).total_seconds()


def _of_values(figure: str, dimension: str, snapshot: Snapshot) -> Iterator[Reading]:
    for breakdown in snapshot.breakdowns:
        if breakdown.dimension == dimension:
            for part in breakdown.values:
                value, tasks = _of_part(figure, part)
                if value is not None and (tasks is None or tasks >= LEAST_TASKS):
                    of = f"{dimension}={json.dumps(part.value)}"
                    yield Reading(value=value, tasks=tasks, of=of)


def _of_part(figure: str, part: BreakdownPart) -> tuple[float | None, int | None]:
    """The figure, and on how many tasks it was measured where it is no count."""
    if figure == FAILURE_RATE:
        return part.failure_rate, _ended(part.completed, part.failed)
    if figure in COUNTS:
        return getattr(part, figure), None
    return getattr(part, f"{figure.partition('.')[2]}_p95_ms"), part.completed


def number_text(value: float) -> str:
    """
    >>> number_text(900.0), number_text(0.2), number_text(1 / 3)
    ('900', '0.2', '0.333333')
    """
    rounded = round(value, 6)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)
