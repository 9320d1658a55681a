"""A Stillframe that is killed mid-scan leaves no query: `python -m tests.benchmarks.killed`.

A process whose scan would sleep for half a minute is ended by kill -9; the table tells after how
long the server ran no statement of it any more, over TCP and over a unix socket. Bounded: a few
seconds a round.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.campaigns.history import History
from tests.campaigns.kinds import OURS
from tests.campaigns.server import Connection, Server, running_server

WITHIN_SECONDS = 1.5
PATIENCE_SECONDS = 10
PAUSE_SECONDS = 30
SCANNING = (
    f"SELECT count(*) FROM pg_stat_activity"
    f" WHERE {OURS} AND state = 'active' AND query LIKE '%campaign_pace%'"
)
TAKE = """
import sys
from datetime import UTC, datetime
from metrics_core import Window, take_snapshot
from tests.campaigns.history import source
window = Window.ending(datetime.now(UTC), minutes=60)
take_snapshot(source(sys.argv[1], deadline_seconds=60), window)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    print(f"| connected by | killed | gone within {WITHIN_SECONDS} s | query gone after |")
    print("|---|---|---|---|", flush=True)
    with slow_server() as server:
        for name, url in {"TCP": server.url, "unix socket": server.socket_url}.items():
            print(_line(name, [seconds_until_gone(server, url) for _ in range(rounds)]), flush=True)


@contextmanager
def slow_server() -> Iterator[Server]:
    """A server whose table takes half a minute to be scanned."""
    with running_server() as server:
        History.around_now(3_600).load(server, PAUSE_SECONDS)
        yield server


def seconds_until_gone(server: Server, url: str) -> float:
    """Seconds from the kill of a process that scans until no statement of it runs."""
    taker = subprocess.Popen([sys.executable, "-c", TAKE, url])
    try:
        with server.connect() as connection:
            _wait_for(connection, scans=1)
            taker.kill()
            killed = time.monotonic()
            _wait_for(connection, scans=0)
            return time.monotonic() - killed
    finally:
        taker.kill()
        taker.wait()


def _wait_for(connection: Connection, scans: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while connection.execute(SCANNING.encode()).fetchone() != (scans,):
        if time.monotonic() > end:
            raise TimeoutError(f"the server never ran {scans} scans of ours")
        time.sleep(0.01)


def _line(name: str, seconds: list[float]) -> str:
    gone = sum(each <= WITHIN_SECONDS for each in seconds)
    after = f"{statistics.median(seconds):.2f} s, at most {max(seconds):.2f} s"
    return f"| {name} | {len(seconds)} | {gone} | {after} |"


if __name__ == "__main__":
    main()
