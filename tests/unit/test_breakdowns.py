"""Breakdowns: a window's figures by the values of a dimension."""

from metrics_core.breakdowns import breakdowns, ranked_values
from metrics_core.groups import Breakdown
from tests.builders import Row, figures_of, row, tasks_of


def breakdown(*rows: Row) -> Breakdown:
    (only,) = breakdowns(figures_of(*rows))
    return only


def test_values_are_ranked_by_rows_then_by_value_and_null_last() -> None:
    queues = ["b", "b", "a", "a", None, None, "", "ä", "\uff5e", "😀"]
    column = tasks_of(*(row("x", "queued", queue=queue) for queue in queues)).dimensions["queue"]
    assert [(value, rows) for value, _, rows in ranked_values(column)] == [
        ("a", 2),
        ("b", 2),
        (None, 2),
        ("", 1),
        ("ä", 1),
        ("\uff5e", 1),
        ("😀", 1),
    ]


def test_a_part_has_the_figures_of_its_value() -> None:
    found = breakdown(
        row("a", "completed", queue="q", created=0, started=2, finished=12),
        row("b", "failed", queue="q", created=-1, finished=5),
        row("c", "failed", queue="q", created=-1, finished=5),
        row("d", "queued", queue="q", created=1),
        row("e", "processing", queue="q", created=1, started=2),
        row("f", "cancelled", queue="r", created=1, finished=5),
        row("g", "failed", queue="r", created=1, finished=5),
    )
    assert found.dimension == "queue"
    assert found.other is None
    assert [part.model_dump() for part in found.values] == [
        {
            "value": "q",
            "tasks": 5,
            "created": 3,
            "completed": 1,
            "failed": 2,
            "cancelled": 0,
            "processing": 1,
            "queued": 1,
            "failure_rate": 0.666667,
            "share_of_failed": 0.666667,
            "share_of_ended": 0.6,
            "time_to_processing_p95_ms": 2000,
            "time_to_complete_p95_ms": 10_000,
        },
        {
            "value": "r",
            "tasks": 2,
            "created": 2,
            "completed": 0,
            "failed": 1,
            "cancelled": 1,
            "processing": 0,
            "queued": 0,
            "failure_rate": 1.0,
            "share_of_failed": 0.333333,
            "share_of_ended": 0.4,
            "time_to_processing_p95_ms": None,
            "time_to_complete_p95_ms": None,
        },
    ]


def test_no_value_is_a_value_of_its_own() -> None:
    found = breakdown(row("a", "queued", created=1), row("b", "queued", created=1, queue=""))
    assert [part.value for part in found.values] == ["", None]


def test_values_beyond_the_fiftieth_are_counted_together() -> None:
    rows = [row(f"a{i}", "queued", queue=f"v{i:02}", created=1) for i in range(52)]
    extra = row("b", "failed", queue="v51", created=1, finished=2)
    found = breakdown(*rows, extra, row("c", "queued", created=1))
    assert len(found.values) == 50
    assert [part.value for part in found.values[:3]] == ["v51", "v00", "v01"]
    assert found.other is not None
    assert (found.other.values, found.other.tasks, found.other.queued) == (3, 3, 3)
    assert (found.other.failed, found.other.failure_rate) == (0, None)
    assert sum(part.tasks for part in found.values) + found.other.tasks == 54


def test_shares_of_nothing_are_null() -> None:
    (part,) = breakdown(row("a", "queued", created=1, queue="q")).values
    assert (part.failure_rate, part.share_of_failed, part.share_of_ended) == (None, None, None)


def test_without_tasks_a_dimension_has_no_values() -> None:
    found = breakdown()
    assert (found.dimension, found.values, found.other) == ("queue", (), None)


def test_every_dimension_of_the_source_is_there_in_its_order() -> None:
    figures = figures_of(row("a", "queued", created=1, b="x"), dimensions=("b", "a"))
    assert [(each.dimension, each.values[0].value) for each in breakdowns(figures)] == [
        ("b", "x"),
        ("a", None),
    ]


def test_created_is_null_where_the_source_lacks_it() -> None:
    figures = figures_of(row("a", "queued", updated=1, queue="q"), lacks=["created_at"])
    assert breakdowns(figures)[0].values[0].created is None
