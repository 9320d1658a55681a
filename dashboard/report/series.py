"""The charts over the window, and the same figures in numbers. Pure."""

from collections.abc import Iterator

from pydantic.alias_generators import to_camel

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.report.charts import (
    LatencyName,
    Look,
    ended_chart,
    ended_look,
    latency_chart,
    latency_look,
    open_chart,
    open_look,
)
from dashboard.report.incident import Incident, Side
from dashboard.report.tables import group_heads, number, table
from metrics_core import Snapshot
from metrics_core.document import SeriesBin
from metrics_core.sides import FLOWS

WIDE, NARROW = 680, 336
LATENCIES: dict[LatencyName, str] = {
    "time_to_processing_ms": "Time to processing",
    "time_to_complete_ms": "Time to complete",
}
COUNTS = (*FLOWS, "processing", "queued")


def charts(incident: Incident) -> Iterator[Html]:
    """Each chart of each snapshot; those of two stand side by side on the same scale."""
    snapshots, sides = incident.snapshots, incident.sides
    width = WIDE if len(sides) == 1 else NARROW
    yield tag("h2", "Over time (UTC)")
    ended = ended_look(snapshots, width)
    marks = [ended_chart(snapshot, ended) for snapshot in snapshots]
    yield _figure(f"Tasks ended {_width(incident)}", sides, marks)
    still = open_look(snapshots, width)
    marks = [open_chart(snapshot, still) for snapshot in snapshots]
    yield _figure("Tasks open at each bin's end", sides, marks)
    for name, words in LATENCIES.items():
        look = latency_look(snapshots, width, name)
        marks = [_latency(snapshot, look, name) for snapshot in snapshots]
        yield _figure(f"{words}, {_samples(incident, name)}", sides, marks)


def _latency(snapshot: Snapshot, look: Look, name: LatencyName) -> Html:
    """The chart; where there cannot be one, why."""
    reason = snapshot.quality.why_not(f"latency.{to_camel(name)}")
    if reason is None:
        return latency_chart(snapshot, look, name)
    return tag("p", "Not measurable. ", untrusted(reason))


def _figure(caption: str, sides: tuple[Side, ...], marks: list[Html]) -> Html:
    drawn = (
        tag("div", tag("p", side.name, class_="side") if len(sides) > 1 else None, mark)
        for side, mark in zip(sides, marks, strict=True)
    )
    return tag("figure", tag("figcaption", caption), tag("div", *drawn, class_="charts"))


def _width(incident: Incident) -> str:
    widths = []
    for snapshot in incident.snapshots:
        spans = [part.to - part.from_ for part in snapshot.series]
        if spans:
            widths.append(wording.duration(round(max(spans).total_seconds() * 1000)))
    return f"in {' and '.join(dict.fromkeys(widths))} each (bins cut by the window are fainter)"


def _samples(incident: Incident, name: LatencyName) -> str:
    numbers = (getattr(snapshot.latency, name).samples for snapshot in incident.snapshots)
    return f"n {' and '.join(map(number, numbers))} completed tasks"


def numbers(incident: Incident) -> Iterator[Html]:
    """An appendix: a row a bin, for who has nothing but paper."""
    yield tag("h2", "The series in numbers", class_="appendix")
    for side in incident.sides:
        heads = ["From (UTC)", *(name.capitalize() for name in COUNTS), *("p50", "p95", "n") * 2]
        caption = incident.said(side, "flow in each bin, open tasks at its end")
        groups = group_heads([("Tasks", len(COUNTS)), *((n, 3) for n in LATENCIES.values())])
        rows = [_row(side, part) for part in side.snapshot.series]
        yield table(caption, heads, rows, class_="figures dense", groups=groups)


def _row(side: Side, part: SeriesBin) -> list[str]:
    begin = wording.clock_near(part.from_, side.snapshot.window.to)
    cells = [f"{begin}{' (partial)' if part.partial else ''}"]
    cells += [number(getattr(part.tasks, name)) for name in COUNTS]
    for name in LATENCIES:
        latency = getattr(part, name)
        cells += [wording.duration(latency.p50), wording.duration(latency.p95)]
        cells.append(number(latency.samples))
    return cells
