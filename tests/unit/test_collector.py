"""The collector: one scan for all, ticks, age in words, and gates that open again."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.collector import Collector
from metrics_core import Snapshot, Source, Window, take_snapshot
from metrics_core.digest import digests
from metrics_core.errors import DatabaseError
from metrics_core.snapshot import as_json_value
from tests.builders import row, sqlite_source

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)


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

    def __call__(self, source: Source, window: Window, scope: Mapping[str, str], /) -> Snapshot:
        self.windows.append(window)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            assert self.go_on.wait(10)
            self.during()
            if self.failing:
                raise self.failing
            return take_snapshot(source, window, scope)
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


def asking(collector: Collector, source: Source) -> tuple[threading.Thread, list[Snapshot]]:
    """A viewer who asks for the last hour, and where the answer will be."""
    found: list[Snapshot] = []
    viewer = threading.Thread(target=lambda: found.append(collector.live(source.name, 60)))
    viewer.start()
    return viewer, found


def asked_at_once(collector: Collector, source: Source, viewers: int) -> list[Snapshot]:
    asked = [asking(collector, source) for _ in range(viewers)]
    for viewer, _ in asked:
        viewer.join(10)
    return [snapshot for _, found in asked for snapshot in found]


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


def test_live_windows_end_on_the_tick(collector: Collector, source: Source, clock: Clock) -> None:
    first = collector.live(source.name, 60)
    clock.forward(1.9)
    assert collector.live(source.name, 60) is first
    assert first.window.to == NOON
    clock.forward(0.1)
    assert collector.live(source.name, 60).window.to == NOON + timedelta(seconds=5)


def test_each_length_and_scope_is_a_window_of_its_own(
    collector: Collector, source: Source, scans: Scans
) -> None:
    collector.live(source.name, 60)
    collector.live(source.name, 30)
    scoped = collector.live(source.name, 60, {"queue": "q"})
    assert scoped.scope == {"queue": "q"}
    assert len(scans.windows) == 3


def test_200_viewers_at_once_share_one_scan(
    collector: Collector, source: Source, scans: Scans
) -> None:
    scans.go_on.clear()
    asked = [asking(collector, source) for _ in range(200)]
    scans.go_on.set()
    for viewer, _ in asked:
        viewer.join(10)
    found = [snapshot for _, answers in asked for snapshot in answers]
    assert len(scans.windows) == 1
    assert len({snapshot.request_id for snapshot in found}) == 1
    assert len(found) == 200


def test_one_scan_a_source_at_a_time(collector: Collector, source: Source, scans: Scans) -> None:
    scans.go_on.clear()
    askers = [
        threading.Thread(target=collector.live, args=(source.name, minutes))
        for minutes in (5, 15, 30, 60)
    ]
    for asker in askers:
        asker.start()
    while not scans.windows:
        time.sleep(0.001)
    scans.go_on.set()
    for asker in askers:
        asker.join(10)
    assert scans.most_running == 1
    assert len(scans.windows) == 4


def test_who_waits_too_long_gets_the_last_answer(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    last = collector.live(source.name, 60)
    clock.forward(5)
    with held_scan(collector, source, scans):
        assert collector.live(source.name, 60) is last


def test_figures_of_two_ticks_ago_are_stale_while_the_database_does_not_answer(
    patient: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    last = patient.live(source.name, 60)
    clock.forward(5)
    asked = clock.now
    with held_scan(patient, source, scans):
        clock.forward(5.1)
        stale = patient.live(source.name, 60)
        clock.forward(20)
        assert patient.live(source.name, 60) is stale
    freshness = stale.provenance.freshness
    assert (freshness.state, freshness.since) == ("STALE", asked)
    assert freshness.reason == "source tasks: the database has not answered yet"
    assert stale.digest.content == last.digest.content
    assert (stale.digest.content, stale.digest.document) == digests(as_json_value(stale))
    assert patient.live(source.name, 60).provenance.freshness.state == "LIVE"


def test_stale_figures_are_sealed_once_for_all_who_wait(
    patient: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    patient.live(source.name, 60)
    clock.forward(5)
    with held_scan(patient, source, scans):
        clock.forward(5.1)
        found = asked_at_once(patient, source, viewers=20)
    assert {snapshot.provenance.freshness.state for snapshot in found} == {"STALE"}
    assert len({snapshot.request_id for snapshot in found}) == 1


def test_a_scan_that_takes_no_longer_than_usual_is_waited_for(
    patient: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    scans.during = lambda: clock.forward(20)
    patient.live(source.name, 60)
    scans.during = lambda: None
    with held_scan(patient, source, scans):
        clock.forward(20)
        viewer, found = asking(patient, source)
        viewer.join(0.2)
    viewer.join(10)
    assert [snapshot.provenance.freshness.state for snapshot in found] == ["LIVE"]


def test_a_scan_that_takes_half_as_long_again_as_usual_is_not_waited_for(
    patient: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    scans.during = lambda: clock.forward(20)
    patient.live(source.name, 60)
    scans.during = lambda: None
    with held_scan(patient, source, scans):
        clock.forward(31)
        assert patient.live(source.name, 60).provenance.freshness.state == "STALE"


def test_after_a_failed_scan_the_next_one_is_not_waited_for_past_two_ticks(
    patient: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    patient.live(source.name, 60)
    scans.failing = DatabaseError("it is locked")
    clock.forward(5)
    assert patient.live(source.name, 60).provenance.freshness.state == "LIVE"
    clock.forward(5)
    with held_scan(patient, source, scans):
        assert patient.live(source.name, 60).provenance.freshness.reason == "it is locked"


def test_who_comes_back_after_a_pause_waits_a_tick_for_fresh_figures(
    patient: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    patient.live(source.name, 60)
    clock.forward(60)
    scans.go_on.clear()
    viewer, found = asking(patient, source)
    viewer.join(0.2)
    scans.go_on.set()
    viewer.join(10)
    assert [snapshot.provenance.freshness.state for snapshot in found] == ["LIVE"]


def test_who_starts_a_scan_waits_no_longer_than_others(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    collector.live(source.name, 60)
    clock.forward(10)
    scans.go_on.clear()
    assert collector.live(source.name, 60).provenance.freshness.state == "STALE"
    assert collector.live(source.name, 60).provenance.freshness.state == "STALE"
    assert len(scans.windows) == 2
    scans.go_on.set()
    until_scans_have_ended()
    assert collector.live(source.name, 60).provenance.freshness.state == "LIVE"


def test_who_comes_while_a_scan_runs_shares_it_and_no_tick_is_scanned_late(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    scans.go_on.clear()
    viewers = [threading.Thread(target=collector.live, args=(source.name, 60)) for _ in range(3)]
    for viewer in viewers:
        viewer.start()
        while not scans.windows:
            time.sleep(0.001)
        clock.forward(5)
    scans.go_on.set()
    for viewer in viewers:
        viewer.join(10)
    collector.live(source.name, 60)
    assert [window.end for window in scans.windows] == [NOON, NOON + timedelta(seconds=15)]


def test_a_fault_of_our_own_is_not_hidden(source: Source, clock: Clock) -> None:
    def broken(source: Source, window: Window, scope: Mapping[str, str], /) -> Snapshot:
        raise ZeroDivisionError

    collector = Collector({source.name: source}, tick_seconds=5, now=clock, take=broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            collector.live(source.name, 60)


def test_the_reason_of_stale_figures_is_the_latest(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    collector.live(source.name, 60)
    for reason in ("it is away", "it is locked"):
        scans.failing = DatabaseError(reason)
        clock.forward(10)
        stale = collector.live(source.name, 60).provenance.freshness
        assert (stale.reason, stale.since) == (reason, NOON + timedelta(seconds=13))


def test_a_failed_scan_is_tried_once_a_tick(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    scans.failing = DatabaseError("it is away")
    for _ in range(3):
        with pytest.raises(DatabaseError, match="it is away"):
            collector.live(source.name, 60)
    assert len(scans.windows) == 1
    clock.forward(5)
    scans.failing = None
    assert collector.live(source.name, 60).provenance.freshness.state == "LIVE"


def test_after_two_missed_ticks_the_last_figures_are_stale_and_say_why(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    last = collector.live(source.name, 60)
    scans.failing = DatabaseError("it is away")
    clock.forward(5)
    assert collector.live(source.name, 60) is last
    failing_since = clock.now
    clock.forward(5)
    stale = collector.live(source.name, 60)
    freshness = stale.provenance.freshness
    assert (freshness.state, freshness.since) == ("STALE", failing_since)
    assert freshness.reason == "it is away"
    assert stale.tasks == last.tasks
    assert stale.request_id != last.request_id
    assert stale.digest.content == last.digest.content
    assert (stale.digest.content, stale.digest.document) == digests(as_json_value(stale))
    assert collector.live(source.name, 60) is stale


def test_stale_figures_are_unavailable_after_five_minutes_and_live_again_at_once(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    collector.live(source.name, 60)
    scans.failing = DatabaseError("it is away")
    clock.forward(300)
    assert collector.live(source.name, 60).provenance.freshness.state == "UNAVAILABLE"
    scans.failing = None
    clock.forward(5)
    assert collector.live(source.name, 60).provenance.freshness.state == "LIVE"


def test_a_past_window_is_kept_for_a_minute(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    window = Window.ending(NOON - timedelta(hours=3), minutes=60)
    first = collector.past(source.name, window)
    clock.forward(59)
    assert collector.past(source.name, window) is first
    clock.forward(2)
    assert collector.past(source.name, window).digest.content == first.digest.content
    assert len(scans.windows) == 2


def test_a_past_window_that_failed_is_asked_again(
    collector: Collector, source: Source, scans: Scans
) -> None:
    window = Window.ending(NOON - timedelta(hours=3), minutes=60)
    scans.failing = DatabaseError("it is away")
    with pytest.raises(DatabaseError, match="it is away"):
        collector.past(source.name, window)
    scans.failing = None
    assert collector.past(source.name, window).window.to == window.end
