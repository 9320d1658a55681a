"""What the collector says of the age of figures while scans fail or hang."""

import logging
from datetime import timedelta

import pytest

from dashboard.collector import Collector
from metrics_core import Source
from metrics_core.digest import digests
from metrics_core.errors import DatabaseError, InvalidScope
from metrics_core.snapshot import as_json_value
from tests.unit.collector.conftest import (
    NOON,
    Clock,
    Scans,
    answers_of,
    asking,
    held_scan,
    until_scans_have_ended,
)


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
        found = answers_of([asking(patient, source) for _ in range(20)])
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
        viewer = asking(patient, source)
        viewer[0].join(0.2)
    (answer,) = answers_of([viewer])
    assert answer.provenance.freshness.state == "LIVE"


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
    viewer = asking(patient, source)
    viewer[0].join(0.2)
    scans.go_on.set()
    (answer,) = answers_of([viewer])
    assert answer.provenance.freshness.state == "LIVE"


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


def test_the_reason_of_stale_figures_is_the_latest(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    collector.live(source.name, 60)
    for reason in ("it is away", "it is locked"):
        scans.failing = DatabaseError(reason)
        clock.forward(10)
        stale = collector.live(source.name, 60).provenance.freshness
        assert (stale.reason, stale.since) == (reason, NOON + timedelta(seconds=13))


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


def told_of_scans(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """What the log says of scans that failed."""
    records = [each for each in caplog.records if each.name == "stillframe.collector"]
    assert {each.getMessage() for each in records} <= {"scan failed"}
    return [each.__dict__["stillframe_fields"] for each in records]


def test_the_log_tells_of_a_scan_that_failed_behind_stale_figures(
    collector: Collector,
    source: Source,
    scans: Scans,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    collector.live(source.name, 60)
    assert told_of_scans(caplog) == []
    scans.failing = DatabaseError("source tasks: locked", sqlstate="55P03")
    clock.forward(15)
    with caplog.at_level(logging.WARNING, "stillframe.collector"):
        stale = [collector.live(source.name, 60, request_id=f"r{n}") for n in range(3)]
    assert {each.provenance.freshness.state for each in stale} == {"STALE"}
    assert told_of_scans(caplog) == [
        {
            "requestId": "r0",
            "source": "tasks",
            "class": "DatabaseError",
            "reason": "source tasks: locked",
            "sqlstate": "55P03",
        }
    ]


def test_a_wrong_question_is_no_scan_that_failed(
    collector: Collector, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidScope):
        collector.live(source.name, 60, {"nowhere": "x"})
    assert told_of_scans(caplog) == []


def test_a_stale_document_tells_no_driver_s_detail(
    collector: Collector, source: Source, scans: Scans, clock: Clock
) -> None:
    collector.live(source.name, 60)
    scans.failing = DatabaseError("source tasks: gone", sqlstate="08006", detail="at db.internal:1")
    clock.forward(15)
    collector.live(source.name, 60)
    clock.forward(5)
    old = collector.live(source.name, 60)
    assert old.provenance.freshness.state == "STALE"
    assert old.provenance.freshness.reason == "source tasks: gone"
    assert "db.internal" in str(scans.failing)
