"""Task entries: single tasks as a list that can be read and copied from; all of it is text."""

from collections.abc import Iterator
from datetime import datetime

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.shown import Shown
from dashboard.task_lists import Rows, TaskList
from metrics_core.task_row import TaskRow

TIMES = {"created_at": "created", "started_at": "started", "ended_at": "ended"}
LONG = 240


def task_entries(shown: Shown, listed: TaskList, rows: Rows, *, as_of: datetime) -> Html:
    """An entry a task: its id, what it is ranked by, its times and dimensions, its error.

    Of a time from `as_of` on it is said that it came since: a queued task that started is none.
    """
    entries = [_entry(shown, listed, task, as_of) for task in rows]
    return tag("div", tag("ol", *entries, class_="sf-tasks"), class_="sf")


def _entry(shown: Shown, listed: TaskList, task: TaskRow, as_of: datetime) -> Html:
    head = (
        tag("code", untrusted(task.id), class_="id"),
        tag("b", _rank(shown, listed, task), class_="number"),
    )
    facts = [tag("span", *fact) for fact in _facts(shown, listed, task, as_of)]
    return tag(
        "li",
        tag("div", *head, class_="line"),
        tag("p", *facts, class_="quiet facts"),
        _error(task),
    )


def _rank(shown: Shown, listed: TaskList, task: TaskRow) -> str:
    if listed.ranked_by == "ended_at":
        return _time(shown, task, "ended_at")
    ms: int | None = getattr(task, listed.ranked_by)
    return "age unknown" if ms is None else wording.duration(ms)


def _facts(
    shown: Shown, listed: TaskList, task: TaskRow, as_of: datetime
) -> Iterator[list[str | Html]]:
    for member, word in TIMES.items():
        at: datetime | None = getattr(task, member)
        if at is not None and member != listed.ranked_by:
            yield [f"{word} {'since, at ' if at >= as_of else ''}{_time(shown, task, member)}"]
    if task.time_to_complete_ms is not None and listed.ranked_by == "ended_at":
        yield [f"took {wording.duration(task.time_to_complete_ms)}"]
    for name, value in task.dimensions.items():
        yield [f"{name} ", wording.NO_VALUE if value is None else untrusted(value)]
    if task.trace_id:
        yield ["trace ", tag("code", untrusted(task.trace_id), class_="id")]


def _time(shown: Shown, task: TaskRow, member: str) -> str:
    at = getattr(task, member)
    return wording.clock_near(at, shown.snapshot.window.to, shown.zone) if at else wording.NOTHING


def _error(task: TaskRow) -> Html | None:
    """The code, and the message; a long one opens."""
    if task.code is None and task.error is None:
        return None
    code = tag("b", untrusted(task.code)) if task.code else None
    said = task.error or ""
    # A message that begins with its code says it once; no sign may come between the two.
    rest = said.removeprefix(task.code or "")
    gap = " " if rest == said else None
    if len(rest) <= LONG:
        return tag("p", code, gap, untrusted(rest) if rest else None, class_="message")
    summary = tag("summary", code, gap, untrusted(f"{rest[:LONG]}…"))
    return tag("details", summary, tag("p", untrusted(said)), class_="message")
