"""Error detail: one code on its own: when its failures came, whom they met, which tasks."""

import streamlit as st

from dashboard import charts, wording
from dashboard.chart_tables import error_table
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.drawing import draw
from dashboard.shown import Shown
from metrics_core.groups import DimensionCounts, ErrorGroup


def error_detail(shown: Shown, error: ErrorGroup) -> None:
    """Its failures over time, its values of each dimension, and its newest task ids to copy."""
    with st.container(border=True, key="error-detail"):
        code = tag("h3", tag("span", untrusted(error.code), class_="code"))
        st.html(tag("div", code, class_="sf"))
        draw(
            shown,
            charts.error_chart(shown, error),
            lambda: error_table(shown, error),
            title="Failures with this code",
            note=_timing(shown, error),
        )
        parts = [_dimension(each, error.count) for each in error.dimensions]
        if parts:
            st.html(tag("div", tag("div", *parts, class_="sf-dimensions"), class_="sf"))
        if error.task_ids:
            shown_ids = wording.counted(len(error.task_ids), "task")
            st.html(tag("div", tag("p", f"Newest {shown_ids}"), class_="sf quiet"))
            st.code("\n".join(error.task_ids), language=None)


def _timing(shown: Shown, error: ErrorGroup) -> str:
    rate = wording.per_hour(error.count * 60 / shown.snapshot.window.minutes)
    length = round((error.last_at - error.first_at).total_seconds() * 1000)
    return f"{rate}, over {wording.duration(length)} from first to last"


def _dimension(counts: DimensionCounts, whole: int) -> Html:
    rows = [
        _row(
            untrusted(each.value) if each.value is not None else wording.NO_VALUE, each.count, whole
        )
        for each in counts.values
    ]
    if counts.other:
        rows.append(_row("(other)", counts.other, whole))
    name = tag("caption", "By ", untrusted(counts.dimension))
    return tag("table", name, tag("tbody", *rows))


def _row(name: str | Html, count: int, whole: int) -> Html:
    share = wording.percent(count / whole if whole else None)
    return tag(
        "tr", tag("th", name, scope="row"), tag("td", wording.count(count)), tag("td", share)
    )
