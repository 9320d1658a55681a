"""Breakdowns: the figures of the window by the values of each dimension, as sortable tables."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import wording
from dashboard.panels.drawing import heading
from dashboard.shown import Shown
from metrics_core.document import Breakdown, BreakdownPart

NO_VALUE = "(no value)"


def breakdowns(shown: Shown) -> None:
    """One table a dimension; nothing where the source has none."""
    snapshot = shown.snapshot
    for breakdown in snapshot.breakdowns:
        heading(f"By {breakdown.dimension}", "share of failures beside share of all that ended")
        st.dataframe(
            _table(breakdown),
            hide_index=True,
            placeholder=wording.NOTHING,
            column_config=_COLUMNS,
            key=f"by-{breakdown.dimension}",
            alt=f"Figures of each {breakdown.dimension}",
        )


def _table(breakdown: Breakdown) -> pd.DataFrame:
    rows = [_row(NO_VALUE if part.value is None else part.value, part) for part in breakdown.values]
    if breakdown.other:
        name = f"(other: {wording.counted(breakdown.other.values, 'value')})"
        rows.append(_row(name, breakdown.other))
    return pd.DataFrame(rows, columns=["Value", *_COLUMNS])


def _row(value: str, part: BreakdownPart) -> dict[str, object]:
    return {
        "Value": value,
        "Tasks": part.tasks,
        "Completed": part.completed,
        "Failed": part.failed,
        "Failure rate": _percent(part.failure_rate),
        "Of failures": _percent(part.share_of_failed),
        "Of all ended": _percent(part.share_of_ended),
        "p95 to processing": _seconds(part.time_to_processing_p95_ms),
        "p95 to complete": _seconds(part.time_to_complete_p95_ms),
    }


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else ratio * 100


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000


_SHARE = st.column_config.NumberColumn(format="%.1f %%")
_COUNT = st.column_config.NumberColumn(format="localized")
_TIME = st.column_config.NumberColumn(format="%.1f s")
_COLUMNS: dict[str, ColumnConfig] = {
    "Tasks": _COUNT,
    "Completed": _COUNT,
    "Failed": _COUNT,
    "Failure rate": _SHARE,
    "Of failures": _SHARE,
    "Of all ended": _SHARE,
    "p95 to processing": _TIME,
    "p95 to complete": _TIME,
}
