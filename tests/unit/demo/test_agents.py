"""Agent runs tell of themselves as real ones do: late, twice about money, or not at all."""

import sqlite3

import pytest

from dashboard.demo.agents import HORIZON_US
from dashboard.demo.world import MINUTE_US, iso, microseconds_of
from tests.unit.demo.rows import WORLD, count, rows

RUNS = """
SELECT max(event_type = 'run.started') AS has_start,
       max(event_type IN ('run.completed', 'run.failed')) AS has_end,
       min(occurred_at) AS first_at
FROM agent_events GROUP BY run_id
"""


def test_runs_are_in_flight_lost_or_without_a_start(demo: sqlite3.Connection) -> None:
    open_run = f"SELECT count(*) FROM ({RUNS}) WHERE has_start AND NOT has_end"
    lately = iso(WORLD.now_us - 5 * MINUTE_US)
    assert 3 < count(demo, f"{open_run} AND first_at >= ?", lately) < 50
    long_ago = iso(WORLD.now_us - HORIZON_US)
    assert 1 <= count(demo, f"{open_run} AND first_at < ?", long_ago) < 30
    without_start = count(demo, f"SELECT count(*) FROM ({RUNS}) WHERE has_end AND NOT has_start")
    assert 5 < without_start < 100


def test_some_events_arrive_late_and_none_before_it_occurred(demo: sqlite3.Connection) -> None:
    assert count(demo, "SELECT count(*) FROM agent_events WHERE ingested_at <= occurred_at") == 0
    late = """SELECT count(*) FROM agent_events
    WHERE julianday(ingested_at) - julianday(occurred_at) > 1.0 / 24 / 60"""
    assert 100 < count(demo, late) < 1000
    assert rows(demo, "SELECT max(ingested_at) FROM agent_events")[0][0] < iso(WORLD.now_us)


def test_an_end_says_how_long_the_run_took_and_why_it_failed(demo: sqlite3.Connection) -> None:
    ends = rows(
        demo,
        """SELECT event_type, end.run_status, end.error_type, start.occurred_at, end.occurred_at,
               payload -> 'run' ->> 'latency_ms'
        FROM agent_events AS end JOIN (
            SELECT run_id, occurred_at FROM agent_events WHERE event_type = 'run.started'
        ) AS start USING (run_id)
        WHERE event_type IN ('run.completed', 'run.failed')""",
    )
    assert len(ends) > 15_000
    for event_type, status, error, start, end, latency_ms in ends:
        assert latency_ms == (microseconds_of(end) - microseconds_of(start)) // 1000
        assert event_type == f"run.{status}"
        assert (error is not None) == (status == "failed")
    assert 0.03 < sum(e[1] == "failed" for e in ends) / len(ends) < 0.07


def test_an_end_costs_what_its_calls_cost_or_leaves_it_to_them(demo: sqlite3.Connection) -> None:
    costs = rows(
        demo,
        """SELECT end.cost_usd, calls.cost_usd FROM agent_events AS end JOIN (
            SELECT run_id, sum(cost_usd) AS cost_usd FROM agent_events
            WHERE event_type = 'model.call.completed' AND occurred_at < ? GROUP BY run_id
        ) AS calls USING (run_id)
        WHERE event_type IN ('run.completed', 'run.failed') AND occurred_at < ?""",
        *[iso(WORLD.now_us - HORIZON_US)] * 2,
    )
    assert 0.10 < sum(own is None for own, _ in costs) / len(costs) < 0.20
    assert all(own == pytest.approx(calls) for own, calls in costs if own is not None)


def test_no_event_is_told_twice(demo: sqlite3.Connection) -> None:
    twice = "SELECT count(*) - count(DISTINCT event_id) FROM agent_events"
    assert count(demo, twice) == 0
