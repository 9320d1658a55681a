"""Questions that the demo's tests ask of its tables."""

import sqlite3
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.demo.schema import INDEXES, TABLES
from dashboard.demo.world import World, microseconds

NOW = datetime(2026, 2, 1, 10, 7, 13, 123456, tzinfo=UTC)
WORLD = World(seed=7, now_us=microseconds(NOW))
TIMES = "created_at, updated_at, processing_at, completed_at, failed_at, cancelled_at"
ENDED = {"completed": 0, "failed": 1, "cancelled": 2}


def new_demo(database: Path | str, world: World, *, lived_until_us: int) -> sqlite3.Connection:
    """A demo without a history, whose life begins at an instant."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.executescript(TABLES + INDEXES)
    row = (world.seed, world.now_us, lived_until_us)
    connection.execute("INSERT INTO demo VALUES (?, ?, ?)", row)
    return connection


def rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return connection.execute(sql, values).fetchall()


def count(connection: sqlite3.Connection, sql: str, *values: object) -> int:
    [(number,)] = rows(connection, sql, *values)
    return int(number)


def all_rows(connection: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    tables = ("video_tasks ORDER BY id", "agent_events ORDER BY id", "demo")
    return [rows(connection, f"SELECT * FROM {table}") for table in tables]


def lived_until_us(connection: sqlite3.Connection) -> int:
    return count(connection, "SELECT lived_until_us FROM demo")


def states(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(rows(connection, "SELECT status, count(*) FROM video_tasks GROUP BY status"))


def impossible_tasks(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Those whose times are not exactly those of their status, in their order."""
    tasks = rows(connection, f"SELECT status, error_message, {TIMES} FROM video_tasks")
    return [task for task in tasks if not _is_possible(*task)]


def _is_possible(
    status: str, error: str | None, created: str, updated: str, started: str | None, *ends: str
) -> bool:
    known = [at for at in (created, started, *ends) if at]
    return (
        [place for place, at in enumerate(ends) if at]
        == [place for name, place in ENDED.items() if name == status]
        and (error is not None) == (status == "failed")
        and (started is not None or status in ("queued", "failed", "cancelled"))
        and (started is None or status != "queued")
        and known == sorted(known)
        and known[-1] == updated
    )


def busiest(connection: sqlite3.Connection) -> dict[str, int]:
    """How many tasks each engine ran at the same time at most."""
    changes = []
    for engine, started, finished in rows(
        connection,
        """SELECT engine, processing_at, coalesce(completed_at, failed_at, cancelled_at, '9999')
        FROM video_tasks WHERE processing_at IS NOT NULL""",
    ):
        changes += [(started, 1, engine), (finished, -1, engine)]
    running, most = Counter[str](), Counter[str]()
    for _, change, engine in sorted(changes):
        running[engine] += change
        most[engine] = max(most[engine], running[engine])
    return dict(most)
