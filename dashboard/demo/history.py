"""A new demo in a folder: its database with 24 hours of history, and its settings."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from dashboard.demo.database import DATABASE_NAME, connect
from dashboard.demo.life import advance
from dashboard.demo.schema import INDEXES, TABLES
from dashboard.demo.settings import SETTINGS_NAME, settings_text
from dashboard.demo.world import DAY_US, World, microseconds


def make_demo(folder: Path, *, seed: int, now: datetime) -> Path:
    """Makes `demo.db` and `stillframe.toml` in a folder; returns the path of the latter.

    The history ends at `now`; the same seed and `now` give the same rows. Raises FileExistsError
    if the folder has one of the two files: a demo never writes into what it has not made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database, settings = folder / DATABASE_NAME, folder / SETTINGS_NAME
    with settings.open("x", encoding="utf-8") as file:
        file.write(settings_text(database))
    database.touch(exist_ok=False)
    with closing(connect(database)) as connection:
        _live_a_day(connection, World(seed=seed, now_us=microseconds(now)))
    return settings


def _live_a_day(connection: sqlite3.Connection, world: World) -> None:
    connection.executescript(TABLES)
    connection.execute(
        "INSERT INTO demo VALUES (?, ?, ?)", (world.seed, world.now_us, world.begin_us)
    )
    advance(connection, world.now_us, longest_step_us=DAY_US)
    connection.executescript(INDEXES)
    connection.execute("ANALYZE")
