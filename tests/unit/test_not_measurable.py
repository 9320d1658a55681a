"""What a source says that it cannot tell: null with its reason wherever it would stand, never 0."""

from pathlib import Path

from metrics_core import Snapshot, compare, take_snapshot
from tests.builders import HOUR, row, sqlite_source

GONE = "Done tasks are deleted at once."
FIGURES = ("tasks.created", "tasks.completed", "tasks.queued", "ledger", "failureRate")


def taken(tmp_path: Path, *figures: str) -> Snapshot:
    rows = [row("a", "failed", created=1, finished=5), row("b", "queued", created=9)]
    reasons = dict.fromkeys(figures, GONE)
    source = sqlite_source(
        tmp_path, [{**each, "q": "x"} for each in rows], dimensions=("q",), not_measurable=reasons
    )
    return take_snapshot(source, HOUR)


def test_it_is_null_with_the_sources_own_reason(tmp_path: Path) -> None:
    found = taken(tmp_path, *FIGURES)
    tasks = found.tasks
    assert (tasks.created, tasks.completed, tasks.queued) == (None, None, None)
    assert (tasks.failed, tasks.cancelled, tasks.processing) == (1, 0, 0)
    assert (found.ledger, found.failure_rate) == (None, None)
    reasons = {each.figure: each.reason for each in found.quality.not_measurable}
    assert {name: reasons[name] for name in FIGURES} == dict.fromkeys(FIGURES, GONE)


def test_it_is_null_in_every_bin_and_every_part(tmp_path: Path) -> None:
    found = taken(tmp_path, *FIGURES)
    assert {each.tasks.completed for each in found.series} == {None}
    (part,) = found.breakdowns[0].values
    assert (part.created, part.completed, part.queued, part.failure_rate) == (None,) * 4
    assert (part.tasks, part.failed) == (2, 1)


def test_neither_latencies_nor_ages_nor_errors_are_shown(tmp_path: Path) -> None:
    ran = row("c", "completed", created=1, started=2, finished=5)
    rows = [ran, row("a", "failed", created=1, finished=5), row("b", "queued", created=9)]
    figures = (
        *("latency.timeToProcessingMs", "latency.timeToCompleteMs", "errors"),
        *("backlog.queued.oldestAgeMs", "backlog.processing.oldestAgeMs"),
    )
    source = sqlite_source(tmp_path, [{"error": None, "started_at": None, **r} for r in rows])
    for reasons, samples, unknown in ((dict.fromkeys(figures, GONE), 0, 1), ({}, 1, 0)):
        found = take_snapshot(source.model_copy(update={"not_measurable": reasons}), HOUR)
        latency = found.latency
        assert (latency.time_to_processing_ms.samples, latency.time_to_complete_ms.samples) == (
            samples,
            samples,
        )
        assert (found.errors is None, found.backlog.queued.oldest_age_ms is None) == (
            bool(reasons),
            bool(reasons),
        )
        assert found.backlog.queued.unknown_age == unknown


def test_without_completed_tasks_there_is_no_failure_rate(tmp_path: Path) -> None:
    found = taken(tmp_path, "tasks.completed")
    assert (found.tasks.created, found.tasks.queued, found.failure_rate) == (2, 1, None)
    assert found.breakdowns[0].values[0].failure_rate is None


def test_a_snapshot_with_nulls_is_read_again_and_compared(tmp_path: Path) -> None:
    found = taken(tmp_path, *FIGURES)
    again = Snapshot.from_json(found.to_json())
    assert again == found
    compared = compare(found, again)
    (delta,) = [each for each in compared.deltas if each.figure == "tasks.completed"]
    assert (delta.before, delta.after, delta.difference) == (None, None, None)
    assert compared.changes == ()


def test_without_such_words_the_definitions_stay_what_they_were(tmp_path: Path) -> None:
    plain, stated = taken(tmp_path), taken(tmp_path, "ledger")
    assert (plain.tasks.completed, plain.failure_rate) == (0, 1.0)
    assert plain.provenance.definitions_sha256 != stated.provenance.definitions_sha256
