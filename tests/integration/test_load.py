"""The campaigns of load, pooling and killing in short."""

import os
import re
import shutil
from datetime import UTC, datetime

import pytest

from metrics_core import Window, take_snapshot
from tests.benchmarks.killed import WITHIN_SECONDS, seconds_until_gone, slow_server
from tests.benchmarks.load import throughputs
from tests.benchmarks.pooler import pooled
from tests.campaigns.crowd import crowd
from tests.campaigns.history import History, source
from tests.campaigns.server import running_server


def test_200_viewers_at_once_cost_one_scan_a_tick() -> None:
    seen = crowd(viewers=200, ticks=2, tick_seconds=2.0)
    assert (seen.ticks, seen.scans, seen.wrong) == (2, 2, 0)


def test_a_snapshot_opens_one_connection() -> None:
    with running_server(log_connections="on") as server:
        History.around_now(3_600).load(server)
        window = Window.ending(datetime.now(UTC), minutes=60)
        # Of its own for sure: a port that had another server before has been seen by the driver.
        url = f"{server.url}?keepalives_idle=6"
        for _ in range(3):
            take_snapshot(source(url), window)
        log = server.log.read_text()
    opened = re.findall("connection authorized: .* application_name=stillframe", log)
    assert len(opened) == 1 + 3  # the first one is the driver's: it reads the types


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="it needs two cores")
def test_viewers_leave_a_busy_database_at_work() -> None:
    alone, beside = throughputs(rounds=1, seconds=2)
    assert min(alone + beside) > 0


@pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="pgbouncer is not installed")
def test_nothing_leaks_through_a_pooler() -> None:
    seen = pooled(seconds=2)
    assert (seen.wrong, dict(seen.leaks), dict(seen.failures)) == (0, {}, {})
    assert min(seen.snapshots, seen.transactions) > 0


@pytest.mark.parametrize("by", ["url", "socket_url"])
def test_a_killed_process_leaves_no_query(by: str) -> None:
    with slow_server() as server:
        assert seconds_until_gone(server, getattr(server, by)) <= WITHIN_SECONDS
