"""The kinds of faults: each breaks something for real, and mends it when its context ends."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

import psycopg

from tests.campaigns.history import set_pause
from tests.campaigns.proxy import Mode, Proxy
from tests.campaigns.server import Connection, Server

OURS = "application_name = 'stillframe' AND backend_type = 'client backend'"
SCANNING = f"SELECT pid FROM pg_stat_activity WHERE {OURS} AND query LIKE '%campaign_pace%'"
BACKENDS = f"SELECT pid FROM pg_stat_activity WHERE {OURS}"
MID_RESULT_BYTES = 150_000
CATCH_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a fault is injected."""

    server: Server
    proxy: Proxy


Fault = Callable[[Place], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A fault, how long it stays, and whether all scans fail as long as it does."""

    fault: Fault
    lasts_seconds: float = 3.0
    lasting: bool = True
    through_proxy: bool = False


def _caught(connection: Connection) -> int:
    """The backend of a scan of ours, while it scans."""
    end = time.monotonic() + CATCH_SECONDS
    while time.monotonic() < end:
        found = connection.execute(SCANNING + " AND state = 'active'").fetchone()
        if found:
            return int(str(found[0]))
        time.sleep(0.01)
    raise TimeoutError("no scan of ours was seen on the server")


@contextmanager
def killed_backend(place: Place) -> Iterator[None]:
    with place.server.connect() as connection:
        os.kill(_caught(connection), signal.SIGKILL)
        _wait_until_cut_off(connection)
    yield
    place.server.wait_until_ready()


def _wait_until_cut_off(connection: Connection) -> None:
    """The postmaster ends all sessions when one of its processes was killed."""
    end = time.monotonic() + CATCH_SECONDS
    with suppress(psycopg.OperationalError):
        while time.monotonic() < end:
            connection.execute("SELECT 1")
            time.sleep(0.01)


@contextmanager
def immediate_restart(place: Place) -> Iterator[None]:
    with place.server.connect() as connection:
        _caught(connection)
    place.server.stop(signal.SIGQUIT)
    yield
    place.server.start()


@contextmanager
def hung_backend(place: Place) -> Iterator[None]:
    with place.server.connect() as connection:
        pid = _caught(connection)
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


@contextmanager
def hung_backends(place: Place) -> Iterator[None]:
    """Each backend that scans for us is hung as soon as it is seen."""
    over, hung = threading.Event(), set[int]()
    hanger = threading.Thread(target=_hang_all, args=(place.server, over, hung))
    hanger.start()
    yield
    over.set()
    hanger.join()
    for pid in hung:
        os.kill(pid, signal.SIGCONT)


def _hang_all(server: Server, over: threading.Event, hung: set[int]) -> None:
    with server.connect() as connection:
        while not over.wait(0.01):
            for row in connection.execute(SCANNING + " AND state = 'active'").fetchall():
                pid = int(str(row[0]))
                if pid not in hung:
                    os.kill(pid, signal.SIGSTOP)
                    hung.add(pid)


@contextmanager
def hung_postmaster(place: Place) -> Iterator[None]:
    os.kill(place.server.pid, signal.SIGSTOP)
    yield
    os.kill(place.server.pid, signal.SIGCONT)


@contextmanager
def locked_table(place: Place) -> Iterator[None]:
    with place.server.connect() as connection, connection.transaction():
        connection.execute("LOCK TABLE campaign_tasks IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def slow_statement(place: Place) -> Iterator[None]:
    with place.server.connect() as connection:
        usual = connection.execute("SELECT seconds FROM campaign_pace").fetchone()
        set_pause(connection, 30)
        yield
        set_pause(connection, float(str(usual[0])) if usual else 0.0)


@contextmanager
def refused(place: Place) -> Iterator[None]:
    place.server.stop()
    yield
    place.server.start()


def _proxied(mode: Mode) -> Fault:
    @contextmanager
    def broken(place: Place) -> Iterator[None]:
        place.proxy.break_down(mode, MID_RESULT_BYTES)
        yield
        place.proxy.heal()

    return broken


KINDS: Mapping[str, Kind] = {
    "kill -9 of the backend": Kind(fault=killed_backend, lasts_seconds=0, lasting=False),
    "immediate restart": Kind(fault=immediate_restart, lasts_seconds=0, lasting=False),
    "SIGSTOP of the backend": Kind(fault=hung_backend, lasting=False),
    "SIGSTOP of each backend": Kind(fault=hung_backends),
    "SIGSTOP of the postmaster": Kind(fault=hung_postmaster),
    "ACCESS EXCLUSIVE lock": Kind(fault=locked_table),
    "statement too slow": Kind(fault=slow_statement),
    "connection refused": Kind(fault=refused),
    "proxy stalls": Kind(fault=_proxied(Mode.STALL), through_proxy=True),
    "proxy cuts": Kind(fault=_proxied(Mode.CUT), through_proxy=True),
    "proxy truncates": Kind(fault=_proxied(Mode.TRUNCATE), through_proxy=True),
}
