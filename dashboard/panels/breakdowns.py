"""Breakdowns: the figures of the window by the values of each dimension, as sortable tables."""

import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import wording
from dashboard.panels import navigation
from dashboard.panels.drawing import heading, key_of, say
from dashboard.shown import Shown
from metrics_core.groups import Breakdown, BreakdownPart

NOTE = "share of failures beside share of all that ended; select a row to look at it alone"


def breakdowns(shown: Shown) -> None:
    """One table a dimension; nothing where the source has none."""
    for breakdown in shown.snapshot.breakdowns:
        if not breakdown.values:
            heading(f"By {breakdown.dimension}")
            say("No tasks to break down.")
            continue
        heading(f"By {breakdown.dimension}", NOTE)
        picked = st.dataframe(
            _table(breakdown),
            hide_index=True,
            placeholder=wording.NOTHING,
            column_config=_COLUMNS,
            # Of the scope: what was selected in another one is selected no longer.
            key=f"by-{breakdown.dimension}-{_scope_key(shown)}",
            on_select="rerun",
            selection_mode="single-row",
            alt=f"Figures of each {breakdown.dimension}; a selected one becomes the scope",
        )
        _narrow(shown, breakdown, picked["selection"]["rows"])


def _narrow(shown: Shown, breakdown: Breakdown, rows: list[int]) -> None:
    """Make the selected value the scope; "no value" and "other" cannot be one."""
    values = [part.value for part in breakdown.values]
    for row in rows:
        value = values[row] if row < len(values) else None
        if value is not None and shown.view.scope.get(breakdown.dimension) != value:
            navigation.go(shown.view.within(breakdown.dimension, value))


def _scope_key(shown: Shown) -> str:
    return key_of(repr(sorted(shown.view.scope.items())))


def _table(breakdown: Breakdown) -> pa.Table:
    names: list[str] = [wording.NO_VALUE if p.value is None else p.value for p in breakdown.values]
    parts: list[BreakdownPart] = [*breakdown.values]
    if breakdown.other:
        names.append(f"(other: {wording.counted(breakdown.other.values, 'value')})")
        parts.append(breakdown.other)
    columns = {"Value": pa.array(names, pa.string())}
    for name, (member, type_, factor) in _MEMBERS.items():
        columns[name] = pa.array([_scaled(getattr(part, member), factor) for part in parts], type_)
    return pa.table(columns)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


_MEMBERS: dict[str, tuple[str, pa.DataType, float]] = {
    "Of failures": ("share_of_failed", pa.float32(), 100),
    "Of all ended": ("share_of_ended", pa.float32(), 100),
    "Failure rate": ("failure_rate", pa.float32(), 100),
    "Tasks": ("tasks", pa.uint32(), 1),
    "Completed": ("completed", pa.uint32(), 1),
    "Failed": ("failed", pa.uint32(), 1),
    "p95 to processing": ("time_to_processing_p95_ms", pa.float32(), 0.001),
    "p95 to complete": ("time_to_complete_p95_ms", pa.float32(), 0.001),
}
_BAR = st.column_config.ProgressColumn(format="%.1f %%", max_value=100)
_COUNT = st.column_config.NumberColumn(format="localized")
_TIME = st.column_config.NumberColumn(format="%.1f s")
_COLUMNS: dict[str, ColumnConfig] = {
    "Of failures": _BAR,
    "Of all ended": _BAR,
    "Failure rate": st.column_config.NumberColumn(format="%.1f %%"),
    "Tasks": _COUNT,
    "Completed": _COUNT,
    "Failed": _COUNT,
    "p95 to processing": _TIME,
    "p95 to complete": _TIME,
}
