"""Chart specifications, in Altair. Pure; they never depend on the data, and are built once.

Times are on an axis in UTC. Colours are Okabe and Ito's; dashes and the order of the legend tell
the same without them.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt

ENDED = ("failed", "cancelled", "completed")
OPEN = ("processing", "queued", "scheduled", "retrying")
PERCENTILES = ("p95", "p50")
Spec = dict[str, Any]

COLOURS = {
    "completed": "#009E73",
    "processing": "#0072B2",
    "queued": "#56B4E9",
    "cancelled": "#999999",
    "failed": "#D55E00",
    "scheduled": "#CC79A7",
    "retrying": "#E69F00",
    "created": "#CC79A7",
    "p95": "#E69F00",
    "p50": "#0072B2",
}
DASHES = {
    "created": [4, 3],
    "processing": [1, 0],
    "queued": [6, 3],
    "scheduled": [2, 3],
    "retrying": [8, 3, 2, 3],
    "p95": [6, 3],
    "p50": [1, 0],
}
PARTIAL_OPACITY = 0.45
HEIGHT = 240
# Midnight is labelled with its day, and seconds only where they matter.
TIME_LABEL = (
    "utcFormat(datum.value, utchours(datum.value) + utcminutes(datum.value) == 0 ? '%-d %b' : "
    "utcseconds(datum.value) == 0 ? '%H:%M' : '%H:%M:%S')"
)


@cache
def ended_spec(*, has_created: bool) -> Spec:
    """Bars of tasks that ended, failed ones at the bottom; a line of those created."""
    statuses = tuple(reversed(ENDED))
    bars = (
        _bins()
        .transform_fold(list(ENDED), as_=["status", "tasks"])
        .transform_calculate(place=f"indexof({list(ENDED)}, datum.status)")
        .transform_stack(
            stack="tasks",
            groupby=["from"],
            sort=[alt.SortField("place")],
            as_=["bottom", "top"],
        )
        .mark_rect(x2Offset=-1, aria=False)
        .encode(
            x=_time_axis("from"),
            x2="to:T",
            y=alt.Y("bottom:Q", axis=_count_axis(), scale=alt.Scale(nice=True)),
            y2="top:Q",
            color=_colour("status", statuses, symbol="square"),
            opacity=_faint_where_partial(),
        )
    )
    if not has_created:
        return _finished(alt.layer(bars, _floor(), _tooltip(_count_words(statuses))))
    tooltip = _tooltip(_count_words((*statuses, "created")))
    return _finished(alt.layer(bars, _created_line(), _floor(), tooltip))


def _created_line() -> alt.Chart:
    colour = COLOURS["created"]
    legend = _legend("stroke")
    legend.symbolStrokeColor = colour
    line: alt.Chart = (
        _bins()
        .transform_filter("!datum.partial")
        .transform_calculate(flow="'created'")
        .mark_line(strokeWidth=1.5, color=colour, aria=False)
        .encode(
            x=_time_axis("middle"),
            y=alt.Y("created:Q", axis=_count_axis()),
            strokeDash=alt.StrokeDash("flow:N", scale=_scale(("created",), DASHES), legend=legend),
        )
    )
    return line


@cache
def open_spec(states: tuple[str, ...]) -> Spec:
    """One line a state."""
    lines = (
        _bins()
        .transform_fold(list(states), as_=["state", "tasks"])
        .mark_line(strokeWidth=2, aria=False)
        .encode(
            x=_time_axis("to"),
            y=alt.Y("tasks:Q", axis=_count_axis()),
            color=_colour("state", states),
            strokeDash=_dash("state", states),
        )
    )
    return _finished(alt.layer(lines, _floor(), _tooltip(_count_words(states))))


@cache
def latency_spec(unit: str) -> Spec:
    """p50 and p95 as lines with gaps; a point a bin, so that one between two gaps is seen too."""
    axis = alt.Axis(title=None, labelExpr=f"datum.label + ' {unit}'", tickCount=5)
    base = (
        _bins()
        .transform_fold(list(PERCENTILES), as_=["percentile", "latency"])
        .encode(
            x=_time_axis("middle"),
            y=alt.Y("latency:Q", axis=axis, scale=alt.Scale(zero=True)),
            color=_colour("percentile", PERCENTILES),
        )
    )
    lines = base.mark_line(strokeWidth=2, aria=False).encode(
        strokeDash=_dash("percentile", PERCENTILES)
    )
    points = (
        base.transform_filter("isValid(datum.latency)")
        .mark_point(size=22, filled=True, opacity=1, aria=False)
        .encode(opacity=_faint_where_partial())
    )
    tooltip = _tooltip(_latency_words())
    return _finished(alt.layer(lines, points, _floor(), tooltip))


def _latency_words() -> list[alt.Tooltip]:
    words = [alt.Tooltip(f"{name}_words:N", title=name) for name in PERCENTILES]
    samples = alt.Tooltip("samples:Q", title="n, completed tasks", format=",")
    return [alt.Tooltip("bin:N", title="time"), *words, samples]


def _count_words(names: tuple[str, ...]) -> list[alt.Tooltip]:
    counts = [alt.Tooltip(f"{name}:Q", format=",") for name in names]
    return [alt.Tooltip("bin:N", title="time"), *counts]


def _time_axis(field: str) -> alt.X:
    return alt.X(
        f"{field}:T",
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(
            title=None,
            tickCount=6,
            labelExpr=TIME_LABEL,
            labelOverlap="greedy",
            labelFlush=True,
            grid=False,
        ),
    )


def _count_axis() -> alt.Axis:
    return alt.Axis(title=None, tickCount=5, tickMinStep=1, format="~s")


def _colour(field: str, names: tuple[str, ...], symbol: str = "stroke") -> alt.Color:
    legend = _legend(symbol)
    return alt.Color(f"{field}:N", scale=_scale(names, COLOURS), legend=legend, sort=list(names))


def _dash(field: str, names: tuple[str, ...]) -> alt.StrokeDash:
    return alt.StrokeDash(f"{field}:N", scale=_scale(names, DASHES), legend=_legend("stroke"))


def _scale(names: tuple[str, ...], ranges: Mapping[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=[ranges[name] for name in names])


def _legend(symbol: str) -> alt.Legend:
    return alt.Legend(
        orient="top", title=None, symbolType=symbol, labelFontSize=12, symbolStrokeWidth=2
    )


def _faint_where_partial() -> Any:
    return alt.condition("datum.partial", alt.value(PARTIAL_OPACITY), alt.value(1))


def _floor() -> alt.Chart:
    """Nothing to be seen, but it keeps the axis from 0 to 1 where there is nothing else."""
    floor: alt.Chart = (
        _bins()
        .transform_aggregate(rows="count()")
        .mark_point(opacity=0, aria=False)
        .encode(y=alt.datum(1))
    )
    return floor


def _bins() -> alt.Chart:
    """A chart of the rows that come later, one a bin."""
    return alt.Chart(alt.NamedData("bins"))


def _tooltip(words: list[alt.Tooltip]) -> alt.Chart:
    """A column a bin, over the whole height, that tells all of the bin's values at once."""
    column: alt.Chart = (
        _bins()
        .mark_rect(opacity=0, aria=False)
        .encode(
            x=_time_axis("from"),
            x2="to:T",
            y=alt.value(0),
            y2=alt.value("height"),
            tooltip=words,
        )
    )
    return column


def _finished(chart: alt.LayerChart | alt.FacetChart) -> Spec:
    """The specification alone: no data, and no theme but Streamlit's."""
    spec = chart.properties(height=HEIGHT).to_dict()
    return {"height": spec["height"], "layer": [_without_data(layer) for layer in spec["layer"]]}


def _without_data(layer: Mapping[str, Any]) -> Spec:
    return {name: value for name, value in layer.items() if name != "data"}
