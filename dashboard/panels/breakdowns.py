"""Breakdowns: the figures of the window by the values of each dimension, as sortable tables."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import wording
from dashboard.panels.drawing import heading, key_of, say
from dashboard.panels.leading import lead, way_in
from dashboard.shown import Shown
from metrics_core.groups import Breakdown, BreakdownPart

NOTE = "share of failures beside share of all that ended"


def breakdowns(shown: Shown) -> None:
    """One table a dimension; nothing where the source has none."""
    for breakdown in shown.snapshot.breakdowns:
        if not breakdown.values:
            heading(f"By {breakdown.dimension}")
            say("No tasks to break down.")
            continue
        heading(f"By {breakdown.dimension}", NOTE + way_in(shown))
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
            view = shown.view.within(breakdown.dimension, value)
            lead(view, to=f"one {breakdown.dimension} alone")


def _scope_key(shown: Shown) -> str:
    return key_of(repr(sorted(shown.view.scope.items())))


def _table(breakdown: Breakdown) -> pa.Table:
    names: list[str] = [wording.NO_VALUE if p.value is None else p.value for p in breakdown.values]
    parts: list[BreakdownPart] = [*breakdown.values]
    if breakdown.other:
        names.append(f"(other: {wording.counted(breakdown.other.values, 'value')})")
        parts.append(breakdown.other)
    columns = {"Value": pa.array(names, pa.string())}
    for name, (member, type_, form) in _MEMBERS.items():
        values = [getattr(part, member) for part in parts]
        columns[name] = pa.array([None if v is None else form(v) for v in values], type_)
    return pa.table(columns)


def _percentage(share: float) -> float:
    return share * 100


def _cut(ms: int) -> int:
    """As many of its digits as a reader wants, so that the browser's words for it are few.

    >>> _cut(830), _cut(3_460), _cut(72_345), _cut(3_725_000)
    (830, 3400, 72000, 3720000)
    """
    digit = next((step for least, step in _DIGITS_MS if ms >= least), 1)
    return ms - ms % digit


_DIGITS_MS = ((3_600_000, 60_000), (10_000, 1_000), (1_000, 100))
_DURATION = pa.duration("ms")
_MEMBERS: dict[str, tuple[str, pa.DataType, Callable[[Any], float]]] = {
    "Of failures": ("share_of_failed", pa.float32(), _percentage),
    "Of all ended": ("share_of_ended", pa.float32(), _percentage),
    "Failure rate": ("failure_rate", pa.float32(), _percentage),
    "Tasks": ("tasks", pa.uint32(), int),
    "Completed": ("completed", pa.uint32(), int),
    "Failed": ("failed", pa.uint32(), int),
    "p95 to processing": ("time_to_processing_p95_ms", _DURATION, _cut),
    "p95 to complete": ("time_to_complete_p95_ms", _DURATION, _cut),
}
_BAR = st.column_config.ProgressColumn(format="%.1f %%", max_value=100)
_COUNT = st.column_config.NumberColumn(format="localized")
# Of a duration, "localized" is words: "1 min, 12 sec". It sorts by its length all the same.
_TIME = st.column_config.NumberColumn(format="localized")
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
