"""The demo's queue lives on as it has lived."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.demo.life import LONGEST_STEP_US, advance
from dashboard.demo.videos import WORKERS
from dashboard.demo.world import DAY_US, HOUR_US, MINUTE_US, SECOND_US, iso
from tests.unit.demo.rows import (
    WORLD,
    all_rows,
    busiest,
    count,
    impossible_tasks,
    new_demo,
    rows,
    states,
)


def young_demo(lived_until_us: int) -> closing[sqlite3.Connection]:
    return closing(new_demo(":memory:", WORLD, lived_until_us=lived_until_us))


def test_each_second_tasks_arrive_start_and_end(own_demo: sqlite3.Connection) -> None:
    changed = "SELECT status, count(*) FROM video_tasks WHERE updated_at >= ? GROUP BY status"
    seen = Counter[str]()
    for second in range(1, 61):
        until_us = WORLD.now_us + second * SECOND_US
        assert advance(own_demo, until_us) == until_us
        seen.update(dict(rows(own_demo, changed, iso(until_us - SECOND_US))))
    assert min(seen[status] for status in ("queued", "processing", "completed")) > 20
    arrived = "SELECT count(*) FROM agent_events WHERE ingested_at >= ?"
    assert count(own_demo, arrived, iso(WORLD.now_us)) > 20


def test_the_living_queue_stays_possible_and_the_deploy_bad(own_demo: sqlite3.Connection) -> None:
    for minute in range(1, 61):
        advance(own_demo, WORLD.now_us + minute * MINUTE_US)
    assert busiest(own_demo) == WORKERS
    assert impossible_tasks(own_demo) == []
    assert 20 <= states(own_demo)["processing"] <= sum(WORKERS.values())
    assert count(own_demo, "SELECT count(*) - count(DISTINCT event_id) FROM agent_events") == 0
    bad = """SELECT count(*) FROM video_tasks
    WHERE error_message LIKE 'ENGINE_SCHEMA_MISMATCH%' AND failed_at >= ?"""
    assert count(own_demo, bad, iso(WORLD.now_us)) > 50


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 40 * MINUTE_US), min_size=1, max_size=12))
def test_it_does_not_matter_how_often_the_queue_is_looked_at(lengths_us: list[int]) -> None:
    """From before the stall to after it: many steps or few, the rows are the same."""
    since_us = WORLD.stall_us[0] - 5 * MINUTE_US
    until_us = since_us + 25 * MINUTE_US
    stops = sorted({min(since_us + sum(lengths_us[: n + 1]), until_us) for n in range(12)})
    with young_demo(since_us) as often, young_demo(since_us) as once:
        for stop_us in [*stops, until_us]:
            advance(often, stop_us, longest_step_us=HOUR_US)
        advance(once, until_us, longest_step_us=HOUR_US)
        assert all_rows(often) == all_rows(once)


def test_after_a_sleep_it_catches_up_in_short_steps() -> None:
    with young_demo(WORLD.now_us) as connection:
        woken_us = WORLD.now_us + 12 * MINUTE_US
        reached = [advance(connection, woken_us) - WORLD.now_us for _ in range(4)]
    assert reached == [5 * MINUTE_US, 10 * MINUTE_US, 12 * MINUTE_US, 12 * MINUTE_US]


def test_of_a_long_sleep_only_the_last_day_is_lived() -> None:
    with young_demo(WORLD.now_us) as connection:
        woken_us = WORLD.now_us + 9 * DAY_US
        assert advance(connection, woken_us) == woken_us - DAY_US + LONGEST_STEP_US
        [(first,)] = rows(connection, "SELECT min(created_at) FROM video_tasks")
    assert first >= iso(woken_us - DAY_US)


def test_a_clock_that_goes_back_changes_nothing() -> None:
    with young_demo(WORLD.begin_us) as connection:
        advance(connection, WORLD.begin_us + MINUTE_US)
        before = all_rows(connection)
        reached_us = advance(connection, WORLD.begin_us + SECOND_US)
        assert reached_us == WORLD.begin_us + MINUTE_US
        assert all_rows(connection) == before


def test_a_step_that_fails_leaves_nothing_behind() -> None:
    with young_demo(WORLD.begin_us) as connection:
        before = all_rows(connection)
        connection.execute("DROP INDEX agent_events_run")
        connection.execute("ALTER TABLE agent_events RENAME TO gone")
        with pytest.raises(sqlite3.OperationalError):
            advance(connection, WORLD.begin_us + MINUTE_US)
        connection.execute("ALTER TABLE gone RENAME TO agent_events")
        assert all_rows(connection) == before
