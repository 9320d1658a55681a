"""A demo's history is reproducible, and it could have happened."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.demo import make_demo
from dashboard.demo.agents import events
from dashboard.demo.database import DATABASE_NAME, connect
from dashboard.demo.videos import WORKERS, arrivals
from dashboard.demo.world import HOUR_US, MINUTE_US, SECOND_US, World, iso, microseconds_of
from tests.unit.demo.rows import (
    NOW,
    TIMES,
    WORLD,
    all_rows,
    busiest,
    count,
    impossible_tasks,
    rows,
    states,
)


def test_the_same_seed_and_now_give_the_same_rows(demo: sqlite3.Connection, tmp_path: Path) -> None:
    make_demo(tmp_path, seed=WORLD.seed, now=NOW)
    with closing(connect(tmp_path / DATABASE_NAME)) as again:
        assert all_rows(again) == all_rows(demo)


def test_another_seed_gives_other_tasks_and_other_events() -> None:
    other = World(seed=WORLD.seed + 1, now_us=WORLD.now_us)
    hour = (WORLD.begin_us, WORLD.begin_us + HOUR_US)
    assert {task.id for task in arrivals(WORLD, *hour)}.isdisjoint(
        task.id for task in arrivals(other, *hour)
    )
    assert {event.event_id for event in events(WORLD, *hour)}.isdisjoint(
        event.event_id for event in events(other, *hour)
    )


def test_a_demo_never_writes_into_what_it_has_not_made(folder: Path) -> None:
    before = (folder / "demo.db").stat()
    with pytest.raises(FileExistsError):
        make_demo(folder, seed=1, now=NOW)
    assert (folder / "demo.db").stat().st_mtime_ns == before.st_mtime_ns


def test_a_day_has_some_50000_tasks_and_some_20000_runs(demo: sqlite3.Connection) -> None:
    assert 45_000 < count(demo, "SELECT count(*) FROM video_tasks") < 55_000
    assert 18_000 < count(demo, "SELECT count(DISTINCT run_id) FROM agent_events") < 22_000
    assert count(demo, "SELECT count(DISTINCT engine) FROM video_tasks") == 3
    assert count(demo, "SELECT count(DISTINCT tenant_id) FROM video_tasks") == 8


def test_the_history_is_the_24_hours_before_now(demo: sqlite3.Connection) -> None:
    [(first, last, changed)] = rows(
        demo, "SELECT min(created_at), max(created_at), max(updated_at) FROM video_tasks"
    )
    assert iso(WORLD.begin_us) <= first < iso(WORLD.begin_us + MINUTE_US)
    assert iso(WORLD.now_us - MINUTE_US) < last <= changed < iso(WORLD.now_us)


def test_every_time_is_utc_text_with_microseconds(demo: sqlite3.Connection) -> None:
    pattern = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
    for row in rows(demo, f"SELECT {TIMES} FROM video_tasks LIMIT 1000"):
        assert all(pattern.fullmatch(text) for text in row if text is not None)


def test_a_task_has_exactly_the_times_of_its_status_in_their_order(
    demo: sqlite3.Connection,
) -> None:
    assert impossible_tasks(demo) == []


def test_some_tasks_end_without_ever_being_processed(demo: sqlite3.Connection) -> None:
    ended = Counter(
        status
        for (status,) in rows(demo, "SELECT status FROM video_tasks WHERE processing_at IS NULL")
    )
    assert ended["failed"] > 200
    assert ended["cancelled"] > 20


def test_no_engine_runs_more_tasks_than_it_has_workers(demo: sqlite3.Connection) -> None:
    assert busiest(demo) == WORKERS


def test_tasks_of_an_engine_start_about_in_the_order_of_their_creation(
    demo: sqlite3.Connection,
) -> None:
    """A task overtakes another by less than the longest time in which one is picked up."""
    for engine in WORKERS:
        latest = 0
        for created, started in rows(
            demo,
            """SELECT created_at, processing_at FROM video_tasks
            WHERE engine = ? AND processing_at IS NOT NULL ORDER BY created_at""",
            engine,
        ):
            started_us = microseconds_of(started)
            assert started_us > latest - 60 * SECOND_US, created
            latest = max(latest, started_us)


def test_the_day_has_a_rhythm(demo: sqlite3.Connection) -> None:
    hours = [
        count(
            demo,
            "SELECT count(*) FROM video_tasks WHERE created_at >= ? AND created_at < ?",
            iso(WORLD.begin_us + hour * HOUR_US),
            iso(WORLD.begin_us + (hour + 1) * HOUR_US),
        )
        for hour in range(24)
    ]
    assert max(hours) > 2 * min(hours)


def test_the_queue_is_alive_at_now(demo: sqlite3.Connection) -> None:
    now = states(demo)
    assert 2 <= now["queued"] <= 60
    assert 20 <= now["processing"] <= sum(WORKERS.values())
