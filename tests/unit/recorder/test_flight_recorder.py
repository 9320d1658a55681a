"""The flight recorder: one record a beginning and an end, whatever fails or restarts meanwhile."""

import logging
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.archiving import Archiving
from dashboard.collector import Collector
from dashboard.flight_recorder import FlightRecorder, SourceRecorder
from dashboard.front import front
from dashboard.settings import settings_with_password
from metrics_core import Archive, Source
from metrics_core.archive_record import Entry
from metrics_core.archive_verify import verify_archive
from metrics_core.errors import DatabaseError
from metrics_core.window import utc_text
from tests.archived import head_or_none
from tests.builders import row, sqlite_source
from tests.unit.api.conftest import RIGHT
from tests.unit.collector.conftest import NOON, Clock, Scans

TICK = 60
QUEUED = "queued > 2"


class Queue:
    """A source whose queue is filled and emptied, and its recorder with a clock moved by hand."""

    def __init__(self, folder: Path, *rules: str) -> None:
        self.file = folder / "archive.db"
        self.table = folder / "tasks.db"
        self.clock, self.scans = Clock(), Scans()
        self.source = sqlite_source(
            folder,
            [row("first", "queued", created=0)],
            columns="id, status, created_at, started_at, finished_at",
            record_when=rules,
            deadline_seconds=0.5,
        )
        self.collector = Collector(
            {"tasks": self.source}, tick_seconds=TICK, now=self.clock, take=self.scans
        )
        self.recorder = self.restarted()

    def restarted(self) -> SourceRecorder:
        self.recorder = SourceRecorder(self.source, self.collector, Archiving(self.file))
        return self.recorder

    def hold(self, queued: int) -> None:
        """So many tasks wait from now on."""
        with sqlite3.connect(self.table) as connection:
            connection.execute("DELETE FROM tasks")
            created = utc_text(NOON - timedelta(minutes=10))
            values = [(f"t{n}", created) for n in range(queued)]
            statement = "INSERT INTO tasks (id, status, created_at) VALUES (?, 'queued', ?)"
            connection.executemany(statement, values)
        connection.close()

    def tick(self, queued: int, *, ticks: int = 1) -> None:
        self.hold(queued)
        for _ in range(ticks):
            self.clock.forward(TICK)
            self.recorder.look()

    @property
    def entries(self) -> list[Entry]:
        """Oldest first."""
        return [*reversed(Archive(self.file).page().entries)] if self.file.exists() else []

    @property
    def notes(self) -> list[str | None]:
        return [entry.note for entry in self.entries]


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    return Queue(tmp_path, QUEUED)


BEGAN, ENDED = "began: queued > 2; it is 3", "ended: queued > 2; it is 1"
FIVE_MINUTES = 300 // TICK


def test_the_hour_before_is_archived_when_a_rule_begins_and_when_it_is_over(queue: Queue) -> None:
    queue.tick(2, ticks=3)
    assert queue.entries == []
    queue.tick(3)
    (began,) = queue.entries
    assert (began.reason, began.actor, began.self_declared) == (
        "recorder",
        "flight recorder",
        False,
    )
    assert began.note == BEGAN
    assert began.window_to == queue.clock.now - timedelta(seconds=3)  # the tick
    assert began.window_to - began.window_from == timedelta(hours=1)
    assert Archive(queue.file).snapshot(began.document).tasks.queued == 3
    queue.tick(4, ticks=5)
    queue.tick(1, ticks=FIVE_MINUTES)
    assert queue.notes == [BEGAN]
    queue.tick(1, ticks=5)
    assert queue.notes == [BEGAN, ENDED]
    queue.tick(3)
    assert queue.notes == [BEGAN, ENDED, BEGAN]


def test_it_looks_once_a_tick_however_often_it_is_asked(queue: Queue) -> None:
    queue.tick(3)
    for _ in range(5):
        queue.recorder.look()
    assert len(queue.scans.windows) == 1
    assert queue.notes == [BEGAN]


def test_a_restart_records_no_beginning_twice_but_the_end(queue: Queue) -> None:
    queue.tick(3)
    queue.restarted()
    queue.tick(3, ticks=5)
    assert queue.notes == [BEGAN]
    assert [state.holds for state in queue.recorder.states] == [True]
    queue.tick(1, ticks=FIVE_MINUTES)
    queue.restarted()
    queue.tick(1, ticks=FIVE_MINUTES)
    assert queue.notes == [BEGAN]  # the five minutes are seen by one process
    queue.tick(1)
    assert queue.notes == [BEGAN, ENDED]
    queue.restarted()
    queue.tick(1, ticks=FIVE_MINUTES + 2)
    assert queue.notes == [BEGAN, ENDED]


def test_two_recorders_of_one_archive_record_it_once(queue: Queue) -> None:
    queue.tick(1)
    other = SourceRecorder(queue.source, queue.collector, Archiving(queue.file))
    other.look()
    queue.tick(3)
    other.look()
    assert queue.notes == [BEGAN]
    queue.tick(1, ticks=FIVE_MINUTES + 1)
    assert queue.notes == [BEGAN, ENDED]


def test_old_records_of_like_rules_are_told_apart(tmp_path: Path) -> None:
    queue = Queue(tmp_path, "queued > 1", "queued > 11")
    queue.tick(2)
    assert queue.notes == ["began: queued > 1; it is 2"]
    queue.restarted()
    queue.tick(12)
    assert queue.notes[1:] == ["began: queued > 11; it is 12"]


def test_two_rules_that_begin_at_once_are_two_records(tmp_path: Path) -> None:
    queue = Queue(tmp_path, QUEUED, "backlog_age_seconds > 60")
    queue.tick(3)
    first, second = queue.entries
    assert first.note == BEGAN
    assert (second.note or "").startswith("began: backlog_age_seconds > 60; it is 660")
    assert (first.content, first.window_to) == (second.content, second.window_to)


def test_stale_figures_say_nothing(queue: Queue) -> None:
    queue.tick(3)
    queue.scans.failing = DatabaseError("gone")
    queue.tick(0, ticks=2 * FIVE_MINUTES)
    queue.restarted()
    queue.tick(0, ticks=3)
    assert queue.notes == [BEGAN]
    queue.scans.failing = None
    queue.tick(3)
    assert queue.notes == [BEGAN]


def test_a_database_that_never_answered_records_nothing(queue: Queue) -> None:
    queue.scans.failing = DatabaseError("gone")
    queue.tick(3, ticks=3)
    assert queue.entries == []
    assert [state.holds for state in queue.recorder.states] == [None]


def test_what_cannot_be_measured_says_nothing(tmp_path: Path) -> None:
    queue = Queue(tmp_path, "failure_rate > 0.1", "p95_ms.time_to_complete > 1")
    queue.tick(3, ticks=3)
    assert queue.entries == []
    (rate, latency) = queue.recorder.states
    assert (rate.holds, rate.found, latency.found) == (False, None, None)


def test_a_record_waits_for_an_archive_that_cannot_take_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue = Queue(tmp_path, QUEUED)
    queue.file = tmp_path / "folder" / "archive.db"
    queue.restarted()
    with caplog.at_level(logging.ERROR, "stillframe.archive"):
        queue.tick(3)
        began_at = queue.clock.now - timedelta(seconds=3)
        queue.tick(3, ticks=2)
    assert [record.message for record in caplog.records] == ["not archived"] * 3
    queue.file.parent.mkdir()
    queue.tick(5)
    (entry,) = queue.entries
    assert (entry.note, entry.window_to) == (BEGAN, began_at)
    assert verify_archive(queue.file).snapshots == 1


def test_an_archive_that_cannot_be_read_at_the_start_is_asked_again(queue: Queue) -> None:
    queue.tick(3)
    whole = queue.file.read_bytes()
    queue.file.write_bytes(b"nothing of ours" * 100)
    queue.restarted()
    queue.tick(3, ticks=2)
    assert [state.holds for state in queue.recorder.states] == [None]
    queue.file.write_bytes(whole)
    queue.tick(3)
    assert [state.holds for state in queue.recorder.states] == [True]
    assert queue.notes == [BEGAN]


def test_the_log_tells_of_a_record(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "stillframe"):
        queue.tick(3)
    (entry,) = queue.entries
    metrics, rule = [record.__dict__["stillframe_fields"] for record in caplog.records]
    assert (metrics["requestId"], metrics["archived"]) == (entry.request_id, "yes")
    assert metrics["head"] == Archive(queue.file).head().hash
    assert (caplog.records[1].message, rule["said"]) == ("rule began", BEGAN)


def source_with_a_full_queue(folder: Path) -> Source:
    now = datetime.now(UTC)
    rows = [{**row(f"t{n}", "queued"), "created_at": now - timedelta(minutes=1)} for n in range(3)]
    return sqlite_source(folder, rows, record_when=(QUEUED,))


def test_it_works_though_nobody_looks_and_ends_cleanly(tmp_path: Path) -> None:
    source, file = source_with_a_full_queue(tmp_path), tmp_path / "archive.db"
    collector = Collector({"tasks": source}, tick_seconds=0.1)
    recorder = FlightRecorder({"tasks": source}, collector, Archiving(file), tick_seconds=0.1)
    recorder.start()
    try:
        until = time.monotonic() + 20
        while not head_or_none(Archive(file)).sequence:
            assert time.monotonic() < until
            time.sleep(0.02)
    finally:
        recorder.stop()
    assert "recorder-tasks" not in {thread.name for thread in threading.enumerate()}
    assert [entry.note for entry in Archive(file).page().entries] == [BEGAN]
    (state,) = recorder.states("tasks")
    assert (state.rule.text, state.holds) == (QUEUED, True)
    assert recorder.states("other") == ()


def test_without_an_archive_it_says_so_and_does_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = source_with_a_full_queue(tmp_path)
    collector = Collector({"tasks": source}, tick_seconds=0.1)
    recorder = FlightRecorder({"tasks": source}, collector, Archiving(None), tick_seconds=0.1)
    with caplog.at_level(logging.WARNING, "stillframe.recorder"):
        recorder.start()
    assert [record.message for record in caplog.records] == ["no archive for record_when"]
    assert "recorder-tasks" not in {thread.name for thread in threading.enumerate()}
    recorder.stop()


def test_the_process_starts_and_stops_it_and_tells_how_the_rules_are(tmp_path: Path) -> None:
    source, file = source_with_a_full_queue(tmp_path), tmp_path / "archive.db"
    config = tmp_path / "stillframe.toml"
    config.write_text(
        f'[sources.tasks]\nurl = "{source.url}"\nsql = "{source.sql}"\nrecord_when = ["{QUEUED}"]\n'
    )
    settings = settings_with_password("quiet-otter-lantern-42", config=config, archive=file)
    held = runtime.start(replace(settings, tick_seconds=0.1, admin_secret=RIGHT["X-Admin-Secret"]))
    client = TestClient(Starlette(routes=routes(), middleware=front(held)))

    def rule() -> dict[str, object]:
        (told,) = client.get("/api/admin/health", headers=RIGHT).json()["sources"]
        found: dict[str, object] = told["rules"][0]
        return found

    assert rule() == {"rule": QUEUED, "state": "UNKNOWN", "value": None, "of": None}
    with held.in_the_background():
        until = time.monotonic() + 20
        while rule()["state"] != "HOLDS":
            assert time.monotonic() < until
            time.sleep(0.02)
    assert "recorder-tasks" not in {thread.name for thread in threading.enumerate()}
    assert rule() == {"rule": QUEUED, "state": "HOLDS", "value": 3, "of": None}
    line = f'stillframe_rule_holds{{rule="{QUEUED}",source="tasks"}} 1.0'
    assert line in client.get("/metrics", headers=RIGHT).text.splitlines()
    assert [entry.note for entry in Archive(file).page().entries] == [BEGAN]
