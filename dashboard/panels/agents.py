"""Agent runs: for a source that knows what its tasks cost, the five answers of its first row."""

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.header import refreshed
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.groups import ErrorGroup

NEWEST = 3


def agent_runs(shown: Shown) -> list[Html]:
    """How many runs, how reliable, how much money, how slow, what failed last; else nothing."""
    if shown.snapshot.cost is None:
        return []
    snapshot = shown.snapshot
    tiles = (_runs(snapshot), _success(snapshot), _cost(snapshot), _latency(snapshot))
    row = tag("ul", *tiles, _failures(shown), class_="sf-tiles sf-runs")
    return [tag("h2", "Runs ", _note(shown)), row]


def _note(shown: Shown) -> Html:
    """Over which window, and when they were last asked for: what makes this row stand alone."""
    parts = [f"of the {wording.span(shown.snapshot.window.minutes)}"]
    if shown.refreshed_at is not None:
        parts.append(refreshed(shown, shown.refreshed_at))
    return tag("span", ", ".join(parts), class_="quiet")


def _runs(snapshot: Snapshot) -> Html:
    return _tile("Runs", wording.count(snapshot.runs.count), "completed or failed")


def _success(snapshot: Snapshot) -> Html:
    if snapshot.failure_rate is None:
        return _tile("Success rate", wording.NOTHING, "none completed or failed")
    failed = wording.counted(snapshot.tasks.failed, "failed run")
    return _tile("Success rate", wording.percent(1 - snapshot.failure_rate), failed)


def _cost(snapshot: Snapshot) -> Html:
    cost = snapshot.runs.cost
    if cost is None or not cost.samples:
        return _tile("Cost", wording.NOTHING, "no run has a cost")
    mean = wording.usd(cost.usd / cost.samples)
    return _tile("Cost", wording.usd(cost.usd), f"{mean} a run, n {wording.count(cost.samples)}")


def _latency(snapshot: Snapshot) -> Html:
    runs = snapshot.runs
    if runs.avg_latency_ms is None:
        reason = snapshot.quality.why_not("latency.timeToCompleteMs")
        why = f"not measurable. {reason}" if reason else "no run has one"
        return _tile("Mean latency", wording.NOTHING, why)
    mean = wording.duration(int(runs.avg_latency_ms))
    return _tile("Mean latency", mean, f"n {wording.count(runs.latency_samples)}")


def _failures(shown: Shown) -> Html:
    found = shown.snapshot.errors
    newest = sorted(found.codes, key=lambda e: e.last_at, reverse=True) if found else []
    to = shown.snapshot.window.to
    lines = [
        tag(
            "li",
            wording.clock_near(error.last_at, to, shown.zone),
            " ",
            untrusted(error.code),
            *_newest_id(error),
        )
        for error in newest[:NEWEST]
    ]
    listed = tag("ol", *lines) if lines else tag("div", "none in this window", class_="quiet")
    label = tag("div", "Last failures, one of each error", class_="label")
    return tag("li", label, listed, class_="sf-tile last")


def _newest_id(error: ErrorGroup) -> tuple[str | Html, ...]:
    return (" ", tag("code", untrusted(error.task_ids[0]), class_="id")) if error.task_ids else ()


def _tile(name: str, value: str, line: str) -> Html:
    return tag(
        "li",
        tag("div", name, class_="label"),
        tag("div", value, class_="value"),
        tag("div", line, class_="quiet"),
        class_="sf-tile",
    )
