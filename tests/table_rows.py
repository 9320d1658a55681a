"""The rows of a generated table: statuses, times, errors, costs and values that hurt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal, Protocol, TypeVar

from metrics_core.source import OPTIONAL_COLUMNS, STATUSES, TIME_COLUMNS, Source
from metrics_core.window import MICROSECOND, Window, epoch_us

Times = Literal["aware", "any"]
Row = dict[str, Any]
T = TypeVar("T")


class Dice(Protocol):
    """Where the choices come from."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; the first is the simplest."""

    def number(self, low: int, high: int) -> int:
        """Return a whole number from low to high."""


@dataclass(frozen=True, kw_only=True)
class CrowdKind:
    """How many different codes, values and unknown statuses a crowd has."""

    status: str
    codes: int
    values: int
    unknown: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the rows of one case have in common."""

    times: Times
    source: Source
    window: Window
    edges: tuple[datetime, ...]


UNKNOWN_STATUSES = ("archived", "COMPLETED", "", " queued", "zuständig", "😀")
ERRORS = (
    None,
    "",
    " \n\t\u3000",
    "the engine timed out after 31 s",
    "disk 7 is full",
    "odd ( text",
    "ValueError: no such thing",
    "GPU_OOM on 10.1.2.3",
    "cannot read /srv/data/17.bin",
    "cannot read /srv/data/18.bin",
    "Traceback (most recent call last):\n  File 'a.py', line 1\napp.errors.Broken: it broke",
    "Überlauf 😀",
    "a" * 1000,
    "a" * 1001,
    "Z_TOP: " + "é😀" * 600,
    "x" * 700 + "timed out" + "y" * 700,
    "ValueError: " + "n" * 1200 + " 42",
)
ERROR_CODES = (None, None, None, None, "", "  ", "E1", " E1 ", "Ä", "😀", "W " * 150, "c" * 199)
VALUES = (
    None,
    None,
    "a",
    "a",
    "a",
    "a",
    "b",
    "b",
    "b",
    "",
    "A",
    "a ",
    " ",
    "null",
    "10",
    "9",
    "Ä",
    "\uff5e",
    "😀",
    "ein Wert",
)
IDS = ("", "t", "T", "t10", "t9", "ä", "\uff5e", "😀", None)
DURATIONS = (None, None, None, 0, 1, 999, 1000, 1999, 2.5, 0.75, -1, -0.25, 2**53 - 1, 2**53)
COSTS = (None, 0, 0.1, 0.000001, 1.5, 12.345678, -0.25, 99_999.999999, 3)
UNREADABLE = ("soon", "", "0000-00-00 00:00:00", "2026-13-01", "n/a", "😀")
OFFSETS = (330, -480, 60, -210, 840)
CROWDS = (
    CrowdKind(status="failed", codes=1, values=12),
    CrowdKind(status="completed", codes=1, values=55),
    CrowdKind(status="failed", codes=130, values=2),
    CrowdKind(status="failed", codes=120, values=60),
    CrowdKind(status="queued", codes=1, values=130, unknown=27),
)
INFINITE = (float("inf"), float("-inf"))


def instant(dice: Dice, plan: Plan) -> datetime:
    """Mostly an edge, or a microsecond beside it; else near, inside, or far away."""
    kind = dice.pick(("edge", "edge", "edge", "near", "inside", "inside", "day", "far"))
    if kind == "edge":
        return dice.pick(plan.edges) + dice.pick((0, -1, 1)) * MICROSECOND
    if kind == "near":
        return dice.pick(plan.edges) + dice.number(-3_000, 3_000) * timedelta(milliseconds=1)
    if kind == "inside":
        seconds = plan.window.minutes * 60
        return plan.window.start + timedelta(seconds=dice.number(0, seconds - 1))
    if kind == "day":
        return plan.window.end + timedelta(minutes=dice.number(-2_000, 500))
    return dice.pick((datetime(1971, 1, 2, tzinfo=UTC), datetime(2099, 12, 30, 1, 2, 3, 4, UTC)))


def written(dice: Dice, plan: Plan, time: datetime) -> object:
    """A time in one of the shapes that a column of SQLite may hold."""
    unit = plan.source.time_unit
    shapes = ("aware", "aware", "offset", "local", "naive", "number", "text")
    shape = dice.pick(shapes if unit != "s" else (*shapes, "real"))
    if shape == "offset":
        return time.astimezone(timezone(timedelta(minutes=dice.pick(OFFSETS))))
    if shape == "local":
        return time.astimezone(plan.source.zone).replace(tzinfo=None, fold=0)
    if shape == "naive":
        return time.replace(tzinfo=None) + timedelta(hours=dice.pick((0, 1, -5)))
    if shape == "number":
        return epoch_us(time) // {"s": 1_000_000, "ms": 1_000, "us": 1}[unit]
    if shape == "real":
        return epoch_us(time) / 1_000_000
    return dice.pick(UNREADABLE) if shape == "text" and dice.number(0, 3) == 0 else time


def tidy_times(dice: Dice, plan: Plan) -> list[datetime | None]:
    """The times of a task that behaved: each after the one before it."""
    created, started, finished = sorted(instant(dice, plan) for _ in range(3))
    eligible = dice.pick((None, None, created, started, instant(dice, plan)))
    return [created, eligible, started, finished, dice.pick((finished, None, started))]


def wild_times(dice: Dice, plan: Plan) -> list[datetime | None]:
    """Times in any order, any of them missing, some of them equal."""
    pool = [None, instant(dice, plan), instant(dice, plan), instant(dice, plan)]
    return [dice.pick((instant(dice, plan), *pool)) for _ in TIME_COLUMNS]


def task_times(dice: Dice, plan: Plan, status: str | None) -> Row:
    """The five times of a task, by and large of its status."""
    kind = dice.pick(("tidy", "tidy", "tidy", "wild", "wild", "none"))
    drawn = {"tidy": tidy_times, "wild": wild_times, "none": no_times}[kind](dice, plan)
    row: Row = dict(zip(TIME_COLUMNS, drawn, strict=True))
    known = plan.source.status_of.get(status or "")
    if kind == "tidy" and known in ("queued", "scheduled"):
        row["started_at"] = None
    if known in ("queued", "scheduled", "processing", "retrying") and dice.number(0, 5):
        row["finished_at"] = None
    if plan.times == "any":
        row = {name: time and written(dice, plan, time) for name, time in row.items()}
    return row


def no_times(dice: Dice, plan: Plan) -> list[datetime | None]:
    """Nothing known, or one time of the five."""
    times: list[datetime | None] = [None] * len(TIME_COLUMNS)
    times[dice.number(0, len(times) - 1)] = dice.pick((None, instant(dice, plan)))
    return times


def new_status(dice: Dice, source: Source) -> str | None:
    """Mostly a status or what the source maps to one; else unknown, or none."""
    native = tuple(value for values in source.statuses.values() for value in values)
    known = (*STATUSES, *STATUSES, "completed", "failed", "failed", *native)
    return dice.pick((*known, dice.pick((None, *UNKNOWN_STATUSES))))


def task_row(dice: Dice, plan: Plan) -> Row:
    """One row with all columns."""
    status = new_status(dice, plan.source)
    infinite = INFINITE if plan.times == "any" else ()
    return {
        "id": dice.pick((f"t{dice.number(0, 999)}", f"t{dice.number(0, 9)}", dice.pick(IDS))),
        "status": status,
        **task_times(dice, plan, status),
        "duration_ms": dice.pick((*DURATIONS, *infinite)),
        "error": dice.pick(ERRORS),
        "error_code": dice.pick(ERROR_CODES),
        "cost_usd": dice.pick((*COSTS, dice.number(0, 5_000_000) / 1e6, *infinite)),
        **{name: dice.pick(VALUES) for name in plan.source.dimensions},
    }


def crowd(dice: Dice, plan: Plan) -> list[Row]:
    """Mostly nobody; else many rows alike, of many codes, values or unknown statuses."""
    size, kind = dice.pick((0, 0, 0, 130)), dice.pick(CROWDS)
    step = dice.pick((0, 1, 100_000)) * MICROSECOND
    return [member(plan, kind, i, step) for i in range(size)]


def member(plan: Plan, kind: CrowdKind, i: int, step: timedelta) -> Row:
    """One of a crowd: the later in it, the longer it waited and ran."""
    unknown = bool(kind.unknown) and i % 2 == 1
    blank: Row = dict.fromkeys(OPTIONAL_COLUMNS)
    return blank | {
        "id": f"c{i:03}",
        "status": f"unknown {i % kind.unknown}" if unknown else kind.status,
        "created_at": plan.window.start,
        "started_at": plan.window.start + i * step / 2,
        "finished_at": plan.window.start + i * step,
        "error_code": f"CODE_{i % kind.codes}",
        **dict.fromkeys(plan.source.dimensions, f"v{i % kind.values}"),
    }
