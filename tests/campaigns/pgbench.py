"""How many transactions a second pgbench does, alone and while viewers look on."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from dashboard.collector import Collector
from metrics_core import Source
from tests.campaigns.history import History, source
from tests.campaigns.server import Server, running_server

WINDOW_ROWS = 100_000
VIEWERS = 20
REFRESH_SECONDS = 5
SERVER_CORE, OUR_CORE = 0, 1


@contextmanager
def benched_server() -> Iterator[tuple[Server, Source]]:
    """A server on one core with pgbench's tables and a window of 100,000 tasks; we on the other."""
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        with running_server() as server:
            os.sched_setaffinity(0, {OUR_CORE})
            History.around_now(WINDOW_ROWS, hours_ahead=1).load(server)
            _pgbench(server, "--initialize", "--scale=5", "--quiet")
            yield server, source(server.url, "benched")
    finally:
        os.sched_setaffinity(0, usual)


def transactions_a_second(server: Server, seconds: int) -> float:
    """What pgbench reaches on the server's core."""
    told = _pgbench(server, "--client=4", f"--time={seconds}", "--no-vacuum", "--random-seed=1")
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None
    return float(found[1])


def _pgbench(server: Server, *flags: str) -> str:
    command = ["taskset", "-c", str(SERVER_CORE), server.binary("pgbench"), *flags, server.url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def viewers_looking(benched: Source) -> Iterator[None]:
    """Twenty viewers who each ask again after the refresh, spread over it."""
    collector = Collector({benched.name: benched}, tick_seconds=REFRESH_SECONDS)
    over, failed = threading.Event(), list[datetime]()

    def look(place: int) -> None:
        over.wait(REFRESH_SECONDS * place / VIEWERS)
        while not over.is_set():
            state = collector.live(benched.name, 60).provenance.freshness.state
            failed.extend([datetime.now(UTC)] if state != "LIVE" else [])
            over.wait(REFRESH_SECONDS)

    threads = [threading.Thread(target=look, args=(place,)) for place in range(VIEWERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)
    assert not failed, f"not LIVE at {failed[0]}"
