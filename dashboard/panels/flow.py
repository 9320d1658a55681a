"""Flow: what ended and what was open, over time."""

import streamlit as st

from dashboard import charts, wording
from dashboard.chart_tables import count_table
from dashboard.palette import ENDED, OPEN
from dashboard.panels.drawing import draw
from dashboard.shown import Shown


def flow(shown: Shown) -> None:
    """Tasks that ended a bin by status, and those open at each bin's end by state."""
    snapshot = shown.snapshot
    width, zone = charts.bin_width(snapshot), zone_note(shown)
    created = ("created",) if snapshot.tasks.created is not None else ()
    states = tuple(state for state in OPEN if getattr(snapshot.tasks, state) is not None)
    with st.grid(2, min_column_width=380, key="flow-charts"):
        draw(
            shown,
            charts.ended_chart(shown),
            lambda: count_table(shown, (*reversed(ENDED), *created)),
            title="Tasks ended",
            note=f"{width} a bar, {zone}{before_note(shown)}",
        )
        draw(
            shown,
            charts.open_chart(shown),
            lambda: count_table(shown, states),
            title="Tasks open",
            note=f"every {width}, {zone}{before_note(shown)}",
        )


def zone_note(shown: Shown) -> str:
    """Whose times the axis shows."""
    words = charts.zone_words(shown)
    return f"times in {words}" if words == "UTC" else f"times in {shown.zone.key} ({words})"


def before_note(shown: Shown) -> str:
    """What the dotted lines are; nothing where nothing is compared.

    Short, or it takes a line more than the chart beside it: "What changed" tells both ends.
    """
    if shown.before is None:
        return ""
    window = shown.before.window
    if window.to == shown.snapshot.window.from_:
        return f"; dotted: the {wording.span(window.minutes)} before"
    return f"; dotted: to {wording.clock_near(window.to, shown.snapshot.window.to, shown.zone)}"
