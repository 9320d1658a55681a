"""The series: what each bin counts, and that the bins together are the window."""

from datetime import timedelta

from metrics_core.series import series
from metrics_core.window import Window
from tests.builders import HOUR, TEN, at, figures_of, row

TASKS = (
    row("a", "completed", created=30, started=90, finished=180),
    row("b", "failed", created=0, started=60, finished=3599.999999),
    row("c", "cancelled", created=-5, finished=0),
    row("d", "queued", created=59.999999),
    row("e", "queued", created=3600),
)


def test_an_event_on_a_bins_edge_belongs_to_the_bin_that_it_begins() -> None:
    bins = series(figures_of(*TASKS))
    assert len(bins) == 60
    assert [part.tasks.created for part in bins[:2]] == [3, 0]
    assert [part.tasks.cancelled for part in bins[:2]] == [1, 0]
    assert [part.tasks.completed for part in bins[2:4]] == [0, 1]
    assert [part.tasks.failed for part in bins[58:]] == [0, 1]


def test_flow_of_the_bins_adds_up_to_the_window() -> None:
    tasks = [part.tasks for part in series(figures_of(*TASKS))]
    assert sum(each.created or 0 for each in tasks) == 3
    assert [
        sum(each.completed or 0 for each in tasks),
        sum(each.failed for each in tasks),
        sum(each.cancelled for each in tasks),
    ] == [1, 1, 1]


def test_states_are_those_at_each_bins_end() -> None:
    tasks = [part.tasks for part in series(figures_of(*TASKS))]
    found = [(each.queued, each.processing) for each in tasks]
    assert found[:4] == [(3, 0), (1, 2), (1, 2), (1, 1)]
    assert found[59] == (1, 0)


def test_latencies_are_of_the_bin_in_which_the_task_completed() -> None:
    bins = series(
        figures_of(
            row("a", "completed", created=0, started=1, finished=61),
            row("b", "completed", created=0, started=9, finished=119.999999),
            row("c", "completed", created=0, started=100, finished=120),
        )
    )
    first, second = bins[1], bins[2]
    assert first.time_to_processing_ms.samples == 2
    assert (first.time_to_processing_ms.p50, first.time_to_processing_ms.p99) == (9000, 9000)
    assert dict(first.time_to_complete_ms.buckets) == {"50000": 1, "100000": 1}
    assert second.time_to_complete_ms.p95 == 20_000
    empty = bins[3].time_to_complete_ms
    assert (empty.samples, empty.p50, dict(empty.buckets)) == (0, None, {})


def test_partial_bins_say_so_and_end_with_the_window() -> None:
    window = Window.ending(at(7), minutes=1)
    bins = series(figures_of(row("a", "queued", created=6), window=window))
    assert [part.partial for part in bins] == [True, *[False] * 11, True]
    assert (bins[0].from_, bins[0].to) == (at(-53), at(-50))
    assert (bins[-1].from_, bins[-1].to) == (at(5), at(7))
    assert (bins[-1].tasks.created, bins[-1].tasks.queued) == (1, 1)


def test_a_window_of_one_bin_has_one_entry() -> None:
    window = Window(start=TEN + timedelta(seconds=1), end=TEN + timedelta(seconds=3))
    (only,) = series(figures_of(row("a", "failed", created=0, finished=2), window=window))
    assert (only.partial, only.tasks.failed, only.tasks.created) == (True, 1, 0)


def test_a_window_at_the_beginning_of_1970_is_counted_like_any_other() -> None:
    window = Window.ending(TEN.replace(year=1970, month=1, day=1, hour=0, minute=1), minutes=1)
    task = {"id": "a", "status": "queued", "created_at": window.start}
    bins = series(figures_of(task, window=window))
    assert [part.tasks.created for part in bins] == [1, *[0] * 11]


def test_without_tasks_every_bin_is_zero() -> None:
    bins = series(figures_of())
    assert len(bins) == 60
    assert {(part.tasks.created, part.tasks.queued, part.tasks.failed) for part in bins} == {
        (0, 0, 0)
    }
    assert bins[0].from_ == HOUR.start
    assert bins[-1].to == HOUR.end


def test_created_is_null_in_every_bin_of_a_source_without_it() -> None:
    bins = series(figures_of(row("a", "queued", started=5), lacks=["created_at"]))
    assert {part.tasks.created for part in bins} == {None}


def test_scheduled_and_retrying_stand_in_every_bin_or_in_none() -> None:
    with_both = series(figures_of(row("a", "retrying", created=5)))
    assert with_both[-1].tasks.retrying == 1
    assert with_both[0].tasks.scheduled == 0
    without = series(figures_of(row("a", "queued", created=5), lacks=["eligible_at"]))
    assert without[0].tasks.model_dump().keys() == {
        "created",
        "completed",
        "failed",
        "cancelled",
        "processing",
        "queued",
    }
