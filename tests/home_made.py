"""Home-made task tables: one queue of the last hour, under names and types of many a taste.

Twelve tasks: 3 wait, 2 run, 4 are done, 2 failed (one code), 1 is cancelled.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from psycopg import sql

from metrics_core.table_facts import identifier
from tests.databases import Connection

Form = Literal["zoned", "naive", "iso", "ms", "s"]
PLAN = ("waiting",) * 3 + ("running",) * 2 + ("done",) * 4 + ("failed",) * 2 + ("cancelled",)
FIGURES = {
    "created": 12,
    "queued": 3,
    "processing": 2,
    "completed": 4,
    "failed": 2,
    "cancelled": 1,
}
ERROR = "ValueError: no such frame 17"
RUN_MS, WAIT_MS = 20_000, 5_000
POSTGRESQL_TYPES: Mapping[Form, str] = {
    "zoned": "timestamptz",
    "naive": "timestamp",
    "iso": "text",
    "ms": "bigint",
    "s": "double precision",
}
SQLITE_TYPES: Mapping[Form, str] = {
    "zoned": "TEXT",
    "naive": "TIMESTAMP",
    "iso": "TEXT",
    "ms": "INTEGER",
    "s": "REAL",
}


@dataclass(frozen=True, kw_only=True)
class Taste:
    """How a table spells it: names of id, status, created, started, finished and error."""

    table: str
    names: tuple[str, str, str, str, str, str]
    form: Form
    words: Mapping[str, Any]
    status_type: str = "text"


def same(*, upper: bool = False) -> dict[str, str]:
    return {word: word.upper() if upper else word for word in dict.fromkeys(PLAN)}


WORK_ITEMS = Taste(
    table="work_items",
    names=("id", "state", "inserted", "began", "done", "reason"),
    form="zoned",
    words=same(),
)
TASTES = {
    "work_items": WORK_ITEMS,
    "other words": Taste(
        table="background_jobs",
        names=(
            "job_id",
            "job_state",
            "enqueued_at",
            "started_on",
            "completed_ts",
            "failure_message",
        ),
        form="naive",
        words={
            "waiting": "pending",
            "running": "in_progress",
            "done": "succeeded",
            "failed": "errored",
            "cancelled": "revoked",
        },
    ),
    "milliseconds": Taste(
        table="executions",
        names=("uuid", "status", "createdAt", "startedAt", "endedAt", "errorMessage"),
        form="ms",
        words=same(upper=True),
    ),
    "seconds": Taste(
        table="runs",
        names=("id", "phase", "submitted", "begin_time", "end_time", "exception"),
        form="s",
        words=same(upper=True),
    ),
    "reserved words and blanks": Taste(
        table="Job Queue",
        names=("id", "order", "Created At", "start time", "end", "error text"),
        form="zoned",
        words=same(),
    ),
    "texts": Taste(
        table="tasks",
        names=("id", "task status", "date_created", "date_started", "date_finished", "last_error"),
        form="iso",
        words={**same(), "done": "SUCCESS", "running": "STARTED"},
    ),
    "hostile": Taste(
        table='a "b"; DROP TABLE x; --\nc',
        names=("id", "sta\"te's", "created\n{at}", "started %s", "ended ?", "error ''' \\ Größe"),
        form="zoned",
        words={**same(), "waiting": 'queued; it\'s "so"\n', "done": "it's done"},
    ),
}
CODES = Taste(
    table="work_items",
    names=("id", "state", "inserted", "began", "done", "reason"),
    form="zoned",
    words={"waiting": 0, "running": 1, "done": 2, "failed": 3, "cancelled": 9},
    status_type="integer",
)


def rows_of(taste: Taste, now: datetime) -> list[tuple[Any, ...]]:
    """The twelve tasks as the table holds them."""
    return [tuple(_row(taste, number, status, now)) for number, status in enumerate(PLAN)]


def _row(taste: Taste, number: int, status: str, now: datetime) -> Sequence[Any]:
    created = now - timedelta(minutes=30) + timedelta(seconds=number)
    started = created + timedelta(milliseconds=WAIT_MS)
    finished = started + timedelta(milliseconds=RUN_MS)
    times = (
        created,
        None if status in ("waiting", "cancelled") else started,
        finished if status in ("done", "failed", "cancelled") else None,
    )
    error = ERROR if status == "failed" else None
    written = (None if each is None else _written(each, taste.form) for each in times)
    return [f"t{number:02}", taste.words[status], *written, error]


def _written(instant: datetime, form: Form) -> Any:
    if form == "ms":
        return round(instant.timestamp() * 1000)
    if form == "s":
        return instant.timestamp()
    if form == "naive":
        return instant.replace(tzinfo=None)
    return instant.isoformat() if form == "iso" else instant


def make_in_postgresql(connection: Connection, taste: Taste) -> None:
    """The table, in place of one of that name."""
    kind = POSTGRESQL_TYPES[taste.form]
    types = ("text PRIMARY KEY", taste.status_type, kind, kind, kind, "text")
    columns = ", ".join(f"{identifier(n)} {t}" for n, t in zip(taste.names, types, strict=True))
    name = identifier(taste.table)
    connection.execute(f"DROP TABLE IF EXISTS {name}".encode())
    connection.execute(f"CREATE TABLE {name} ({columns})".encode())
    insert = sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s, %s, %s)")
    with connection.cursor() as cursor:
        filled = insert.format(sql.Identifier(taste.table))
        cursor.executemany(filled, rows_of(taste, datetime.now(UTC)))


def make_in_sqlite(path: Path, taste: Taste) -> str:
    """The url of a new file with the table."""
    kind = SQLITE_TYPES[taste.form]
    types = ("TEXT PRIMARY KEY", taste.status_type, kind, kind, kind, "TEXT")
    columns = ", ".join(f"{identifier(n)} {t}" for n, t in zip(taste.names, types, strict=True))
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE {identifier(taste.table)} ({columns})")
    rows = [[_plain(value) for value in row] for row in rows_of(taste, datetime.now(UTC))]
    connection.executemany(f"INSERT INTO {identifier(taste.table)} VALUES (?,?,?,?,?,?)", rows)
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def _plain(value: Any) -> Any:
    return value.isoformat(" ") if isinstance(value, datetime) else value
