"""Deadlines: what hangs is given up, counted, and refused until it is back."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from metrics_core.database import Database
from metrics_core.deadline import connections_of, within_deadline
from metrics_core.errors import DatabaseHangs, SourceError
from metrics_core.source import Source
from tests.builders import row, sqlite_source


@pytest.fixture
def source(tmp_path: Path) -> Source:
    plain = sqlite_source(tmp_path, [row("a", "queued", created=0)])
    return plain.model_copy(update={"deadline_seconds": 0.1})


@pytest.fixture
def stuck() -> Iterator[Event]:
    """Set it, and all that hangs goes on."""
    event = Event()
    yield event
    event.set()


def test_the_work_gets_an_open_connection(source: Source) -> None:
    assert within_deadline(source, lambda database: database.name) == "sqlite"


def test_what_the_work_raises_is_raised(source: Source) -> None:
    def fails(database: Database) -> None:
        raise SourceError("its SELECT fails")

    with pytest.raises(SourceError, match="its SELECT fails"):
        within_deadline(source, fails)


def test_work_that_hangs_is_given_up(source: Source, stuck: Event) -> None:
    with pytest.raises(DatabaseHangs, match=r"did not answer within 0\.1 s"):
        within_deadline(source, lambda database: stuck.wait(10))


def test_after_two_that_hang_there_is_no_third_until_one_is_back(
    source: Source, stuck: Event
) -> None:
    started = []

    def hangs(database: Database) -> None:
        started.append(database)
        stuck.wait(10)

    for _ in range(2):
        with pytest.raises(DatabaseHangs, match="nor let the scan be cancelled"):
            within_deadline(source, hangs)
    with pytest.raises(DatabaseHangs, match="its 2 connections hang"):
        within_deadline(source, hangs)
    assert len(started) == 2
    stuck.set()
    while connections_of(source).abandoned:
        Event().wait(0.005)
    assert within_deadline(source, lambda database: database.name) == "sqlite"


def test_at_most_two_work_at_once(source: Source, stuck: Event) -> None:
    patient = source.model_copy(update={"deadline_seconds": 5.0})
    running: list[object] = []

    def works(database: Database) -> None:
        running.append(database)
        stuck.wait(10)

    workers = [Thread(target=within_deadline, args=(patient, works)) for _ in range(4)]
    for worker in workers:
        worker.start()
    while len(running) < 2:
        Event().wait(0.005)
    assert not connections_of(patient).free.acquire(blocking=False)
    assert len(running) == 2
    stuck.set()
    for worker in workers:
        worker.join(10)
    assert len(running) == 4
