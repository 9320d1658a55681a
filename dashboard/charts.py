"""Charts: Shown -> data, specification and words. Pure.

The data is one row a bin (see `dashboard.chart_parts`); where nothing was measured a value is null,
and its line has a gap. What is compared follows as further rows, moved onto the same axis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import pyarrow as pa

from dashboard import wording
from dashboard.chart_parts import Spec
from dashboard.chart_rows import Column, narrow
from dashboard.chart_specs import ended_spec, error_spec, open_spec
from dashboard.latency_spec import latency_spec
from dashboard.palette import ENDED, OPEN, PERCENTILES
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.groups import ErrorGroup

LatencyName = Literal["time_to_processing_ms", "time_to_complete_ms"]
SHORT_MS, LONG_MS = pa.uint32(), pa.float64()
"""Of latencies below and from 49 days: JavaScript has no whole numbers of 64 bits but BigInt."""
LEADING_DIGITS = {"1": 0, "2": 1, "5": 2}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What one chart draws: its data, its specification, and in words what it shows."""

    data: pa.Table
    spec: Spec
    alt: str


def ended_chart(shown: Shown) -> Chart:
    """Tasks that ended a bin, stacked by status; where known, those created as a line."""
    tasks, rows = shown.snapshot.tasks, shown.rows
    has_created = tasks.created is not None
    flow = (*ENDED, "created") if has_created else ENDED
    summary = ", ".join(wording.said(getattr(tasks, name), name) for name in reversed(flow))
    return Chart(
        data=rows.table(rows.counts(flow)),
        spec=ended_spec(has_created=has_created, compared=rows.compared, zone=zone_words(shown)),
        alt=summary,
    )


def open_chart(shown: Shown) -> Chart:
    """Tasks that were open at each bin's end, by state."""
    snapshot, rows = shown.snapshot, shown.rows
    states = tuple(state for state in OPEN if getattr(snapshot.tasks, state) is not None)
    summary = ", ".join(f"{getattr(snapshot.tasks, state)} {state}" for state in states)
    return Chart(
        data=rows.table(rows.counts(states)),
        spec=open_spec(states, compared=rows.compared, zone=zone_words(shown)),
        alt=f"{summary} at {wording.clock(snapshot.window.to, shown.zone)} {zone_words(shown)}",
    )


def latency_chart(shown: Shown, name: LatencyName) -> Chart:
    """One latency: p50, p95 and p99 a bin over the heat map of its samples."""
    if shown.before is not None and not getattr(shown.before.latency, name).samples:
        # Lines of nothing have no extent, which Vega tells on the console.
        shown = replace(shown, before=None)
    rows, whole = shown.rows, getattr(shown.snapshot.latency, name)
    measured = [getattr(part, name) for part in rows.parts]
    figures: dict[str, Column] = {
        each: _latencies([getattr(latency, each) for latency in measured]) for each in PERCENTILES
    }
    figures["samples"] = narrow([latency.samples for latency in measured])
    texts = [cells(latency.buckets) for latency in measured]
    drawn = [text if i < rows.first_before else "" for i, text in enumerate(texts)]
    figures["cells"] = (pa.string(), drawn)
    words = ", ".join(f"{q} {wording.duration(getattr(whole, q))}" for q in PERCENTILES)
    return Chart(
        data=rows.table(figures),
        spec=latency_spec(compared=rows.compared, zone=zone_words(shown)),
        alt=f"{words} of {wording.counted(whole.samples, 'completed task')}",
    )


def _latencies(ms: Sequence[int | None]) -> Column:
    longest = max((each for each in ms if each is not None), default=0)
    return (SHORT_MS if longest < 2**32 else LONG_MS), ms


def error_chart(shown: Shown, error: ErrorGroup) -> Chart:
    """The failures with one code a bin; compared, those that it had before."""
    rows = shown.rows
    before = shown.before.errors if shown.before else None
    older = next((e.bins for e in before.codes if e.code == error.code), ()) if before else ()
    counts = [*error.bins, *older]
    counts += [0] * (len(rows.parts) - len(counts))
    return Chart(
        data=rows.table({"failed": narrow(counts)}),
        spec=error_spec(compared=rows.compared, zone=zone_words(shown)),
        alt=wording.counted(error.count, "failure"),
    )


def cells(buckets: Mapping[str, int]) -> str:
    """Counts by bucket as "index:count"; the index is the place of its lower edge in 1, 2, 5, 10 …

    >>> cells({"0": 1, "1": 2, "50": 3, "1000": 4})
    '-1:1 0:2 5:3 9:4'
    """
    return " ".join(f"{_edge_index(edge)}:{count}" for edge, count in buckets.items())


def _edge_index(edge: str) -> int:
    return -1 if edge == "0" else 3 * (len(edge) - 1) + LEADING_DIGITS[edge[0]]


def zone_words(shown: Shown) -> str:
    """The zone of the axes: "UTC", or its offset at the window's end, as "UTC+05:30"."""
    offset = shown.zone_offset
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(round(offset.total_seconds() / 60)), 60)
    return f"UTC{'+' if offset > timedelta() else '-'}{hours:02}:{minutes:02}"


def bin_width(snapshot: Snapshot) -> str:
    """How long a bin is, in words."""
    widest = max(part.to - part.from_ for part in snapshot.series)
    return wording.duration(round(widest.total_seconds() * 1000))


def sparkline(snapshot: Snapshot, name: str) -> list[int]:
    """A count of each bin that is not partial: half a bin would look like a fall."""
    parts = [part for part in snapshot.series if not part.partial] or snapshot.series
    return [getattr(part.tasks, name) or 0 for part in parts]
