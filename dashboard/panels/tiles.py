"""Tiles: the status counts, and how long the oldest open tasks have waited."""

import streamlit as st

from dashboard import wording
from dashboard.charts import sparkline
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.quality import why_not_measurable
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.document import Waiting

TILE_WIDTH = 150


def tiles(shown: Shown) -> None:
    """What flowed through the window, then what was open at its end."""
    snapshot = shown.snapshot
    _heading("In this window")
    with st.grid(4, min_column_width=TILE_WIDTH, key="flow"):
        for name in ("created", "completed", "failed", "cancelled"):
            _count_tile(snapshot, name)
    _heading(f"Open at {wording.clock(snapshot.window.to)} UTC")
    with st.grid(4, min_column_width=TILE_WIDTH, key="open"):
        _count_tile(snapshot, "queued")
        _oldest_tile(snapshot, "queued")
        _count_tile(snapshot, "processing")
        _oldest_tile(snapshot, "processing")
        for name in ("scheduled", "retrying"):
            if getattr(snapshot.tasks, name) is not None:
                _count_tile(snapshot, name)


def _heading(text: str) -> None:
    st.html(str(tag("div", tag("h2", text), class_="sf")))


def _count_tile(snapshot: Snapshot, name: str) -> None:
    number = getattr(snapshot.tasks, name)
    is_rated = name == "failed" and snapshot.failure_rate is not None
    st.metric(
        name.capitalize(),
        wording.count(number),
        delta=wording.percent(snapshot.failure_rate) if is_rated else None,
        delta_description=_description(number, is_rated=is_rated),
        delta_color="orange",
        delta_arrow="off",
        border=True,
        height="stretch",
        chart_data=None if number is None else sparkline(snapshot, name),
        chart_type="line",
    )


def _description(number: int | None, *, is_rated: bool) -> str | None:
    if number is None:
        return "not measurable"
    if is_rated:
        return "failure rate"
    return f"exactly {number:,}" if number >= wording.EXACT_BELOW else None


def _oldest_tile(snapshot: Snapshot, state: str) -> None:
    waiting: Waiting = getattr(snapshot.backlog, state)
    reason = why_not_measurable(snapshot, f"backlog.{state}.oldestAgeMs")
    with st.container(border=True, height="stretch"):
        label = tag("div", f"Oldest {state}", class_="label")
        age = tag("div", wording.NOTHING if reason else _age(waiting), class_="value")
        whose = tag("div", *_whose(waiting, reason), class_="quiet")
        st.html(str(tag("div", label, age, whose, class_="sf sf-tile")))


def _age(waiting: Waiting) -> str:
    if waiting.oldest_age_ms is not None:
        return wording.duration(waiting.oldest_age_ms)
    return "unknown" if waiting.count else "none"


def _whose(waiting: Waiting, reason: str | None) -> list[Html]:
    if reason:
        return [tag("div", f"not measurable. {reason}")]
    lines = []
    if waiting.oldest_id is not None:
        lines.append(tag("code", untrusted(waiting.oldest_id), class_="id"))
    if waiting.unknown_age:
        lines.append(tag("div", f"age unknown of {wording.count(waiting.unknown_age)}"))
    return lines or [tag("div", "no such task")]
