"""A collector with a clock that is moved by hand, and real scans that can be held up."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.collector import Collector
from metrics_core import Snapshot, Source, Window, take_snapshot
from metrics_core.errors import DatabaseError
from tests.builders import row, sqlite_source

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
Asking = tuple[threading.Thread, list[Snapshot]]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON + timedelta(seconds=3)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Scans:
    """Real scans that can be counted, held up and made to fail."""

    def __init__(self) -> None:
        self.windows: list[Window] = []
        self.failing: DatabaseError | None = None
        self.go_on = threading.Event()
        self.go_on.set()
        self.during: Callable[[], None] = lambda: None
        self.running = 0
        self.most_running = 0

    def __call__(
        self, source: Source, window: Window, scope: Mapping[str, str], request_id: str, /
    ) -> Snapshot:
        self.windows.append(window)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            assert self.go_on.wait(10)
            self.during()
            if self.failing:
                raise self.failing
            return take_snapshot(source, window, scope, request_id=request_id)
        finally:
            self.running -= 1


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return sqlite_source(
        tmp_path, [row("a", "queued", created=0, queue="q")], dimensions=("queue",)
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scans() -> Scans:
    return Scans()


@pytest.fixture
def collector(source: Source, clock: Clock, scans: Scans) -> Collector:
    quick = source.model_copy(update={"deadline_seconds": 0.3})
    return Collector({source.name: quick}, tick_seconds=5, now=clock, take=scans)


@pytest.fixture
def patient(source: Source, clock: Clock, scans: Scans) -> Collector:
    """Its source may take longer than any test."""
    slow = source.model_copy(update={"deadline_seconds": 600})
    return Collector({source.name: slow}, tick_seconds=5, now=clock, take=scans)


def asking(collector: Collector, source: Source) -> Asking:
    """A viewer who asks for the last hour, and where the answer will be."""
    found: list[Snapshot] = []
    viewer = threading.Thread(target=lambda: found.append(collector.live(source.name, 60)))
    viewer.start()
    return viewer, found


def answers_of(asked: Iterable[Asking]) -> list[Snapshot]:
    """What these viewers got in the end."""
    answers: list[Snapshot] = []
    for viewer, found in asked:
        viewer.join(10)
        answers += found
    return answers


@contextmanager
def held_scan(collector: Collector, source: Source, scans: Scans) -> Iterator[None]:
    """A scan of the last hour that does not end as long as this lasts."""
    before = len(scans.windows)
    scans.go_on.clear()
    viewer, _ = asking(collector, source)
    while len(scans.windows) == before:
        time.sleep(0.001)
    try:
        yield
    finally:
        scans.go_on.set()
        viewer.join(10)
        until_scans_have_ended()


def until_scans_have_ended() -> None:
    for thread in threading.enumerate():
        if thread.name == "collector":
            thread.join(10)
