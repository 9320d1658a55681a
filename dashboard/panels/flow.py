"""Flow: what ended and what was open, over time."""

import streamlit as st

from dashboard import charts, wording
from dashboard.chart_specs import ENDED, OPEN
from dashboard.chart_tables import count_table
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
    """What the dotted lines are; nothing where nothing is compared."""
    if shown.before is None:
        return ""
    now, window = shown.snapshot.window.to, shown.before.window
    first, last = (wording.clock_near(at, now, shown.zone) for at in (window.from_, window.to))
    return f"; dotted: {first} to {last}"
