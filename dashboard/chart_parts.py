"""What the charts' specifications share: colours, axes, legends, the column of a bin. Pure.

The data is one row a bin: `start` and `end` in seconds since 1970, moved into the zone that is
shown, since Vega knows no zones but UTC and the browser's; `partial`; and figures. Where something
is compared, further rows hold it, marked `before`. A row is as narrow as can be, for each refresh
sends it: words are made of it here, in Vega's expressions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboard.palette import COLOURS, DASHES

Spec = dict[str, Any]

BRUSH = "zoom"
DATA = "bins"
FROM, TO, MIDDLE = "from", "to", "middle"
INSTANTS = {
    FROM: "datum.start*1000",
    TO: "datum.end*1000",
    MIDDLE: "(datum.start+datum.end)*500",
}
HEIGHT = 240
PARTIAL_OPACITY = 0.45
BEFORE_OPACITY = 0.5
PARTIAL_DASH = [3, 3]
BEFORE_DASH = [2, 2]
LEGEND = {
    "orient": "top",
    "title": None,
    "labelFontSize": 12,
    "symbolStrokeWidth": 2,
    "symbolOpacity": 1,
}

# Midnight is labelled with its day, and seconds only where they matter.
TIME_LABEL = (
    "utcFormat(datum.value,utchours(datum.value)+utcminutes(datum.value)==0?'%-d %b':"
    "utcseconds(datum.value)==0?'%H:%M':'%H:%M:%S')"
)


def bins(*, compared: bool = False, before: bool = False) -> alt.Chart:
    """A chart of the rows that come later: those of the window, or those of the one before."""
    chart = alt.Chart(alt.NamedData(DATA))
    if not compared:
        return chart
    kept: alt.Chart = chart.transform_filter("datum.before" if before else "!datum.before")
    return kept


def hover(words: Sequence[alt.Tooltip], *, compared: bool) -> alt.Chart:
    """A column a bin, over the whole height: it tells the bin's figures, and is what is brushed.

    A partial bin has a dashed frame, whatever the chart draws in it.
    """
    column: alt.Chart = (
        bins(compared=compared)
        .mark_rect(fill="transparent", stroke="gray", strokeDash=PARTIAL_DASH, aria=False)
        .encode(
            x=f"{FROM}:T",
            x2=f"{TO}:T",
            y=alt.value(0),
            y2=alt.value("height"),
            strokeOpacity=alt.condition("datum.partial", alt.value(0.7), alt.value(0)),
            tooltip=[alt.Tooltip("time:N"), *words],
        )
        .add_params(
            alt.selection_interval(name=BRUSH, encodings=["x"], translate=False, zoom=False)
        )
    )
    return column


def _time_words(zone: str) -> str:
    """A Vega expression for both ends of a bin."""
    start = f"utcFormat(datum.{FROM},'%H:%M:%S')"
    end = f"utcFormat(datum.{TO},'%H:%M:%S, %-d %b')"
    return f"{start}+' to '+{end}+' {zone}'+(datum.partial?' (partial)':'')"


def layered(*marks: alt.Chart | alt.LayerChart) -> alt.LayerChart:
    """The marks in one chart, the first at the bottom."""
    return alt.LayerChart(layer=list(marks))


def floor() -> alt.Chart:
    """Nothing to be seen, but it keeps the axis from 0 to 1 where there is nothing else."""
    mark: alt.Chart = bins().mark_point(opacity=0, aria=False).encode(x=f"{FROM}:T", y=alt.datum(1))
    return mark


def time_axis() -> alt.X:
    """Time across the chart; each layer names its field, in milliseconds."""
    axis = alt.Axis(
        title=None,
        tickCount=6,
        labelExpr=TIME_LABEL,
        labelOverlap="greedy",
        labelFlush=True,
        grid=False,
    )
    return alt.X(type="temporal", scale=alt.Scale(type="utc", nice=False), axis=axis)


def count_axis() -> alt.Y:
    """Whole numbers, few of them; each layer names its field."""
    axis = alt.Axis(title=None, tickCount=5, tickMinStep=1, format="~s")
    return alt.Y(type="quantitative", axis=axis, scale=alt.Scale(nice=True))


def colour(field: str, names: Sequence[str], symbol: str = "stroke") -> alt.Color:
    """Each name in its colour; the legend is above the chart."""
    scale, legend = _scale(names, COLOURS), alt.Legend(symbolType=symbol)
    return alt.Color(f"{field}:N", scale=scale, legend=legend, sort=list(names))


def dash(field: str, names: Sequence[str]) -> alt.StrokeDash:
    """Each name in its dashes, which tell the same as the colours."""
    legend = alt.Legend(symbolType="stroke")
    return alt.StrokeDash(f"{field}:N", scale=_scale(names, DASHES), legend=legend)


def faint_where_partial() -> Any:
    """Half a bin looks like a fall: it is fainter."""
    return alt.condition("datum.partial", alt.value(PARTIAL_OPACITY), alt.value(1))


def finished(chart: alt.LayerChart, y: alt.Y, zone: str, **words: str) -> Spec:
    """The specification alone, on axes of its own: no data, and no theme but Streamlit's.

    `words` are further expressions that every layer's tooltip may name, as it may name `time`.
    """
    told = {"time": _time_words(zone), **words}
    axes = chart.transform_calculate(**INSTANTS, **told).encode(x=time_axis(), y=y)
    spec = axes.properties(height=HEIGHT).to_dict()
    wanted = ("height", "transform", "params", "encoding", "layer")
    kept: Spec = _without_data({name: spec[name] for name in wanted if name in spec})
    return {**kept, "config": {"legend": LEGEND}}


def _scale(names: Sequence[str], ranges: Mapping[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=[ranges[name] for name in names])


def _without_data(part: Any) -> Any:
    """The part without what says that its data comes from elsewhere, which Streamlit knows."""
    if isinstance(part, list):
        return [_without_data(each) for each in part]
    if isinstance(part, dict):
        return {name: _without_data(value) for name, value in part.items() if name != "data"}
    return part
