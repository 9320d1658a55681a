"""Task lists: which ones the page offers, in words, and how each is read. Knows no screen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from metrics_core import Snapshot, Source, Window
from metrics_core.task_list import (
    Question,
    longest_processing,
    newest_failures,
    oldest_queued,
    slowest_completed,
)
from metrics_core.task_row import TaskRow

FEW, MANY = 20, 100
Rows = tuple[TaskRow, ...]


@dataclass(frozen=True, kw_only=True)
class TaskList:
    """One list: whose tasks, in what order, and by which member of a TaskRow."""

    name: str
    title: str
    tasks: str
    order: str
    ranked_by: Literal["ended_at", "time_to_complete_ms", "age_ms"]
    read: Callable[[Question], Rows]

    def amount(self, shown: int, limit: int) -> str:
        """How many there are, as far as it was asked.

        >>> [LISTS[0].amount(shown, 20) for shown in (0, 1, 3, 20)]
        ['none', 'one', 'all 3, newest first', 'the newest 20']
        """
        if shown >= limit:
            return f"the {self.order} {shown}"
        few = {0: "none", 1: "one"}
        return few.get(shown, f"all {shown}, {self.order} first")


FAILURES = TaskList(
    name="failures",
    title="Recent failures",
    tasks="Failed in the window",
    order="newest",
    ranked_by="ended_at",
    read=newest_failures,
)
LISTS = (
    FAILURES,
    TaskList(
        name="slowest",
        title="Slowest completed",
        tasks="Completed in the window, with a time to complete",
        order="slowest",
        ranked_by="time_to_complete_ms",
        read=slowest_completed,
    ),
    TaskList(
        name="queued",
        title="Oldest queued",
        tasks="Queued at the window's end",
        order="oldest",
        ranked_by="age_ms",
        read=oldest_queued,
    ),
    TaskList(
        name="processing",
        title="Longest processing",
        tasks="Processing at the window's end",
        order="longest",
        ranked_by="age_ms",
        read=longest_processing,
    ),
)


def reading(
    listed: TaskList, snapshot: Snapshot, *, limit: int, code: str | None
) -> Callable[[Source, str], Rows]:
    """What reads the list of the snapshot's own window and scope; `code` narrows failures only."""
    read = partial(newest_failures, code=code) if listed is FAILURES else listed.read
    window = Window(start=snapshot.window.from_, end=snapshot.window.to)

    def work(source: Source, request_id: str) -> Rows:
        return read(
            Question(
                source=source,
                window=window,
                scope=snapshot.scope,
                limit=limit,
                request_id=request_id,
            )
        )

    return work
