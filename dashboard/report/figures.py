"""The report's figures: counts, failure rate, latencies, backlog, cost and the ledger. Pure."""

from collections.abc import Iterator
from typing import Any

from dashboard import wording
from dashboard.markup import Html, tag
from dashboard.report.incident import Incident, Side
from dashboard.report.tables import (
    Cell,
    Figure,
    figures_table,
    milliseconds,
    number,
    task_ids,
)
from metrics_core import Snapshot
from metrics_core.document import Latency, Ledger
from metrics_core.sides import FLOWS, LATENCIES, WAITING

NOT_MEASURABLE = "not measurable"
ALWAYS, SOMETIMES = ("processing", "queued"), ("scheduled", "retrying")
LATENCY_FIGURES = ("p50", "p95", "p99", "max", "avg")
LEDGER = {
    "open_at_from": "Open at the window's beginning",
    "created": "+ created",
    "completed": "− completed",
    "failed": "− failed",
    "cancelled": "− cancelled",
    "open_at_to": "= open at the window's end",
    "difference": "Difference",
}


def figures(incident: Incident) -> Iterator[Html]:
    """What flowed and what stands, how slow, what waits, and that it adds up."""
    yield tag("h2", "Figures")
    if incident.comparison is not None and incident.comparison.flows_per_hour:
        yield tag("p", PER_HOUR, class_="note")
    tables = (figures_table(incident, *named) for named in _tables(incident))
    yield tag("div", *tables, class_="pairs" if len(incident.sides) == 1 else None)
    for side in incident.sides:
        yield tag("p", incident.said(side, _balance(side.snapshot.ledger)))


def _tables(incident: Incident) -> Iterator[tuple[str, Iterator[Figure]]]:
    yield "Tasks", _counts(incident)
    yield "Ledger: every task is counted once", _ledger()
    for name, path in LATENCIES.items():
        words = name.replace("_", " ").capitalize()
        yield f"{words}, of tasks that completed in the window", _latency(f"{name}_ms", path)
    yield "What waits at the window's end", _backlog()
    if any(snapshot.cost for snapshot in incident.snapshots):
        yield "Cost of tasks that ended in the window", _cost()


PER_HOUR = "The windows differ in length: changes of what flows are per hour."


def _counts(incident: Incident) -> Iterator[Figure]:
    for name in FLOWS:
        yield _count(name, f"{name.capitalize()} in the window")
    yield Figure(name="Failure rate (n: completed + failed)", cell=_rate, path="failureRate")
    for name in ALWAYS:
        yield _count(name, f"{name.capitalize()} at its end")
    for name in SOMETIMES:
        if any(getattr(snapshot.tasks, name) is not None for snapshot in incident.snapshots):
            yield _count(name, f"{name.capitalize()} at its end")


def _count(name: str, title: str) -> Figure:
    def cell(side: Side) -> Cell:
        value = getattr(side.snapshot.tasks, name)
        return NOT_MEASURABLE if value is None else number(value)

    return Figure(name=title, cell=cell, path=f"tasks.{name}")


def _rate(side: Side) -> Cell:
    tasks = side.snapshot.tasks
    if side.snapshot.failure_rate is None or tasks.completed is None:
        return "none completed or failed"
    n = f"n {number(tasks.completed + tasks.failed)}"
    return tag("span", wording.percent(side.snapshot.failure_rate), " ", tag("small", n))


def _latency(member: str, path: str) -> Iterator[Figure]:
    def of(side: Side) -> Latency:
        latency: Latency = getattr(side.snapshot.latency, member)
        return latency

    yield Figure(name="n (samples)", cell=lambda side: _samples(side.snapshot, of(side), path))
    for each in LATENCY_FIGURES:
        yield Figure(name=each, cell=_member(of, each), path=f"{path}.{each}")


def _member(of: Any, name: str) -> Any:
    return lambda side: milliseconds(getattr(of(side), name))


def _samples(snapshot: Snapshot, latency: Latency, path: str) -> Cell:
    is_measurable = snapshot.quality.why_not(path) is None
    return number(latency.samples) if is_measurable else NOT_MEASURABLE


def _backlog() -> Iterator[Figure]:
    for state in WAITING:
        yield Figure(name=f"{state.capitalize()} tasks", cell=_waiting(state, _waiting_count))
        path = f"backlog.{state}.oldestAgeMs"
        yield Figure(name=f"Age of the oldest {state} task", cell=_waiting(state, _age), path=path)


def _waiting(state: str, cell: Any) -> Any:
    return lambda side: cell(getattr(side.snapshot.backlog, state))


def _waiting_count(waiting: Any) -> Cell:
    if not waiting.unknown_age:
        return number(waiting.count)
    unknown = tag("small", f"age unknown of {number(waiting.unknown_age)}")
    return tag("span", number(waiting.count), " ", unknown)


def _age(waiting: Any) -> Cell:
    if waiting.oldest_age_ms is None:
        return "none" if not waiting.count else "unknown"
    ids = [] if waiting.oldest_id is None else task_ids([waiting.oldest_id])
    return tag("span", milliseconds(waiting.oldest_age_ms), *ids)


def _cost() -> Iterator[Figure]:
    yield Figure(name="Sum", cell=_usd, path="cost.usd")
    yield Figure(name="n (tasks with a cost)", cell=_priced)


def _usd(side: Side) -> Cell:
    return wording.usd(side.snapshot.cost.usd) if side.snapshot.cost else NOT_MEASURABLE


def _priced(side: Side) -> Cell:
    return number(side.snapshot.cost.samples) if side.snapshot.cost else NOT_MEASURABLE


def _ledger() -> Iterator[Figure]:
    for member, title in LEDGER.items():
        yield Figure(name=title, cell=_entry(member))


def _entry(member: str) -> Any:
    def cell(side: Side) -> Cell:
        ledger = side.snapshot.ledger
        return NOT_MEASURABLE if ledger is None else number(getattr(ledger, member))

    return cell


def _balance(ledger: Ledger | None) -> str:
    if ledger is None:
        return "there is no ledger, since it is not measurable here."
    parts = (ledger.created, -ledger.completed, -ledger.failed, -ledger.cancelled)
    if ledger.open_at_from + sum(parts) == ledger.open_at_to and not ledger.difference:
        return "the ledger balances ✓."
    return "the ledger does NOT balance ✕."
