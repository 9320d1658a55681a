"""Charts: Snapshot -> data, specification and words. Pure.

The data is one row a bin; where nothing was measured a value is null, and its line has a gap.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pandas as pd

from dashboard import wording
from dashboard.chart_specs import (
    ENDED,
    OPEN,
    PERCENTILES,
    Spec,
    ended_spec,
    latency_spec,
    open_spec,
)
from metrics_core import Snapshot
from metrics_core.document import BinLatency, SeriesBin

LatencyName = Literal["time_to_processing_ms", "time_to_complete_ms"]

UNITS_MS = {"h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}
# So many units at the top of an axis, at least: below 5 min, "90 s" reads better than "1.5 min".
LEAST_UNITS = 5


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What one chart draws: its data, its specification, and in words what it shows."""

    data: pd.DataFrame
    spec: Spec
    alt: str


def ended_chart(snapshot: Snapshot) -> Chart:
    """Tasks that ended a bin, stacked by status; where known, those created as a line."""
    has_created = snapshot.tasks.created is not None
    flow = (*ENDED, "created") if has_created else ENDED
    tasks = snapshot.tasks
    summary = ", ".join(f"{getattr(tasks, name) or 0} {name}" for name in reversed(flow))
    return Chart(
        data=_frame({**_time(part), **_counts(part, flow)} for part in snapshot.series),
        spec=ended_spec(has_created=has_created),
        alt=summary,
    )


def open_chart(snapshot: Snapshot) -> Chart:
    """Tasks that were open at each bin's end, by state."""
    states = tuple(state for state in OPEN if getattr(snapshot.tasks, state) is not None)
    summary = ", ".join(f"{getattr(snapshot.tasks, state)} {state}" for state in states)
    return Chart(
        data=_frame({**_time(part), **_counts(part, states)} for part in snapshot.series),
        spec=open_spec(states),
        alt=f"{summary} at {wording.clock(snapshot.window.to)} UTC",
    )


def latency_chart(snapshot: Snapshot, name: LatencyName) -> Chart:
    """One latency's p50 and p95 a bin, in the unit that suits the largest of them."""
    unit = _unit(part.p95 for part in _latencies(snapshot, name))
    whole = getattr(snapshot.latency, name)
    summary = f"p50 {wording.duration(whole.p50)}, p95 {wording.duration(whole.p95)}"
    return Chart(
        data=_frame(
            {**_time(part), **_percentiles(getattr(part, name), UNITS_MS[unit])}
            for part in snapshot.series
        ),
        spec=latency_spec(unit),
        alt=f"{summary} of {wording.counted(whole.samples, 'completed task')}",
    )


def bin_width(snapshot: Snapshot) -> str:
    """How long a bin is, in words."""
    widest = max(part.to - part.from_ for part in snapshot.series)
    return wording.duration(round(widest.total_seconds() * 1000))


def sparkline(snapshot: Snapshot, name: str) -> list[int]:
    """A count of each bin that is not partial: half a bin would look like a fall."""
    parts = [part for part in snapshot.series if not part.partial] or snapshot.series
    return [getattr(part.tasks, name) or 0 for part in parts]


def _latencies(snapshot: Snapshot, name: LatencyName) -> Iterable[BinLatency]:
    return (getattr(part, name) for part in snapshot.series)


def _unit(values_ms: Iterable[int | None]) -> str:
    largest = max((value for value in values_ms if value is not None), default=0)
    return next((unit for unit, ms in UNITS_MS.items() if largest >= LEAST_UNITS * ms), "ms")


def _frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def _time(part: SeriesBin) -> dict[str, datetime | str | bool]:
    title = f"{wording.interval(part.from_, part.to)} UTC"
    return {
        "from": part.from_,
        "to": part.to,
        "middle": part.from_ + (part.to - part.from_) / 2,
        "partial": part.partial,
        "bin": f"{title} (partial)" if part.partial else title,
    }


def _counts(part: SeriesBin, names: Iterable[str]) -> dict[str, int]:
    return {name: getattr(part.tasks, name) or 0 for name in names}


def _percentiles(latency: BinLatency, unit_ms: int) -> dict[str, object]:
    values = {name: getattr(latency, name) for name in PERCENTILES}
    drawn = {name: None if ms is None else ms / unit_ms for name, ms in values.items()}
    words = {f"{name}_words": wording.duration(ms) for name, ms in values.items()}
    return {**drawn, **words, "samples": latency.samples}
