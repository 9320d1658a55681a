"""Two snapshots side by side: their figures by name, in the units in which they compare. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import pstdev

from metrics_core import wording
from metrics_core.change_score import dispersion
from metrics_core.comparison import Meaning, Unit, Value
from metrics_core.document import Latency, Waiting
from metrics_core.latency_shift import Distribution
from metrics_core.snapshot import Snapshot

DIGITS = 6
FLOWS = ("created", "completed", "failed", "cancelled")
STATES = ("processing", "queued", "scheduled", "retrying")
WAITING = ("queued", "processing")
LATENCIES = {
    "time_to_processing": "latency.timeToProcessingMs",
    "time_to_complete": "latency.timeToCompleteMs",
}
MORE_IS: Mapping[str, Meaning] = {
    "completed": "better",
    "failed": "worse",
    "queued": "worse",
    "retrying": "worse",
}
SAY: Mapping[Unit, Callable[..., str]] = {
    "tasks": wording.count,
    "tasks per hour": wording.per_hour,
    "share": wording.percent,
    "ms": wording.duration,
    "usd": wording.usd,
    "usd per hour": lambda rate: f"{wording.usd(rate)}/h",
    "usd per task": wording.usd,
}


def moved(title: str, unit: Unit, before: Value, after: Value) -> str:
    """A sentence about a figure that changed, without its n.

    >>> moved("p95 of time to complete", "ms", 41_000, 192_000)
    'p95 of time to complete rose from 41 s to 3 min 12 s'
    >>> moved("Failure rate", "share", 0.05, 0.02)
    'Failure rate fell from 5 % to 2 %, by 3 percentage points'
    """
    say, verb = SAY[unit], "rose" if after > before else "fell"
    by = f", by {wording.points(after - before)}" if unit == "share" else ""
    return f"{title} {verb} from {say(before)} to {say(after)}{by}"


def counted(before: int | None, after: int | None) -> str:
    """
    >>> counted(812, 640)
    'n 812 → 640'
    """
    return f"n {wording.count(before)} → {wording.count(after)}"


@dataclass(frozen=True)
class One:
    """One side of a comparison."""

    snapshot: Snapshot

    @property
    def hours(self) -> float:
        return self.snapshot.window.minutes / 60

    def hourly(self, number: float) -> float:
        """So many in the window, per hour."""
        return round(number / self.hours, DIGITS)

    @property
    def judged(self) -> int:
        """What the failure rate is of: completed + failed."""
        return (self.snapshot.tasks.completed or 0) + self.snapshot.tasks.failed

    def tasks(self, name: str) -> int | None:
        number: int | None = getattr(self.snapshot.tasks, name)
        return number

    def waiting(self, state: str) -> Waiting:
        waiting: Waiting = getattr(self.snapshot.backlog, state)
        return waiting

    def latency(self, name: str) -> Latency:
        latency: Latency = getattr(self.snapshot.latency, f"{name}_ms")
        return latency

    @cached_property
    def distributions(self) -> Mapping[str, Distribution]:
        """What is known of each latency's distribution, by its name."""
        return {
            name: Distribution.of(
                self.latency(name), [getattr(each, f"{name}_ms") for each in self.snapshot.series]
            )
            for name in LATENCIES
        }

    def levels(self, name: str) -> list[int]:
        """A state at the end of each bin."""
        return [getattr(each.tasks, name) or 0 for each in self.snapshot.series]

    def flow_bins(self, name: str) -> tuple[int, ...]:
        """A flow in each bin that is not partial."""
        return self.in_full_bins(getattr(each.tasks, name) or 0 for each in self.snapshot.series)

    def in_full_bins(self, counts: Iterable[int]) -> tuple[int, ...]:
        """Of counts, one a bin, those whose bin is not partial."""
        pairs = zip(counts, self.snapshot.series, strict=True)
        return tuple(count for count, each in pairs if not each.partial)


@dataclass(frozen=True)
class Sides:
    """Both sides of a comparison, in the order in which they were given."""

    before: One
    after: One

    @property
    def per_hour(self) -> bool:
        """Whether the windows differ in length, so that flows are compared per hour."""
        return self.before.snapshot.window.minutes != self.after.snapshot.window.minutes

    @property
    def same_tasks(self) -> bool:
        """Whether both speak of the same tasks; else (forced) only rates, not counts, compare."""
        old, new = self.before.snapshot, self.after.snapshot
        return old.source == new.source and dict(old.scope) == dict(new.scope)

    @property
    def both(self) -> tuple[One, One]:
        return self.before, self.after

    def dispersion(self, flow: str) -> float:
        """How much a flow varies by itself, by the quieter window's bins."""
        return min(dispersion(one.flow_bins(flow)) for one in self.both)

    def deviation(self, state: str) -> float:
        """How much a level varies by itself, by the calmer window's bins."""
        return min(pstdev(one.levels(state) or [0]) for one in self.both)

    def typical_ms(self, latency: str) -> int:
        """The p50 of a latency, by the window in which it is longer; 0 without samples."""
        return max(one.latency(latency).p50 or 0 for one in self.both)

    def spread(self, latency: str) -> float:
        """How wide a latency spreads, by the window in which it spreads more."""
        return max(one.distributions[latency].spread for one in self.both)


def meaning(more_is: Meaning, difference: float | None) -> Meaning:
    """Whether a difference is good.

    >>> meaning("worse", 3), meaning("worse", -3), meaning("neutral", 3), meaning("better", 0)
    ('worse', 'better', 'neutral', 'neutral')
    """
    if not difference or more_is == "neutral":
        return "neutral"
    return more_is if difference > 0 else _opposite(more_is)


def _opposite(one: Meaning) -> Meaning:
    return "better" if one == "worse" else "worse"
