"""Tiles: the first glance. What flowed through the window, and what is open at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard import wording
from dashboard.charts import sparkline
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.agents import agent_runs
from dashboard.panels.deltas import Deltas, deltas_of
from dashboard.panels.sparklines import silhouette
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.document import Waiting

NOT_MEASURABLE = "not measurable"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A figure with its name, what to know of it, and the paths of what is compared."""

    name: str
    figures: tuple[str, ...]
    value: str
    lines: tuple[Html | None, ...] = ()
    title: str | None = None
    trend: Html | None = None


def tiles(shown: Shown) -> None:
    """The runs of agents, then one tile a figure, all in one element: a refresh moves nothing."""
    deltas = deltas_of(shown)
    items = [_tile(tile, deltas) for tile in _tiles(shown.snapshot)]
    st.html(tag("div", *agent_runs(shown), tag("ul", *items, class_="sf-tiles"), class_="sf"))


def _tiles(snapshot: Snapshot) -> Iterator[Tile]:
    count = partial(_count, snapshot)
    for name in ("created", "completed"):
        yield count(name, _rate(snapshot, name))
    yield count("failed", _failure_rate(snapshot))
    yield count("cancelled", _rate(snapshot, "cancelled"))
    for name in ("processing", "queued"):
        yield count(name, *_oldest(snapshot, name))
    for name in ("scheduled", "retrying"):
        if getattr(snapshot.tasks, name) is not None:
            yield count(name)
    if snapshot.cost is not None:
        yield _cost(snapshot)


def _count(snapshot: Snapshot, name: str, *lines: Html | None) -> Tile:
    number = getattr(snapshot.tasks, name)
    figure = f"tasks.{name}"
    if number is None:
        reason = snapshot.quality.why_not(figure) or ""
        lines = (tag("div", f"{NOT_MEASURABLE}. {reason}".rstrip()),)
    return Tile(
        name=name,
        figures=(figure, "failureRate") if name == "failed" else (figure,),
        value=wording.count(number),
        lines=lines,
        title=f"{number:,}" if number and number >= wording.EXACT_BELOW else None,
        trend=None if number is None else silhouette(sparkline(snapshot, name), kind=name),
    )


def _rate(snapshot: Snapshot, name: str) -> Html | None:
    number = getattr(snapshot.tasks, name)
    if number is None:
        return None
    return tag("div", wording.per_hour(number * 60 / snapshot.window.minutes))


def _failure_rate(snapshot: Snapshot) -> Html | None:
    if snapshot.failure_rate is None:
        return tag("div", "none completed or failed")
    return tag("div", tag("b", wording.percent(snapshot.failure_rate)), " failure rate")


def _oldest(snapshot: Snapshot, state: str) -> Iterator[Html]:
    waiting: Waiting = getattr(snapshot.backlog, state)
    reason = snapshot.quality.why_not(f"backlog.{state}.oldestAgeMs")
    if reason:
        yield tag("div", f"age {NOT_MEASURABLE}. {reason}")
    elif waiting.oldest_age_ms is not None and waiting.oldest_id is not None:
        yield tag("div", "oldest ", tag("b", wording.duration(waiting.oldest_age_ms)))
        yield tag("code", untrusted(waiting.oldest_id), class_="id")
    if waiting.unknown_age and not reason:
        yield tag("div", f"age unknown of {wording.count(waiting.unknown_age)}")


def _cost(snapshot: Snapshot) -> Tile:
    assert snapshot.cost is not None  # noqa: S101 the caller asked
    priced = wording.counted(snapshot.cost.samples, "task")
    return Tile(
        name="cost",
        figures=("cost.usd",),
        value=wording.usd(snapshot.cost.usd),
        lines=(tag("div", f"of {priced} that ended"),),
    )


def _tile(tile: Tile, deltas: Deltas) -> Html:
    lines = [line for line in tile.lines if line is not None]
    return tag(
        "li",
        tag("div", tile.name.capitalize(), class_="label"),
        tag("div", tile.value, class_="value", title=tile.title),
        *(line for figure in tile.figures for line in deltas.of(figure)),
        tag("div", *lines, class_="quiet"),
        tile.trend,
        class_=f"sf-tile {tile.name}",
    )
