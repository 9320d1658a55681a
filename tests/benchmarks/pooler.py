"""Through pgbouncer in transaction mode: `python -m tests.benchmarks.pooler --seconds 20`.

Two Stillframe clients take snapshots at once, with scopes of their own, while two sessions of an
application share the pool's two server connections with them and read after each transaction what
is set in their session. Prints counts of wrong figures, leaked settings and failures by SQLSTATE.
Says so, and ends, where pgbouncer is not installed.
"""

import argparse
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg

from metrics_core import Window, take_snapshot
from metrics_core.errors import DatabaseError
from tests.campaigns.history import QUEUES, History, source
from tests.campaigns.server import START_SECONDS, Server, free_port, running_server

SETTINGS = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "client_connection_check_interval",
    "timezone",
    "transaction_read_only",
    "transaction_isolation",
    "stillframe.scope_0",
)
READ_SETTINGS = "SELECT " + ", ".join(
    f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS
)
CONFIGURATION = """
[databases]
postgres = host=127.0.0.1 port={server} dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_reset_query_always = 0
"""


@dataclass
class Tally:
    """What the clients saw."""

    snapshots: int = 0
    wrong: int = 0
    transactions: int = 0
    leaks: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    seconds = parser.parse_args().seconds
    if shutil.which("pgbouncer") is None:
        print("skipped: pgbouncer is not installed (apt-get install pgbouncer)")
        return
    tally = pooled(seconds)
    print("| snapshots | wrong | other transactions | leaked settings | failures |")
    print("|---|---|---|---|---|")
    print(
        f"| {tally.snapshots} | {tally.wrong} | {tally.transactions}"
        f" | {dict(tally.leaks) or 0} | {dict(tally.failures) or 0} |"
    )


def pooled(seconds: float) -> Tally:
    """Two snapshot takers and two sessions of an application, for so many seconds."""
    tally = Tally()
    with running_server() as server:
        history = History.around_now(3_600)
        history.load(server)
        with _pgbouncer(server) as url:
            takers = [_taker(url, history, queue, tally) for queue in QUEUES[:2]]
            with server.connect() as direct:
                usual = _settings(direct)
            sessions = [_session(url, usual, tally)] * 2
            _run_for(seconds, [*takers, *sessions])
    return tally


@contextmanager
def _pgbouncer(server: Server) -> Iterator[str]:
    port, file = free_port(), server.folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(server=server.port, port=port))
    process = subprocess.Popen(
        ["pgbouncer", "-q", str(file)], user=server.user, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while not _listens(port):
        if time.monotonic() > end:
            raise TimeoutError("pgbouncer does not listen")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


Client = Callable[[threading.Event], None]


def _run_for(seconds: float, clients: list[Client]) -> None:
    over = threading.Event()
    threads = [threading.Thread(target=client, args=(over,)) for client in clients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join(30)


def _taker(url: str, history: History, queue: str, tally: Tally) -> Client:
    pooled_source = source(url, f"pooled_{queue}")

    def take(over: threading.Event) -> None:
        while not over.is_set():
            window = Window.ending(datetime.now(UTC), minutes=30)
            try:
                shown = take_snapshot(pooled_source, window, {"queue": queue})
            except DatabaseError as error:
                tally.failures[error.sqlstate or str(error)] += 1
            else:
                tally.snapshots += 1
                tally.wrong += not history.is_true(shown)

    return take


def _settings(connection: psycopg.Connection[tuple[object, ...]]) -> tuple[object, ...]:
    found = connection.execute(READ_SETTINGS.encode()).fetchone()
    connection.commit()
    assert found is not None
    return found


def _session(url: str, usual: tuple[object, ...], tally: Tally) -> Client:
    def work(over: threading.Event) -> None:
        with psycopg.connect(url, prepare_threshold=None, application_name="app") as connection:
            while not over.is_set():
                found = _settings(connection)
                tally.transactions += 1
                tally.leaks.update(
                    f"{name} = {here}"
                    for name, here, there in zip(SETTINGS, found, usual, strict=True)
                    if here != there
                )

    return work


if __name__ == "__main__":
    main()
