"""The writer keeps the queue alive beside its readers, and ends when it is told to."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from dashboard.demo import DemoWriter
from dashboard.demo.database import DATABASE_NAME, connect, transaction
from dashboard.demo.life import keep_alive
from dashboard.demo.videos import WORKERS
from dashboard.demo.world import DAY_US, MINUTE_US, SECOND_US, World, microseconds
from tests.unit.demo.rows import NOW, WORLD, busiest, count, lived_until_us, new_demo


class FastClock:
    """Ten seconds pass each time that somebody looks."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=10)
        return self.now


@contextmanager
def fast_life(database: Path) -> Iterator[None]:
    stopping = Event()
    clock = {"clock": FastClock(), "interval_seconds": 0.01}
    life = Thread(target=keep_alive, args=(database, stopping), kwargs=clock)
    life.start()
    try:
        yield
    finally:
        stopping.set()
        life.join()


def lives_until(connection: sqlite3.Connection, until_us: int) -> bool:
    """Whether the demo comes so far before our patience ends."""
    deadline = time.monotonic() + 10
    while lived_until_us(connection) < until_us and time.monotonic() < deadline:
        time.sleep(0.01)
    return lived_until_us(connection) >= until_us


def test_life_goes_on_until_it_is_stopped(own_database: Path, own_demo: sqlite3.Connection) -> None:
    with fast_life(own_database):
        assert lives_until(own_demo, WORLD.now_us + MINUTE_US)
    stopped_us = lived_until_us(own_demo)
    time.sleep(0.05)
    assert lived_until_us(own_demo) == stopped_us
    assert busiest(own_demo) == WORKERS


def test_life_waits_while_the_database_is_busy(
    own_database: Path, own_demo: sqlite3.Connection
) -> None:
    with fast_life(own_database):
        with transaction(own_demo):
            standing_us = lived_until_us(own_demo)
            time.sleep(0.4)
            assert lived_until_us(own_demo) == standing_us
        assert lives_until(own_demo, standing_us + MINUTE_US)


def test_a_reader_keeps_the_frame_that_it_began_with(
    own_database: Path, own_demo: sqlite3.Connection
) -> None:
    with fast_life(own_database):
        own_demo.execute("BEGIN")
        before = count(own_demo, "SELECT count(*) FROM video_tasks"), lived_until_us(own_demo)
        time.sleep(0.3)
        after = count(own_demo, "SELECT count(*) FROM video_tasks"), lived_until_us(own_demo)
        own_demo.execute("COMMIT")
        assert after == before
        assert lives_until(own_demo, before[1] + MINUTE_US)


def test_life_begins_when_there_is_a_database(own_database: Path) -> None:
    elsewhere = own_database.rename(own_database.with_name("elsewhere.db"))
    with fast_life(own_database):
        time.sleep(0.05)
        assert not own_database.exists()
        elsewhere.rename(own_database)
        with closing(connect(own_database)) as connection:
            assert lives_until(connection, WORLD.now_us + MINUTE_US)


def test_the_writer_catches_up_with_the_clock_and_ends_with_us(tmp_path: Path) -> None:
    now_us = microseconds(datetime.now(UTC))
    world = World(seed=1, now_us=now_us - DAY_US)
    database = tmp_path / DATABASE_NAME
    with closing(new_demo(database, world, lived_until_us=now_us - 8 * MINUTE_US)) as connection:
        with DemoWriter(tmp_path):
            assert lives_until(connection, now_us + SECOND_US)
        assert count(connection, "SELECT count(*) FROM video_tasks WHERE status = 'completed'") > 50
        stopped_us = lived_until_us(connection)
        time.sleep(1.2)
        assert lived_until_us(connection) == stopped_us


def test_a_writer_can_be_stopped_twice_and_before_it_started(tmp_path: Path) -> None:
    writer = DemoWriter(tmp_path)
    writer.stop()
    writer.start()
    writer.stop()
    writer.stop()
