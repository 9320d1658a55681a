"""Background: again and again until it is stopped, whatever a round of it comes to."""

import logging
from threading import Event

import pytest

from dashboard.background import Background, stop


def test_it_goes_on_after_a_fault_and_ends_when_it_is_stopped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds, third = list[int](), Event()

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            third.set()
        if len(rounds) == 1:
            raise ValueError("a fault of ours")

    works = Background("counter", work, lambda: 0.001)
    with caplog.at_level(logging.ERROR):
        works.start()
        assert third.wait(10)
        stop([works])
    done = len(rounds)
    assert [record.getMessage() for record in caplog.records] == ["counter failed"]
    works.start()
    stop([works])
    assert len(rounds) > done


def test_stopping_ends_a_pause_at_once_and_waits_for_work_that_is_under_way() -> None:
    begun, ended = Event(), Event()

    def work() -> None:
        begun.set()
        assert not ended.wait(0.2)
        ended.set()

    patient = Background("patient", work, lambda: 3600)
    patient.start()
    assert begun.wait(10)
    stop([patient, Background("never started", work, lambda: 3600)])
    assert ended.is_set()
