"""Flow: what ended and what was open, over time."""

import streamlit as st

from dashboard import charts
from dashboard.panels.drawing import draw
from dashboard.shown import Shown


def flow(shown: Shown) -> None:
    """Tasks that ended a bin by status, and those open at each bin's end by state."""
    snapshot = shown.snapshot
    with st.grid(2, min_column_width=380, key="flow-charts"):
        width = charts.bin_width(snapshot)
        draw(charts.ended_chart(snapshot), title="Tasks ended", note=f"{width} a bar, times in UTC")
        draw(charts.open_chart(snapshot), title="Tasks open", note=f"every {width}, times in UTC")
