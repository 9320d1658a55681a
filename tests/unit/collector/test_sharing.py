"""One scan for all who look: ticks, windows, and gates that open again."""

import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from dashboard.collector import Collector
from metrics_core import Snapshot, Source, Window
from metrics_core.errors import DatabaseError
from tests.unit.collector.conftest import (
    NOON,
    Clock,
    Scans,
    answers_of,
    asking,
)


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
    found = answers_of(asked)
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
    def broken(
        source: Source, window: Window, scope: Mapping[str, str], request_id: str, /
    ) -> Snapshot:
        raise ZeroDivisionError

    collector = Collector({source.name: source}, tick_seconds=5, now=clock, take=broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            collector.live(source.name, 60)


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


def test_a_scan_runs_under_the_id_of_who_asked_and_is_shared_under_one_of_ours(
    collector: Collector, source: Source, scans: Scans
) -> None:
    seen = collector.live(source.name, 60, request_id="incident-7")
    assert seen.provenance.scan_request_id == "incident-7"
    assert seen.request_id.startswith("req_")
    assert collector.live(source.name, 60, request_id="another") is seen


def test_a_read_is_shared_by_who_asks_the_same_of_the_same_tick(
    collector: Collector, source: Source, clock: Clock
) -> None:
    asked: list[tuple[datetime, str]] = []

    def work(end: datetime, request_id: str) -> int:
        asked.append((end, request_id))
        return len(asked)

    answers = [collector.read(source.name, ("list",), work, request_id="r1") for _ in range(3)]
    assert answers == [1, 1, 1]
    assert asked == [(NOON, "r1")]
    assert collector.read(source.name, ("other",), work) == 2
    clock.forward(5)
    assert collector.read(source.name, ("list",), work) == 3
    assert collector.read(source.name, ("list",), work, to=NOON) == 1


def test_a_read_that_fails_is_not_asked_again_by_each_viewer(
    collector: Collector, source: Source
) -> None:
    asked: list[datetime] = []

    def work(end: datetime, request_id: str) -> int:
        asked.append(end)
        raise DatabaseError("gone")

    for _ in range(3):
        with pytest.raises(DatabaseError, match="gone"):
            collector.read(source.name, ("list",), work)
    assert asked == [NOON]


def test_a_read_of_the_past_that_failed_is_asked_again_a_tick_later(
    collector: Collector, source: Source, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def work(end: datetime, request_id: str) -> int:
        asked.append(request_id)
        if len(asked) == 1:
            clock.forward(9)  # as long as a database that hangs may take
            raise DatabaseError("gone")
        return len(asked)

    def read(request_id: str) -> int:
        return collector.read(source.name, ("list",), work, to=NOON, request_id=request_id)

    with pytest.raises(DatabaseError, match="gone"):
        read("r1")
    clock.forward(5)
    with pytest.raises(DatabaseError, match="gone"):
        read("r2")
    clock.forward(0.1)
    assert read("r3") == 2
    assert asked == ["r1", "r3"]
    (record,) = [each for each in caplog.records if each.name == "stillframe.collector"]
    assert record.__dict__["stillframe_fields"]["requestId"] == "r1"


def test_a_fault_of_ours_in_a_read_is_nobody_s_answer(collector: Collector, source: Source) -> None:
    def broken(end: datetime, request_id: str) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collector.read(source.name, ("list",), broken)
    assert collector.read(source.name, ("list",), lambda end, request_id: 7) == 7


def test_past_windows_are_few_and_forgotten_after_a_minute(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    def past(minute: int) -> Snapshot:
        return collector.past(source.name, Window.ending(NOON - timedelta(minutes=minute)))

    first = past(0)
    assert past(0) is first
    for minute in range(1, 33):
        past(minute)
    assert past(0) is not first
    clock.forward(61)
    past(40)
    assert len(collector._past._held) == 1
