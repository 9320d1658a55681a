"""Specifications of the charts of counts, in Altair. Pure; never of the data, and built once.

Colours are Okabe and Ito's; dashes and the order of the legend tell the same without them.
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
    count_axis,
    dash,
    faint_where_partial,
    finished,
    floor,
    hover,
    layered,
)
from dashboard.palette import COLOURS, DASHES, ENDED


@lru_cache(maxsize=64)
def ended_spec(*, has_created: bool, compared: bool, zone: str) -> Spec:
    """Bars of tasks that ended, failed ones at the bottom; a line of those created.

    Compared, two dotted lines show what ended and what failed before.
    """
    words = (*reversed(ENDED), "created") if has_created else tuple(reversed(ENDED))
    layers = [_bars(compared=compared)]
    if has_created:
        layers.append(_created_line(compared=compared))
    if compared:
        layers.append(_ended_before())
    tooltip = hover(_count_words(words), compared=compared)
    return finished(layered(*layers, floor(), tooltip), count_axis(), zone)


def _bars(*, compared: bool) -> alt.Chart:
    bars: alt.Chart = (
        bins(compared=compared)
        .transform_fold(list(ENDED), as_=["status", "tasks"])
        .transform_calculate(place=f"indexof({list(ENDED)},datum.status)")
        .transform_stack(
            stack="tasks", groupby=[FROM], sort=[alt.SortField("place")], as_=["bottom", "top"]
        )
        .mark_rect(x2Offset=-1, aria=False)
        .encode(
            x=f"{FROM}:T",
            x2=f"{TO}:T",
            y="bottom:Q",
            y2="top:Q",
            color=colour("status", tuple(reversed(ENDED)), symbol="square"),
            opacity=faint_where_partial(),
        )
    )
    return bars


def _created_line(*, compared: bool) -> alt.Chart:
    shade = COLOURS["created"]
    legend = alt.Legend(symbolType="stroke", symbolStrokeColor=shade)
    scale = alt.Scale(domain=["created"], range=[DASHES["created"]])
    line: alt.Chart = (
        bins(compared=compared)
        .transform_filter("!datum.partial")
        .transform_calculate(flow="'created'")
        .mark_line(strokeWidth=1.5, color=shade, aria=False)
        .encode(
            x=f"{MIDDLE}:T",
            y="created:Q",
            strokeDash=alt.StrokeDash("flow:N", scale=scale, legend=legend),
        )
    )
    return line


def _ended_before() -> alt.Chart:
    lines: alt.Chart = (
        bins(compared=True, before=True)
        .transform_filter("!datum.partial")
        .transform_calculate(ended="datum.completed+datum.failed+datum.cancelled")
        .transform_fold(["ended", "failed"], as_=["status", "tasks"])
        .mark_line(strokeWidth=1.5, strokeDash=BEFORE_DASH, aria=False)
        .encode(
            x=f"{MIDDLE}:T",
            y="tasks:Q",
            detail="status:N",
            stroke=alt.condition(
                "datum.status=='failed'", alt.value(COLOURS["failed"]), alt.value("gray")
            ),
        )
    )
    return lines


@lru_cache(maxsize=64)
def error_spec(*, compared: bool, zone: str) -> Spec:
    """Bars of failures; compared, a dotted line of those before."""
    bars = (
        bins(compared=compared)
        .mark_rect(x2Offset=-1, color=COLOURS["failed"], aria=False)
        .encode(
            x=f"{FROM}:T",
            x2=f"{TO}:T",
            y="failed:Q",
            y2=alt.datum(0),
            opacity=faint_where_partial(),
        )
    )
    before = bins(compared=True, before=True).transform_filter("!datum.partial")
    line = before.mark_line(strokeWidth=1.5, strokeDash=BEFORE_DASH, color="gray", aria=False)
    older = [line.encode(x=f"{MIDDLE}:T", y="failed:Q")] if compared else []
    tooltip = hover(_count_words(("failed",)), compared=compared)
    return finished(layered(bars, *older, floor(), tooltip), count_axis(), zone)


@lru_cache(maxsize=64)
def open_spec(states: tuple[str, ...], *, compared: bool, zone: str) -> Spec:
    """One line a state; compared, a fainter dotted one of what it was before."""
    layers = [_state_lines(states, compared=compared)]
    if compared:
        before = _states(states, compared=True, before=True)
        layers.append(
            before.mark_line(
                strokeWidth=1.5, strokeDash=BEFORE_DASH, opacity=BEFORE_OPACITY, aria=False
            )
        )
    tooltip = hover(_count_words(states), compared=compared)
    return finished(layered(*layers, floor(), tooltip), count_axis(), zone)


def _state_lines(states: tuple[str, ...], *, compared: bool) -> alt.Chart:
    lines: alt.Chart = (
        _states(states, compared=compared, before=False)
        .mark_line(strokeWidth=2, aria=False)
        .encode(strokeDash=dash("state", states))
    )
    return lines


def _states(states: tuple[str, ...], *, compared: bool, before: bool) -> alt.Chart:
    rows: alt.Chart = (
        bins(compared=compared, before=before)
        .transform_fold(list(states), as_=["state", "tasks"])
        .encode(
            x=f"{TO}:T",
            y="tasks:Q",
            color=colour("state", states),
        )
    )
    return rows


def _count_words(names: tuple[str, ...]) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:Q", format=",") for name in names]
