"""The demo's life: one step from an instant to a later one, be it a day of history or a second."""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from threading import Event

from dashboard.demo.agents import events
from dashboard.demo.database import connect, open_tasks, save_events, save_tasks, transaction
from dashboard.demo.videos import arrivals, served
from dashboard.demo.world import DAY_US, MINUTE_US, World, microseconds

LONGEST_STEP_US = 5 * MINUTE_US
INTERVAL_SECONDS = 1.0

logger = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def keep_alive(
    database: Path,
    stopping: Event,
    *,
    clock: Callable[[], datetime] = _utc_now,
    interval_seconds: float = INTERVAL_SECONDS,
) -> None:
    """Follows the clock until it is told to stop.

    A database that is busy, or gone for a while, costs nothing: the next try lives on.
    """
    while not stopping.is_set():
        try:
            with closing(connect(database)) as connection:
                _follow(connection, stopping, clock, interval_seconds)
        except sqlite3.OperationalError as error:
            logger.info("the demo's queue stands still for a moment: %s", error)
            stopping.wait(interval_seconds)


def _follow(
    connection: sqlite3.Connection,
    stopping: Event,
    clock: Callable[[], datetime],
    interval_seconds: float,
) -> None:
    while not stopping.is_set():
        now_us = microseconds(clock())
        if advance(connection, now_us) >= now_us:
            stopping.wait(interval_seconds)


def advance(
    connection: sqlite3.Connection, now_us: int, *, longest_step_us: int = LONGEST_STEP_US
) -> int:
    """Lives on from where the database stands towards now; returns how far it came.

    A step is one transaction and has a longest length, so that a machine that slept catches up in
    short ones. Of a sleep of more than a day only the last day is lived.
    """
    with transaction(connection):
        world, lived_until_us = _standing(connection)
        since_us = max(lived_until_us, now_us - DAY_US)
        until_us = min(now_us, since_us + longest_step_us)
        if until_us > lived_until_us:
            _live(connection, world, since_us, until_us)
    return max(until_us, lived_until_us)


def _standing(connection: sqlite3.Connection) -> tuple[World, int]:
    """The world that the database is of, and the instant up to which it has been lived."""
    [(seed, now_us, lived_until_us)] = connection.execute("SELECT * FROM demo")
    return World(seed=seed, now_us=now_us), lived_until_us


def _live(connection: sqlite3.Connection, world: World, since_us: int, until_us: int) -> None:
    queued, running = open_tasks(connection, world)
    waiting = chain(queued, arrivals(world, since_us, until_us))
    save_tasks(connection, chain(running, served(world, waiting, running)), until_us)
    save_events(connection, events(world, since_us, until_us))
    connection.execute("UPDATE demo SET lived_until_us = ?", (until_us,))
