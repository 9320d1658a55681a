"""Whole cases for the snapshot: a task table, its source, a window and a scope, all of them nasty.

One generator serves both: Hypothesis draws from it (`cases`), and so does a seed (`random_case`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from hypothesis import strategies as st

from metrics_core.source import (
    OPTIONAL_COLUMNS,
    PLACING_COLUMNS,
    REQUIRED_COLUMNS,
    TIME_COLUMNS,
    ErrorRule,
    Source,
)
from metrics_core.window import MICROSECOND, Window
from tests.table_rows import Dice, Plan, Row, T, Times, crowd, task_row


@dataclass(frozen=True, kw_only=True)
class Case:
    """One table and one question about it; the source's url and sql are placeholders."""

    rows: tuple[Mapping[str, object], ...]
    columns: frozenset[str]
    source: Source
    window: Window
    scope: Mapping[str, str]


@dataclass(frozen=True)
class DrawnDice:
    """Choices that Hypothesis draws, and shrinks."""

    draw: st.DrawFn

    def pick(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


@dataclass(frozen=True)
class SeededDice:
    """Choices of a pseudo-random generator."""

    random: Random

    def pick(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


ENDS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2026-01-30T10:00:00Z",
        "2026-01-30T10:07:00Z",
        "2026-01-30T10:00:07Z",
        "2026-01-30T10:00:00.000001Z",
        "2026-01-30T23:59:59.999999Z",
        "2026-02-28T03:12:34.567891Z",
        "2026-03-08T07:30:00Z",
        "2026-03-29T01:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-11-01T06:30:00Z",
    )
)
"""Ends of windows; the last four lie at the changes of the clocks of New York and Berlin."""

MINUTES = (1, 60, 2, 5, 8, 9, 15, 16, 97, 240, 1440, 10_080)
STATUS_MAPS: tuple[Mapping[Any, tuple[str, ...]], ...] = (
    {},
    {"queued": ("queued", "pending"), "completed": ("done", "ok"), "failed": ("error", "boom")},
    {"scheduled": ("delayed",), "processing": ("running", "RUNNING")},
    {"retrying": ("retry", "processing"), "queued": ("",)},
    {"failed": ("cancelled", "timeout"), "cancelled": ("failed",), "scheduled": ()},
)
RULES = (
    ErrorRule(match="timed out", code="ENGINE_TIMEOUT"),
    ErrorRule(match=r"^disk \d+", code="DISK"),
    ErrorRule(match="(", code="PARENTHESIS"),
)


def new_window(dice: Dice) -> Window:
    """Any window of the allowed lengths, mostly a short one."""
    odd = dice.pick((0, 0, 0, 1, 999_999, 4_000_000, 61_000_001)) * MICROSECOND
    minutes = dice.pick((*MINUTES, *MINUTES[:8], dice.number(1, 10_080)))
    return Window.ending(dice.pick(ENDS) + odd, minutes=minutes)


def new_source(dice: Dice, times: Times) -> Source:
    """Any source; one time at least that places a task is not declared as lacking."""
    lacks = dice.pick(((), (), (), (dice.pick(OPTIONAL_COLUMNS),), ("eligible_at", "updated_at")))
    naive = times == "any"
    return Source(
        name="tasks",
        url="sqlite://",
        sql="SELECT 1",
        dimensions=dice.pick(((), ("queue",), ("queue", "tenant_id"), ("queue", "tenant_id"))),
        statuses=dice.pick(STATUS_MAPS),
        errors=dice.pick(((), RULES)),
        timezone=dice.pick(("UTC", "Europe/Berlin", "America/New_York")) if naive else "UTC",
        time_unit=dice.pick(("s", "ms", "us")) if naive else "s",
        lacks=lacks,
    )


def new_plan(dice: Dice, times: Times) -> Plan:
    """The source, the window, and the instants at which it is sensitive."""
    window = new_window(dice)
    inner = tuple(each.start for each in window.bins())[1:]
    edges = (window.start, window.end, *inner[:2], *inner[len(inner) // 2 :][:1], *inner[-2:])
    return Plan(times=times, source=new_source(dice, times), window=window, edges=edges)


def new_columns(dice: Dice, source: Source) -> frozenset[str]:
    """The columns of the SELECT: all, or all but some; a time that places a task is there."""
    dropped = {dice.pick(OPTIONAL_COLUMNS) for _ in range(dice.pick((0, 0, 0, 1, 2, 5)))}
    kept = {*OPTIONAL_COLUMNS} - dropped
    if not {*PLACING_COLUMNS} & (kept - {*source.lacks}):
        kept = {*OPTIONAL_COLUMNS}
    return frozenset({*REQUIRED_COLUMNS, *kept, *source.dimensions})


def new_scope(dice: Dice, source: Source) -> dict[str, str]:
    """Mostly none; else a value of each of some dimensions."""
    if not source.dimensions or dice.number(0, 3) < 3:
        return {}
    names = dice.pick((source.dimensions[:1], source.dimensions, source.dimensions[-1:]))
    return {name: dice.pick(("a", "a", "b", "", "a ", "😀", "v1", "nowhere")) for name in names}


def anchor(plan: Plan, scope: Mapping[str, str]) -> Row:
    """A row that every window and scope returns, with all times readable."""
    blank: Row = dict.fromkeys((*OPTIONAL_COLUMNS, *plan.source.dimensions))
    times = dict.fromkeys(TIME_COLUMNS, plan.window.start)
    return {"id": "anchor", "status": "completed"} | blank | times | dict(scope)


def with_one_error_an_id(rows: Sequence[Row]) -> list[Row]:
    """Rows of one id agree on their error, so that the newest message is one message."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["id"] or "", row)
    same = ("error", "error_code")
    return [row | {name: first[row["id"] or ""][name] for name in same} for row in rows]


def new_case(dice: Dice, times: Times, rows_of: Callable[[Plan], list[Row]]) -> Case:
    """A whole case; a column of times is never unreadable throughout."""
    plan = new_plan(dice, times)
    columns, scope = new_columns(dice, plan.source), new_scope(dice, plan.source)
    rows = [*rows_of(plan), *crowd(dice, plan)]
    if any(isinstance(row[name], str) for row in rows for name in TIME_COLUMNS):
        rows.append(anchor(plan, scope))
    return Case(
        rows=tuple(with_one_error_an_id(rows)),
        columns=columns,
        source=plan.source,
        window=plan.window,
        scope=scope,
    )


@st.composite
def cases(draw: st.DrawFn, times: Times = "aware") -> Case:
    """Cases that Hypothesis can shrink; `any` times are for SQLite only."""
    row = st.composite(lambda draw, plan: task_row(DrawnDice(draw), plan))
    return new_case(DrawnDice(draw), times, lambda plan: draw(st.lists(row(plan), max_size=40)))


def random_case(seed: int, rows: int, times: Times = "aware") -> Case:
    """The case of a seed, with so many rows and perhaps a crowd."""
    dice = SeededDice(Random(seed))
    return new_case(dice, times, lambda plan: [task_row(dice, plan) for _ in range(rows)])
