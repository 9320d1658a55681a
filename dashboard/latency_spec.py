"""Specification of a latency's chart: percentile lines over the heat map of all samples. Pure.

Both share one logarithmic axis of time, so that a line can be read against what it sums up.
"""

from functools import lru_cache

import altair as alt

from dashboard.chart_parts import (
    BEFORE_DASH,
    BEFORE_OPACITY,
    FROM,
    MIDDLE,
    TO,
    Spec,
    bins,
    colour,
    dash,
    faint_where_partial,
    finished,
    hover,
    layered,
)
from dashboard.palette import PERCENTILES

# Beneath 1 ms a logarithm has no end: what took 0 ms is drawn between this and 1 ms.
LEAST_MS = 0.5
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
TICKS_MS = [
    *(1, 10, 100),
    *(SECOND * n for n in (1, 2, 5, 10, 20, 30)),
    *(MINUTE * n for n in (1, 2, 5, 10, 30)),
    *(HOUR * n for n in (1, 3, 6, 12, 24)),
]


@lru_cache(maxsize=64)
def latency_spec(*, compared: bool, zone: str) -> Spec:
    """Cells of tasks a bin and bucket, and p50, p95, p99 with gaps; compared, the older lines too.

    A line has a point a bin, so that one between two gaps is seen too.
    """
    tooltip = hover(_bin_words(), compared=compared)
    layers: list[alt.Chart | alt.LayerChart] = [tooltip, _cells(compared=compared)]
    if compared:
        layers.append(_lines_before())
    chart = layered(*layers, _lines(compared=compared))
    return finished(chart, _latency_axis(), zone, **_percentile_words())


def duration_words(ms: str) -> str:
    """A Vega expression that says milliseconds in words, cut as `wording.duration` cuts them."""
    return (
        f"{ms}==null?'–':{ms}<1e3?{ms}+' ms':{ms}<1e4?floor({ms}/100)/10+' s':"
        f"{ms}<6e4?floor({ms}/1e3)+' s':{ms}<36e5?utcFormat({ms},'%-M min %-S s'):"
        f"{ms}<864e5?utcFormat({ms},'%-H h %-M min'):floor({ms}/36e5)+' h'"
    )


def _cells(*, compared: bool) -> alt.Chart:
    """Rectangles from the texts of `charts.cells`: "12:3 13:40" is 3 in bucket 12, 40 in 13."""
    cells: alt.Chart = (
        bins(compared=compared)
        .transform_filter("datum.cells")
        .transform_calculate(cell="split(datum.cells,' ')")
        .transform_flatten(["cell"])
        .transform_calculate(k="toNumber(split(datum.cell,':')[0])")
        .transform_calculate(
            n="toNumber(split(datum.cell,':')[1])",
            low=_edge("datum.k"),
            high=_edge("(datum.k+1)"),
        )
        .transform_calculate(took=f"{_edge_words('datum.low')}+' to '+{_edge_words('datum.high')}")
        .mark_rect(aria=False)
        .encode(
            x=f"{FROM}:T",
            x2=f"{TO}:T",
            y="low:Q",
            y2="high:Q",
            fill=alt.Fill("n:Q", scale=alt.Scale(type="sqrt", zero=True), legend=None),
            tooltip=[alt.Tooltip("time:N"), alt.Tooltip("took:N"), _TASKS, *_bin_words()],
        )
    )
    return cells


def _edge(index: str) -> str:
    return f"{index}<0?{LEAST_MS}:pow(10,floor({index}/3))*[1,2,5][{index}%3]"


_TASKS = alt.Tooltip("n:Q", title="tasks", format=",")
_SAMPLES = alt.Tooltip("samples:Q", title="n of the bin", format=",")


def _edge_words(ms: str) -> str:
    seconds = f"{ms}<1e6?{ms}/1e3+' s':format({ms}/36e5,'.1f')+' h'"
    return f"({ms}<1?'0 ms':{ms}<1e3?{ms}+' ms':{seconds})"


def _lines(*, compared: bool) -> alt.LayerChart:
    line = alt.Chart().mark_line(strokeWidth=2, aria=False)
    point = alt.Chart().mark_point(size=22, filled=True, aria=False)
    shown = line.encode(strokeDash=dash("percentile", PERCENTILES))
    points = point.transform_filter("isValid(datum.ms)").encode(opacity=faint_where_partial())
    return _percentiles(layered(shown, points), compared=compared)


def _lines_before() -> alt.LayerChart:
    line = alt.Chart().mark_line(
        strokeWidth=1.5, strokeDash=BEFORE_DASH, opacity=BEFORE_OPACITY, aria=False
    )
    return _percentiles(layered(line), before=True)


def _percentiles(
    marks: alt.LayerChart, *, compared: bool = True, before: bool = False
) -> alt.LayerChart:
    if compared:
        marks = marks.transform_filter("datum.before" if before else "!datum.before")
    lines: alt.LayerChart = (
        marks.transform_fold(list(PERCENTILES), as_=["percentile", "ms"])
        .transform_calculate(at=f"isValid(datum.ms)?max(datum.ms,{LEAST_MS}):null")
        .encode(x=f"{MIDDLE}:T", y="at:Q", color=colour("percentile", PERCENTILES))
    )
    return lines


def _latency_axis() -> alt.Y:
    axis = alt.Axis(title=None, values=TICKS_MS, labelExpr=_tick_words(), labelOverlap="greedy")
    return alt.Y(type="quantitative", axis=axis, scale=alt.Scale(type="log", nice=False))


def _tick_words() -> str:
    value = "datum.value"
    return (
        f"{value}<1e3?{value}+' ms':{value}<6e4?{value}/1e3+' s':"
        f"{value}<36e5?{value}/6e4+' min':{value}/36e5+' h'"
    )


def _percentile_words() -> dict[str, str]:
    return {f"{name}_words": duration_words(f"datum.{name}") for name in PERCENTILES}


def _bin_words() -> list[alt.Tooltip]:
    words = [alt.Tooltip(f"{name}_words:N", title=name) for name in PERCENTILES]
    return [_SAMPLES, *words]
