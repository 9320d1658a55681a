"""SVG: the frame, the axes and the marks of a chart, as text. Pure; nothing of tasks.

One drawing is one element without script, style sheet or link; a mark's `<title>` is what a
browser says of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.markup import Html, tag
from dashboard.palette import COLOURS, DASHES
from dashboard.report.axes import Scale, time_label, time_ticks
from metrics_core.document import SeriesBin
from metrics_core.window import EPOCH

LEFT, RIGHT, TOP, BOTTOM = 46, 12, 26, 20
TICK_PIXELS = 75
PARTIAL_OPACITY = "0.45"
HALF_LABEL = 16
LEGEND_GAP, LETTER, SYMBOL, SQUARE = 12, 6, 20, 12
Entry = tuple[str, int, Html]
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The place of a drawing and its axis of time; `y` is made by each chart."""

    width: int
    height: int
    start: datetime
    end: datetime

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM

    def x(self, instant: datetime) -> float:
        """The pixel of an instant."""
        ends = ((at - EPOCH).total_seconds() for at in (self.start, self.end))
        low, high = ends
        scale = Scale(low=low, high=high, start=LEFT, end=self.width - RIGHT)
        return scale((instant - EPOCH).total_seconds())

    def span(self, part: SeriesBin) -> Point:
        """The left edge of a bin and its width."""
        left = self.x(part.from_)
        return left, round(max(self.x(part.to) - left, 0.0), 1)

    def middle(self, part: SeriesBin) -> float:
        """The pixel of the middle of a bin."""
        left, width = self.span(part)
        return round(left + width / 2, 1)


def drawing(frame: Frame, alt: str, *marks: Html) -> Html:
    """The element; `alt` says in words what it shows."""
    size = {"width": str(frame.width), "height": str(frame.height)}
    box = f"0 0 {frame.width} {frame.height}"
    return tag("svg", tag("title", alt), *marks, viewBox=box, role="img", **size)


def axes(frame: Frame, y: Scale, ticks: Iterable[tuple[float, str]]) -> Html:
    """Grid lines with their words at the left, the clock in UTC along the bottom."""
    rows = [part for value, words in ticks for part in _row(frame, y(value), words)]
    most = max(2, (frame.width - LEFT - RIGHT) // TICK_PIXELS)
    columns = [
        part
        for instant in time_ticks(frame.start, frame.end, most)
        for part in _column(frame, frame.x(instant), time_label(instant))
    ]
    return tag("g", *rows, *columns, class_="axes")


def _row(frame: Frame, y: float, words: str) -> Iterator[Html]:
    yield line([(LEFT, y), (frame.width - RIGHT, y)], class_="grid")
    yield text(LEFT - 5, y + 4, words, anchor="end")


def _column(frame: Frame, x: float, words: str) -> Iterator[Html]:
    yield line([(x, frame.bottom), (x, frame.bottom + 4)], class_="tick")
    is_last = x > frame.width - RIGHT - HALF_LABEL
    yield text(frame.width if is_last else x, frame.bottom + 16, words, anchor=_anchor(is_last))


def _anchor(is_last: bool) -> str:
    """What stands at the right edge must not be cut there."""
    return "end" if is_last else "middle"


def text(x: float, y: float, words: str, *, anchor: str = "start") -> Html:
    """Words at a place."""
    return tag("text", words, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor)


def line(points: Sequence[Point], *, class_: str, name: str | None = None) -> Html:
    """A line through the points; of a named one the colour and the dashes are the palette's."""
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    dash = " ".join(map(str, DASHES[name])) if name and DASHES[name][1:] != [0] else None
    colour = COLOURS[name] if name else None
    return tag("path", d=path, class_=class_, stroke=colour, stroke_dasharray=dash)


def broken_line(points: Iterable[tuple[float, float | None]], name: str) -> Html:
    """A line with a gap where there is no value; a value between two gaps is a dot."""
    runs: list[list[Point]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return tag("g", *(_run(run, name) for run in runs if run))


def _run(run: list[Point], name: str) -> Html:
    if len(run) > 1:
        return line(run, class_="line", name=name)
    ((x, y),) = run
    return tag("circle", cx=f"{x:g}", cy=f"{y:g}", r="2", fill=COLOURS[name])


def box(x: float, y: float, width: float, height: float, **look: str | None) -> Html:
    """A rectangle."""
    return tag("rect", x=f"{x:g}", y=f"{y:g}", width=f"{width:g}", height=f"{height:g}", **look)


def told(frame: Frame, part: SeriesBin, words: str) -> Html:
    """A bin's column, to be seen by none, which says its figures where somebody points at it."""
    left, width = frame.span(part)
    size = {"x": f"{left:g}", "y": f"{TOP}", "width": f"{width:g}"}
    height = f"{frame.bottom - TOP}"
    return tag("rect", tag("title", words), **size, height=height, fill="#fff", fill_opacity="0")


def legend(entries: Iterable[Entry]) -> Html:
    """Words above the drawing, each behind its symbol, which is so wide and drawn at (0, 0)."""
    parts, left = [], 2
    for words, width, symbol in entries:
        move = f"translate({left} 12)"
        parts.append(tag("g", symbol, text(width + 4, 4, words), transform=move))
        left += width + 4 + LETTER * len(words) + LEGEND_GAP
    return tag("g", *parts, class_="legend")


def stroke_entry(name: str) -> Entry:
    """The legend's entry of a line."""
    return name, SYMBOL, line([(0, 0), (SYMBOL, 0)], class_="line", name=name)


def square_entry(words: str, **look: str | None) -> Entry:
    """The legend's entry of an area."""
    return words, SQUARE, box(0, -6, SQUARE, SQUARE, **look)
