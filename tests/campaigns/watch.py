"""Who looks on during a campaign: viewers who ask the collector, and an observer of the server."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from dashboard.collector import Collector
from metrics_core import Snapshot, StillframeError
from tests.campaigns.kinds import OURS
from tests.campaigns.server import Connection, Server

ASK_EACH_SECONDS = 0.1
LOOK_EACH_SECONDS = 0.02
COUNT = f"SELECT count(*) FROM pg_stat_activity WHERE {OURS}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one viewer got, and when."""

    asked: datetime
    answered: datetime
    snapshot: Snapshot | None

    @property
    def state(self) -> str:
        return self.snapshot.provenance.freshness.state if self.snapshot else "none"

    @property
    def age(self) -> timedelta:
        assert self.snapshot is not None
        return self.answered - self.snapshot.window.to

    @property
    def took(self) -> timedelta:
        return self.answered - self.asked


class Viewers:
    """One viewer a window length, each asking over and over."""

    def __init__(self, collector: Collector, source: str, minutes: tuple[int, ...]) -> None:
        self.minutes = minutes
        self._collector, self._source = collector, source
        self._answers: dict[int, list[Answer]] = {length: [] for length in minutes}

    def answers(self, length: int, since: datetime) -> list[Answer]:
        """The answers of that window length that were given from then on."""
        return [a for a in self._answers[length].copy() if a.answered >= since]

    def all(self, since: datetime) -> list[Answer]:
        return [answer for length in self.minutes for answer in self.answers(length, since)]

    def wait_until_live(self, since: datetime, seconds: float) -> float | None:
        """Seconds until all windows were LIVE and of a tick after `since`; None if never."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            firsts = [self._first_live(length, since) for length in self.minutes]
            found = [first for first in firsts if first]
            if len(found) == len(firsts):
                return max((first.answered - since).total_seconds() for first in found)
            time.sleep(ASK_EACH_SECONDS / 2)
        return None

    def _first_live(self, length: int, since: datetime) -> Answer | None:
        return next(
            (
                answer
                for answer in self.answers(length, since)
                if answer.state == "LIVE" and answer.snapshot and answer.snapshot.window.to > since
            ),
            None,
        )

    @contextmanager
    def looking(self) -> Iterator[None]:
        over = threading.Event()
        threads = [
            threading.Thread(target=self._look, args=(length, over)) for length in self.minutes
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(30)

    def _look(self, length: int, over: threading.Event) -> None:
        while not over.wait(ASK_EACH_SECONDS):
            asked, snapshot = datetime.now(UTC), None
            with suppress(StillframeError):  # there has never been an answer
                snapshot = self._collector.live(self._source, length)
            self._answers[length].append(
                Answer(asked=asked, answered=datetime.now(UTC), snapshot=snapshot)
            )


class Observer:
    """Looks at pg_stat_activity all the time: how many connections of ours are there at most."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.most = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(30)

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(LOOK_EACH_SECONDS):
            with suppress(psycopg.Error), self._server.connect() as connection:
                self._count_until(over, connection)

    def _count_until(self, over: threading.Event, connection: Connection) -> None:
        while not over.wait(LOOK_EACH_SECONDS):
            found = connection.execute(COUNT.encode()).fetchone()
            self.most = max(self.most, int(str(found[0])) if found else 0)


def left_since(server: Server, instant: datetime) -> int:
    """How many backends of ours run a statement that began before the instant."""
    with server.connect() as connection:
        left = connection.execute(
            f"SELECT count(*) FROM pg_stat_activity"
            f" WHERE {OURS} AND state <> 'idle' AND query_start < %s".encode(),
            [instant],
        ).fetchone()
    assert left is not None
    return int(str(left[0]))
