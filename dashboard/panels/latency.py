"""Latency: both over time, and in one table over the whole window, each with its n."""

import streamlit as st

from dashboard import charts, wording
from dashboard.chart_tables import latency_table
from dashboard.charts import LatencyName
from dashboard.markup import Html, tag
from dashboard.panels.drawing import draw, heading, say
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.document import Latency

TITLES: dict[LatencyName, tuple[str, str]] = {
    "time_to_processing_ms": ("Time to processing", "latency.timeToProcessingMs"),
    "time_to_complete_ms": ("Time to complete", "latency.timeToCompleteMs"),
}
COLUMNS = ("p50", "p95", "p99", "max", "avg")


def latency(shown: Shown) -> None:
    """Of the tasks that completed: how long they waited, and how long they ran."""
    snapshot = shown.snapshot
    with st.grid(2, min_column_width=380, key="latency-charts"):
        for name in TITLES:
            _over_time(shown, name)
    rows = [_row(title, getattr(snapshot.latency, name)) for name, (title, _) in TITLES.items()]
    # Wider than a phone: who has only a keyboard must be able to move it.
    frame = tag(
        "div",
        _table(rows),
        class_="sf sf-table-frame",
        role="region",
        aria_label="Latencies over the whole window",
        tabindex="0",
    )
    st.html(frame)


def _over_time(shown: Shown, name: LatencyName) -> None:
    title, figure = TITLES[name]
    samples = getattr(shown.snapshot.latency, name).samples
    if samples:
        note = wording.counted(samples, "completed task") + (
            "; dotted: before" if shown.before else ""
        )
        draw(
            shown,
            charts.latency_chart(shown, name),
            lambda: latency_table(shown, name),
            title=title,
            note=note,
        )
        return
    with st.container(gap="xsmall"):
        heading(title)
        say(_why_none(shown.snapshot, figure))


def _why_none(snapshot: Snapshot, figure: str) -> str:
    reason = snapshot.quality.why_not(figure)
    if reason:
        return f"Not measurable. {reason}"
    return "No task completed in this window, so there is none to show."


def _table(rows: list[Html]) -> Html:
    names = ("Completed tasks", "n", *COLUMNS)
    head = tag("tr", *(tag("th", name, scope="col") for name in names))
    return tag("table", tag("thead", head), tag("tbody", *rows))


def _row(title: str, latency: Latency) -> Html:
    values = (tag("td", wording.duration(getattr(latency, name)), class_=name) for name in COLUMNS)
    samples = tag("td", wording.count(latency.samples))
    return tag("tr", tag("th", title, scope="row"), samples, *values)
