"""Charts of the report: a snapshot's series -> SVG. Pure; the same figures as the page's charts.

`tops` of several snapshots can be taken together, so that their charts share one scale.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard import wording
from dashboard.markup import Html, tag
from dashboard.palette import COLOURS, ENDED, OPEN, PERCENTILES
from dashboard.report.axes import LEAST_MS, Scale, count_ticks, duration_ticks
from dashboard.report.svg import (
    PARTIAL_OPACITY,
    TOP,
    Entry,
    Frame,
    axes,
    box,
    broken_line,
    drawing,
    legend,
    square_entry,
    stroke_entry,
    told,
)
from metrics_core import Snapshot
from metrics_core.document import SeriesBin
from metrics_core.latency import BUCKET_EDGES_MS

LatencyName = Literal["time_to_processing_ms", "time_to_complete_ms"]
Snapshots = Sequence[Snapshot]
NEXT_EDGE = dict(zip(map(str, BUCKET_EDGES_MS), BUCKET_EDGES_MS[1:].tolist(), strict=False))
HEIGHT = 190
CELL = "#0072B2"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How wide a chart is, and the scale that it shares with the others."""

    width: int
    top: float
    low: float = 0


def frame_of(snapshot: Snapshot, width: int) -> Frame:
    """The snapshot's window, across."""
    window = snapshot.window
    return Frame(width=width, height=HEIGHT, start=window.from_, end=window.to)


def ended_look(snapshots: Snapshots, width: int) -> Look:
    """One scale for tasks that ended, and were created, a bin."""
    sums = (sum(_number(part, name) for name in ENDED) for part in _bins(snapshots))
    created = (_number(part, "created") for part in _bins(snapshots))
    return Look(width=width, top=max((*sums, *created), default=0))


def open_look(snapshots: Snapshots, width: int) -> Look:
    """One scale for tasks that are open at a bin's end."""
    numbers = (_number(part, state) for part in _bins(snapshots) for state in OPEN)
    return Look(width=width, top=max(numbers, default=0))


def latency_look(snapshots: Snapshots, width: int, name: LatencyName) -> Look:
    """One logarithmic scale, in ms, for a latency's percentiles and buckets."""
    parts = [getattr(part, name) for part in _bins(snapshots)]
    edges = [edge for part in parts for key in part.buckets for edge in _edges(key)]
    lines = [getattr(part, each) for part in parts for each in PERCENTILES]
    known = [max(ms, LEAST_MS) for ms in (*edges, *(ms for ms in lines if ms is not None))]
    return Look(width=width, low=min(known, default=1), top=max((*known, 10)))


def ended_chart(snapshot: Snapshot, look: Look) -> Html:
    """Bars of tasks that ended a bin, failed ones at the bottom and framed; created as a line."""
    frame, y, ticks = _count_axis(snapshot, look)
    bars = [mark for part in snapshot.series for mark in _stack(frame, y, part)]
    names = [square_entry(name, **_fill(name)) for name in reversed(ENDED)]
    shown = [*reversed(ENDED)]
    if snapshot.tasks.created is not None:
        whole = (part for part in snapshot.series if not part.partial)
        points = [(frame.middle(part), y(_number(part, "created"))) for part in whole]
        bars.append(broken_line(points, "created"))
        names.append(stroke_entry("created"))
        shown.append("created")
    alt = ", ".join(wording.said(getattr(snapshot.tasks, name), name) for name in shown)
    words = _told(frame, snapshot, lambda part: _counts(part, shown))
    return drawing(frame, alt, axes(frame, y, ticks), *bars, legend(names), *words)


def open_chart(snapshot: Snapshot, look: Look) -> Html:
    """A line a state: tasks that were open at each bin's end."""
    frame, y, ticks = _count_axis(snapshot, look)
    states = [state for state in OPEN if getattr(snapshot.tasks, state) is not None]
    lines = [
        broken_line([(frame.x(p.to), y(_number(p, state))) for p in snapshot.series], state)
        for state in states
    ]
    alt = ", ".join(f"{getattr(snapshot.tasks, s):,} {s}" for s in states) + " at the end"
    words = _told(frame, snapshot, lambda part: _counts(part, states))
    names = legend([stroke_entry(state) for state in states])
    return drawing(frame, alt, axes(frame, y, ticks), *lines, names, *words)


def latency_chart(snapshot: Snapshot, look: Look, name: LatencyName) -> Html:
    """Percentile lines over the heat map of all samples, on one logarithmic axis of time."""
    frame = frame_of(snapshot, look.width)
    y = Scale(low=look.low, high=look.top, start=frame.bottom, end=TOP, is_log=True)
    darkest = max(
        (n for p in snapshot.series for n in getattr(p, name).buckets.values()), default=0
    )
    cells = [mark for part in snapshot.series for mark in _cells(frame, y, part, name, darkest)]
    lines = [broken_line(_points(frame, y, snapshot, name, each), each) for each in PERCENTILES]
    whole = getattr(snapshot.latency, name)
    alt = ", ".join(f"{each} {wording.duration(getattr(whole, each))}" for each in PERCENTILES)
    names = [*(stroke_entry(each) for each in PERCENTILES), _darkest(darkest)]
    words = _told(frame, snapshot, lambda part: _percentiles(part, name))
    marks = (axes(frame, y, duration_ticks(y)), *cells, *lines, legend(names), *words)
    return drawing(frame, f"{alt} of {wording.counted(whole.samples, 'task')}", *marks)


def silhouette(bins: Sequence[int]) -> Html:
    """Counts a bin as small bars without axes, for a cell of a table."""
    width, height, top = 64, 18, max((*bins, 1))
    step = width / max(len(bins), 1)
    marks = (
        f"M{round(i * step, 1):g} {height}v-{round(n * height / top, 1):g}h{step:.1f}V{height}z"
        for i, n in enumerate(bins)
        if n
    )
    path = tag("path", d="".join(marks), fill=COLOURS["failed"])
    size = {"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"}
    return tag("svg", path, aria_hidden="true", class_="silhouette", **size)


def _count_axis(snapshot: Snapshot, look: Look) -> tuple[Frame, Scale, list[tuple[float, str]]]:
    frame, ticks = frame_of(snapshot, look.width), count_ticks(int(look.top))
    y = Scale(low=0, high=ticks[-1], start=frame.bottom, end=TOP)
    return frame, y, [(tick, wording.short_count(tick)) for tick in ticks]


def _stack(frame: Frame, y: Scale, part: SeriesBin) -> Iterator[Html]:
    left, width = frame.span(part)
    below = 0
    for name in ENDED:
        number = _number(part, name)
        if number:
            top, height = y(below + number), round(y(below) - y(below + number), 1)
            opacity = PARTIAL_OPACITY if part.partial else None
            yield box(left, top, max(width - 1, 0.5), height, opacity=opacity, **_fill(name))
        below += number


def _fill(name: str) -> dict[str, str]:
    """A status' colour; what failed has a dark frame besides, to be told without colours."""
    frame = {"stroke": "#5c2800", "stroke-width": "1"} if name == "failed" else {}
    return {"fill": COLOURS[name], **frame}


def _cells(
    frame: Frame, y: Scale, part: SeriesBin, name: LatencyName, darkest: int
) -> Iterator[Html]:
    left, width = frame.span(part)
    for key, number in getattr(part, name).buckets.items():
        if edges := _edges(key):
            low, high = (y(max(edge, LEAST_MS)) for edge in edges)
            shade = _shade(number, darkest)
            yield box(left, high, width, round(low - high, 1), fill=CELL, fill_opacity=shade)


def _shade(number: int, darkest: int) -> str:
    return f"{0.08 + 0.52 * (number / max(darkest, 1)) ** 0.5:.2f}"


def _darkest(number: int) -> Entry:
    return square_entry(f"{number:,} in a cell", fill=CELL, fill_opacity=_shade(1, 1))


def _edges(key: str) -> tuple[float, ...]:
    """Both edges of a bucket in ms; none of a key that names no bucket."""
    return (int(key), NEXT_EDGE[key]) if key in NEXT_EDGE else ()


def _points(
    frame: Frame, y: Scale, snapshot: Snapshot, name: LatencyName, percentile: str
) -> Iterator[tuple[float, float | None]]:
    for part in snapshot.series:
        ms = getattr(getattr(part, name), percentile)
        yield frame.middle(part), None if ms is None else y(max(ms, LEAST_MS))


def _told(frame: Frame, snapshot: Snapshot, words: Callable[[SeriesBin], str]) -> Iterator[Html]:
    for part in snapshot.series:
        span = wording.interval(part.from_, part.to)
        yield told(frame, part, f"{span}{' (partial)' if part.partial else ''}: {words(part)}")


def _counts(part: SeriesBin, names: Iterable[str]) -> str:
    return ", ".join(wording.said(getattr(part.tasks, name), name) for name in names)


def _percentiles(part: SeriesBin, name: LatencyName) -> str:
    latency = getattr(part, name)
    words = (f"{each} {wording.duration(getattr(latency, each))}" for each in PERCENTILES)
    return f"{', '.join(words)}, n {latency.samples:,}"


def _bins(snapshots: Snapshots) -> Iterator[SeriesBin]:
    return (part for snapshot in snapshots for part in snapshot.series)


def _number(part: SeriesBin, name: str) -> int:
    number: int | None = getattr(part.tasks, name)
    return number or 0
