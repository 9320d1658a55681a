"""Drawing: a chart with its heading, its brush and the table behind it, in its place."""

from collections.abc import Callable
from datetime import UTC, datetime
from zlib import crc32

import pandas as pd
import streamlit as st

from dashboard import wording
from dashboard.chart_parts import BRUSH, DATA, FROM, Spec
from dashboard.charts import Chart
from dashboard.markup import Html, tag
from dashboard.panels.leading import lead
from dashboard.shown import Shown
from dashboard.view import View

Table = Callable[[], pd.DataFrame]


def draw(shown: Shown, chart: Chart, table: Table, *, title: str, note: str) -> None:
    """The chart under its title, and its figures for who opens them; a brushed stretch is gone to.

    `note` says in a few words how to read it.
    """
    key = title.lower().replace(" ", "-")
    with st.container(gap="xsmall"):
        heading(title, note)
        brushed = st.vega_lite_chart(
            _with_data(chart),
            alt=f"{title}: {chart.alt}",
            key=f"{key}-{stretch_key(shown.view)}",
            on_select="rerun",
            selection_mode=BRUSH,
        )
        show_data(table, key=f"{key}-data", title=title)
    _zoom(shown, brushed["selection"].get(BRUSH, {}).get(FROM))


def _with_data(chart: Chart) -> Spec:
    """The specification with its data as a named one, which a browser has from the first drawing.

    Data beside a specification is put in only after Vega drew nothing, and told so on the console.
    """
    return {**chart.spec, "data": {"name": DATA}, "datasets": {DATA: chart.data}}


def show_data(table: Table, *, key: str, title: str) -> None:
    """What a chart draws, as a table; made and sent only once it is opened."""
    opened = st.expander("Show data", key=key, on_change="rerun")
    if opened.open:
        opened.dataframe(
            table(),
            hide_index=True,
            placeholder=wording.NOTHING,
            height=280,
            alt=f"{title}: the figures of each bin",
        )


def stretch_key(view: View) -> str:
    """What tells one stretch of time from another: a brush belongs to the one it was drawn on."""
    return f"{view.minutes}-{view.to.timestamp():.0f}" if view.to else f"{view.minutes}-live"


def key_of(text: str) -> str:
    """A short key of a text that may be long and is not ours.

    >>> key_of("runway")
    '19620f4d'
    """
    return f"{crc32(text.encode()):08x}"


def heading(title: str, note: str = "") -> None:
    """Draws a title, and beside it what to know about the figures under it."""
    st.html(tag("div", headline(title, note), class_="sf"))


def headline(title: str, note: str = "") -> Html:
    """As `heading` draws it, for an element that holds more: each is a message of each refresh."""
    return tag("h2", title, " ", tag("span", note, class_="quiet") if note else None)


def say(text: str) -> None:
    """A quiet sentence."""
    st.html(tag("div", tag("p", text), class_="sf quiet"))


def _zoom(shown: Shown, ends_ms: list[float] | None) -> None:
    if ends_ms:
        offset = shown.zone_offset
        start, end = (datetime.fromtimestamp(ms / 1000, UTC) - offset for ms in ends_ms)
        lead(shown.zoomed(start, end), to="that stretch alone")
