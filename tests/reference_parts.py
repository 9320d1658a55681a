"""The slow reference, first part: rows, tasks and their states, straight from the definitions.

Written from design.md alone and on purpose without pandas: it must not share a line, nor a mistake,
with what it checks. Instants are microseconds since the epoch.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from metrics_core.error_codes import error_code
from metrics_core.source import Source
from metrics_core.window import Window, epoch_us

STATUSES = ("queued", "processing", "completed", "failed", "cancelled", "scheduled", "retrying")
ENDED = ("completed", "failed", "cancelled")
TIMES = ("created_at", "eligible_at", "started_at", "finished_at", "updated_at")
UNITS_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
LARGEST_DURATION = 2**53 - 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row as the source means it: what the source lacks or cannot be read is None."""

    id: str
    native_status: str | None
    status: str | None
    created: int | None
    eligible: int | None
    started: int | None
    finished: int | None
    updated: int | None
    unreadable: bool
    duration_ms: float | None
    message: str | None
    code: str
    cost_usd: float | None
    dimensions: Mapping[str, str | None]

    @property
    def ready(self) -> int | None:
        """When it could be started: the later of created and eligible, None without created."""
        if self.created is None or self.eligible is None:
            return self.created
        return max(self.created, self.eligible)


@dataclass(frozen=True, kw_only=True)
class Task:
    """A classified row; `begins` None: it has always been there; `ends` None: it is open."""

    row: Row
    status: str
    begins: int | None
    ends: int | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the figures are computed from: the rows R and the tasks that lived."""

    source: Source
    window: Window
    start: int
    end: int
    columns: frozenset[str]
    rows: Sequence[Row]
    tasks: Sequence[Task]

    def has(self, column: str) -> bool:
        """Whether the source has this column."""
        return column in self.columns


def facts(
    rows: Sequence[Mapping[str, object]],
    *,
    columns: Collection[str],
    source: Source,
    window: Window,
    scope: Mapping[str, str],
) -> Facts:
    """Rows to the rows R of the window and scope, and to the tasks that lived in it."""
    there = frozenset(column for column in columns if column not in source.lacks)
    start, end = epoch_us(window.start), epoch_us(window.end)
    read = [read_row(row, there, source) for row in rows]
    kept = [row for row in read if in_window(row, start, end) and in_scope(row, scope)]
    tasks = [task_of(row, row.status) for row in kept if row.status and not without_time(row)]
    return Facts(
        source=source,
        window=window,
        start=start,
        end=end,
        columns=there,
        rows=kept,
        tasks=[task for task in tasks if lived(task, start, end)],
    )


def read_row(row: Mapping[str, object], columns: Collection[str], source: Source) -> Row:
    """One row, with None for every column that the source lacks."""
    there = {column: value for column, value in row.items() if column in columns}
    native = text_of(row["status"])
    message = message_of(text_of(there.get("error")))
    return Row(
        id=text_of(row["id"]) or "",
        native_status=native,
        status=status_of(native, source),
        created=instant_us(there.get("created_at"), source),
        eligible=instant_us(there.get("eligible_at"), source),
        started=instant_us(there.get("started_at"), source),
        finished=instant_us(there.get("finished_at"), source),
        updated=instant_us(there.get("updated_at"), source),
        unreadable=any(isinstance(there.get(column), str) for column in TIMES),
        duration_ms=duration_of(there.get("duration_ms")),
        message=message,
        code=code_of(text_of(there.get("error_code")), message, source),
        cost_usd=finite(there.get("cost_usd")),
        dimensions={name: text_of(there.get(name)) for name in source.dimensions},
    )


def text_of(value: object) -> str | None:
    """A value as text; None stays None."""
    return None if value is None else str(value)


def finite(value: object) -> float | None:
    """A number that is one."""
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def duration_of(value: object) -> float | None:
    """A duration that a whole number of JSON can hold."""
    number = finite(value)
    return None if number is None or abs(number) > LARGEST_DURATION else number


def instant_us(value: object, source: Source) -> int | None:
    """A time in any of its shapes; unreadable text and infinities are None."""
    units = UNITS_PER_SECOND[source.time_unit]
    if isinstance(value, datetime):
        return epoch_us(aware(value, source.zone))
    if isinstance(value, int):
        return value * 1_000_000 // units
    if isinstance(value, float) and math.isfinite(value):
        return round(value * 1_000_000 / units)
    return None


def aware(value: datetime, zone: ZoneInfo) -> datetime:
    """A naive time is of the zone: the first if there are two, the next existing if none."""
    if value.tzinfo is not None:
        return value
    local = value.replace(fold=0)
    while not exists(local, zone):
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return local.replace(tzinfo=zone)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone ever showed this time."""
    there_and_back = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None) == local


def status_of(native: str | None, source: Source) -> str | None:
    """The status that the source maps a native value to, else its own name if it is a status."""
    for status, natives in source.statuses.items():
        if native in natives:
            return status
    return native if native in STATUSES else None


def message_of(text: str | None) -> str | None:
    """An error text, its middle cut out where it is too long; None where it is blank."""
    if text is None or not text.strip():
        return None
    return text if len(text) <= 1000 else text[:500] + " … " + text[-500:]


def code_of(column: str | None, message: str | None, source: Source) -> str:
    """The error code: the column, else by the message, else NO_MESSAGE."""
    if column is not None and column.strip():
        return column.strip()[:200]
    return "NO_MESSAGE" if message is None else error_code(message, source.errors)


def in_window(row: Row, start: int, end: int) -> bool:
    """The window's condition on rows."""
    created_before = row.created is None or row.created < end
    not_finished_before = (
        row.finished is None
        or row.finished >= start
        or (row.created is not None and row.created >= start)
    )
    return created_before and not_finished_before


def in_scope(row: Row, scope: Mapping[str, str]) -> bool:
    """Whether the row has every value of the scope; no value never equals."""
    return all(row.dimensions[name] == value for name, value in scope.items())


def without_time(row: Row) -> bool:
    """Whether the row is of an ended status and has no time at all."""
    times = (row.created, row.eligible, row.started, row.finished, row.updated)
    return row.status in ENDED and all(time is None for time in times)


def task_of(row: Row, status: str) -> Task:
    """The task that a classified row tells of."""
    begins = beginning(row, status)
    return Task(row=row, status=status, begins=begins, ends=end_of(row, status, begins))


def beginning(row: Row, status: str) -> int | None:
    """When the task came to be; None: it has always been there."""
    if row.created is not None:
        return row.created
    later = [time for time in (row.started, row.finished, row.updated) if time is not None]
    if later:
        return min(later)
    return None if status in ("scheduled", "retrying") else row.eligible


def end_of(row: Row, status: str, begins: int | None) -> int | None:
    """When the task ended, never before its beginning; None where it is open."""
    if status not in ENDED:
        return None
    known = [time for time in (row.finished, row.updated, begins) if time is not None]
    return known[0] if begins is None else max(known[0], begins)


def begins_before(task: Task, t: int) -> bool:
    """Whether the task is there at t."""
    return task.begins is None or task.begins < t


def ended_before(task: Task, t: int) -> bool:
    """Whether the task is over at t."""
    return task.ends is not None and task.ends < t


def lived(task: Task, start: int, end: int) -> bool:
    """Whether the task was there at some time of the window."""
    return begins_before(task, end) and not ended_before(task, start)


def state_at(task: Task, t: int) -> str:
    """What the task was at the instant t; "absent" if it was not there yet, "ended" if over."""
    if not begins_before(task, t):
        return "absent"
    if ended_before(task, t):
        return "ended"
    if task.ends is None and unchanged_since(task.row, t):
        return settled_state(task, t)
    return earlier_state(task.row, t)


def unchanged_since(row: Row, t: int) -> bool:
    """Whether the last known change of the row lies before t."""
    return all(time is None or time < t for time in (row.created, row.started, row.updated))


def settled_state(task: Task, t: int) -> str:
    """The state that the status says, but for what eligible_at tells better."""
    eligible = task.row.eligible
    if task.status == "scheduled" and eligible is not None and eligible < t:
        return "queued"
    if task.status == "queued" and eligible is not None and eligible >= t:
        return "scheduled"
    return task.status


def earlier_state(row: Row, t: int) -> str:
    """The state at t of a task that ended or changed since."""
    if row.started is not None and row.started < t:
        return "processing"
    if row.eligible is not None and row.eligible >= t:
        return "scheduled"
    return "queued"
