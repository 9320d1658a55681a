"""Charts: Shown -> data, specification and words. Pure.

The data is one row a bin (see `dashboard.chart_parts`); where nothing was measured a value is null,
and its line has a gap. What is compared follows as further rows, moved onto the same axis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import pyarrow as pa

from dashboard import wording
from dashboard.chart_parts import Spec
from dashboard.chart_specs import ended_spec, error_spec, open_spec
from dashboard.latency_spec import latency_spec
from dashboard.palette import ENDED, OPEN, PERCENTILES
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.document import SeriesBin
from metrics_core.groups import ErrorGroup

LatencyName = Literal["time_to_processing_ms", "time_to_complete_ms"]
Column = tuple[pa.DataType, Sequence[object]]
SECONDS, MS = pa.uint32(), pa.uint32()
COUNTS = (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())
LEADING_DIGITS = {"1": 0, "2": 1, "5": 2}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What one chart draws: its data, its specification, and in words what it shows."""

    data: pa.Table
    spec: Spec
    alt: str


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """The bins to draw, each with how far it is moved, and whether it is of what is compared."""

    parts: tuple[SeriesBin, ...]
    moves: tuple[float, ...]
    compared: bool
    first_before: int

    @classmethod
    def of(cls, shown: Shown) -> "_Rows":
        now, before = shown.snapshot, shown.before
        offset = zone_offset(shown).total_seconds()
        older = before.series if before else ()
        moved = (now.window.to - before.window.to).total_seconds() if before else 0
        return cls(
            parts=now.series + older,
            moves=(offset,) * len(now.series) + (offset + moved,) * len(older),
            compared=before is not None,
            first_before=len(now.series),
        )

    def table(self, figures: Mapping[str, Column]) -> pa.Table:
        """Times and figures in the narrowest types that hold them; `before` only if compared."""
        columns = {
            "start": (SECONDS, _seconds([part.from_ for part in self.parts], self.moves)),
            "end": (SECONDS, _seconds([part.to for part in self.parts], self.moves)),
            "partial": (pa.bool_(), [part.partial for part in self.parts]),
            **figures,
        }
        if self.compared:
            marks = [i >= self.first_before for i in range(len(self.parts))]
            columns["before"] = (pa.bool_(), marks)
        return pa.table({name: pa.array(v, type_) for name, (type_, v) in columns.items()})

    def counts(self, names: Sequence[str]) -> dict[str, Column]:
        """A column of each count."""
        return {n: narrow([getattr(part.tasks, n) for part in self.parts]) for n in names}


def ended_chart(shown: Shown) -> Chart:
    """Tasks that ended a bin, stacked by status; where known, those created as a line."""
    tasks, rows = shown.snapshot.tasks, _Rows.of(shown)
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
    snapshot, rows = shown.snapshot, _Rows.of(shown)
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
    rows, whole = _Rows.of(shown), getattr(shown.snapshot.latency, name)
    measured = [getattr(part, name) for part in rows.parts]
    figures: dict[str, Column] = {
        each: (MS, [getattr(latency, each) for latency in measured]) for each in PERCENTILES
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


def error_chart(shown: Shown, error: ErrorGroup) -> Chart:
    """The failures with one code a bin; compared, those that it had before."""
    rows = _Rows.of(shown)
    before = shown.before.errors if shown.before else None
    older = next((e.bins for e in before.codes if e.code == error.code), ()) if before else ()
    counts = [*error.bins, *older]
    counts += [0] * (len(rows.parts) - len(counts))
    return Chart(
        data=rows.table({"failed": narrow(counts)}),
        spec=error_spec(compared=rows.compared, zone=zone_words(shown)),
        alt=wording.counted(error.count, "failure"),
    )


def narrow(counts: Sequence[int | None]) -> Column:
    """The counts in the narrowest type that holds the largest of them; null is not measurable."""
    bits = max((count for count in counts if count is not None), default=0).bit_length()
    return next(type_ for type_ in COUNTS if bits <= type_.bit_width), counts


def cells(buckets: Mapping[str, int]) -> str:
    """Counts by bucket as "index:count"; the index is the place of its lower edge in 1, 2, 5, 10 …

    >>> cells({"0": 1, "1": 2, "50": 3, "1000": 4})
    '-1:1 0:2 5:3 9:4'
    """
    return " ".join(f"{_edge_index(edge)}:{count}" for edge, count in buckets.items())


def _edge_index(edge: str) -> int:
    return -1 if edge == "0" else 3 * (len(edge) - 1) + LEADING_DIGITS[edge[0]]


def zone_offset(shown: Shown) -> timedelta:
    """How far the shown zone is from UTC at the window's end; one for the whole axis."""
    return shown.snapshot.window.to.astimezone(shown.zone).utcoffset() or timedelta()


def zone_words(shown: Shown) -> str:
    """The zone of the axes: "UTC", or its offset at the window's end, as "UTC+05:30"."""
    offset = zone_offset(shown)
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


def _seconds(instants: Sequence[datetime], moves: Sequence[float]) -> list[object]:
    return [int(at.timestamp() + by) for at, by in zip(instants, moves, strict=True)]
