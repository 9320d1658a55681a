"""Deltas: how a figure differs from the one it is compared with, coloured by what that means.

A sign and an arrow tell the direction without the colour; a word tells the meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard import wording
from dashboard.markup import Html, tag
from dashboard.shown import Shown
from metrics_core.comparison import Delta
from metrics_core.errors import NotComparable

ARROWS = {1: "▲", 0: "", -1: "▼"}
EQUAL = "unchanged"


@dataclass(frozen=True, kw_only=True)
class Deltas:
    """The deltas by the path of their figure; none where nothing is compared."""

    by_figure: Mapping[str, Delta] = field(default_factory=dict)

    def of(self, figure: str) -> list[Html]:
        """The figure's delta as one line; no line where nothing is compared."""
        delta = self.by_figure.get(figure)
        return [] if delta is None else [_line(delta)]


def deltas_of(shown: Shown) -> Deltas:
    """Every figure of the snapshot against the one before."""
    try:
        comparison = shown.comparison
    except NotComparable:
        return Deltas()
    deltas = comparison.deltas if comparison else ()
    return Deltas(by_figure={delta.figure: delta for delta in deltas})


def _line(delta: Delta) -> Html:
    if delta.difference is None:
        return tag("div", "no comparison", class_="delta neutral", title=delta.text)
    if not delta.difference:
        return tag("div", EQUAL, class_="delta neutral", title=delta.text)
    arrow = ARROWS[1 if delta.difference > 0 else -1]
    meaning = "" if delta.meaning == "neutral" else f" {delta.meaning}"
    words = f"{arrow} {_difference(delta)}{meaning}"
    return tag("div", words, class_=f"delta {delta.meaning}", title=delta.text)


def _difference(delta: Delta) -> str:
    """The size of the difference with its sign, in the unit of the tile."""
    assert delta.difference is not None  # noqa: S101 the caller asked
    sign, size = ("+" if delta.difference > 0 else "−"), abs(delta.difference)
    if delta.unit == "tasks per hour":
        return f"{sign}{wording.per_hour(size)}"
    if delta.unit == "tasks":
        return f"{sign}{wording.count(int(size))}"
    if delta.unit == "share":
        points = wording.points(size).replace("percentage ", "").replace("less than ", "<")
        return f"{sign}{points}"
    return f"{sign}{wording.usd(size)}"
