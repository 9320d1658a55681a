"""What is worth finding in a demo is there to be found."""

import sqlite3
from collections import Counter
from statistics import median

import pytest

from dashboard.demo.faults import CATALOGUE
from dashboard.demo.world import HOUR_US, MINUTE_US, iso, microseconds_of
from tests.unit.demo.rows import WORLD, count, rows

STALL_BEGIN, STALL_END = map(iso, WORLD.stall_us)
DEPLOY = iso(WORLD.deploy_us)


def test_nothing_starts_in_the_stall_and_the_backlog_then_drains(
    demo: sqlite3.Connection,
) -> None:
    started = "SELECT count(*) FROM video_tasks WHERE processing_at >= ? AND processing_at < ?"
    assert count(demo, started, STALL_BEGIN, STALL_END) == 0
    stall_end_us = WORLD.stall_us[1]
    backlog = [queued_at(demo, stall_end_us + m * MINUTE_US) for m in (-12, 0, 5, 45)]
    assert backlog[0] < 20
    assert backlog[1] > 250
    assert 50 < backlog[2] < backlog[1]
    assert backlog[3] < 30


def queued_at(connection: sqlite3.Connection, at_us: int) -> int:
    return count(
        connection,
        """SELECT count(*) FROM video_tasks WHERE created_at < ?1
        AND coalesce(processing_at, failed_at, cancelled_at, '9999') >= ?1""",
        iso(at_us),
    )


def test_the_bad_deploy_brings_a_new_error_to_one_engine_and_goes_on(
    demo: sqlite3.Connection,
) -> None:
    new = "FROM video_tasks WHERE error_message LIKE 'ENGINE_SCHEMA_MISMATCH: %'"
    [(first, last)] = rows(demo, f"SELECT min(failed_at), max(failed_at) {new}")
    assert DEPLOY < first < iso(WORLD.deploy_us + 5 * MINUTE_US)
    assert last > iso(WORLD.now_us - 5 * MINUTE_US)
    assert rows(demo, f"SELECT DISTINCT engine {new}") == [("runway",)]
    since = "SELECT count(*) FROM video_tasks WHERE engine = 'runway' AND processing_at >= ?"
    share = count(demo, f"SELECT count(*) {new}") / count(demo, since, DEPLOY)
    assert 0.14 < share < 0.22


@pytest.mark.parametrize(
    ("engine", "least", "most"), [("luma", 1.4, 1.8), ("runway", 0.9, 1.1), ("pika", 0.9, 1.1)]
)
def test_one_engine_drifts(
    demo: sqlite3.Connection, engine: str, least: float, most: float
) -> None:
    first = median_run_us(demo, engine, WORLD.begin_us)
    last = median_run_us(demo, engine, WORLD.now_us - 2 * HOUR_US)
    assert least < last / first < most


def median_run_us(connection: sqlite3.Connection, engine: str, since_us: int) -> float:
    """The median run time of what completed in the two hours since an instant."""
    completed = rows(
        connection,
        """SELECT processing_at, completed_at FROM video_tasks
        WHERE engine = ? AND completed_at >= ? AND completed_at < ?""",
        engine,
        iso(since_us),
        iso(since_us + 2 * HOUR_US),
    )
    return median(microseconds_of(end) - microseconds_of(start) for start, end in completed)


def test_one_tenant_fails_about_four_times_as_often(demo: sqlite3.Connection) -> None:
    rates = dict(
        rows(
            demo,
            """SELECT tenant_id, avg(status = 'failed') FROM video_tasks
            WHERE status IN ('completed', 'failed') AND created_at < ? GROUP BY tenant_id""",
            iso(WORLD.deploy_us - HOUR_US),
        )
    )
    failing = rates.pop("fjord")
    assert 3 < failing / (sum(rates.values()) / len(rates)) < 5
    assert max(rates.values()) < 0.06
    codes = Counter(
        message
        for (message,) in rows(
            demo,
            "SELECT error_message FROM video_tasks WHERE tenant_id = 'fjord' AND failed_at > ''",
        )
    )
    assert codes.most_common(1)[0][0] == "Invalid prompt. Check content guidelines."


def test_every_sentence_of_the_catalogue_is_told(demo: sqlite3.Connection) -> None:
    told = {m for (m,) in rows(demo, "SELECT DISTINCT error_message FROM video_tasks")}
    assert {fault.message for fault in CATALOGUE} < told
    assert len(CATALOGUE) == 8
    assert len(told) == 8 + 1 + 1  # the catalogue, the bad deploy, and null
