"""Drawing: a chart with its heading, in its place."""

import streamlit as st

from dashboard.charts import Chart
from dashboard.markup import tag


def draw(chart: Chart, *, title: str, note: str) -> None:
    """The chart under its title; `note` says in a few words how to read it."""
    with st.container(gap="xsmall"):
        heading(title, note)
        st.vega_lite_chart(chart.data, chart.spec, alt=f"{title}: {chart.alt}")


def heading(title: str, note: str = "") -> None:
    """A title, and beside it what to know about the figures under it."""
    quiet = tag("span", note, class_="quiet") if note else None
    st.html(str(tag("div", tag("h2", title, " ", quiet), class_="sf")))
