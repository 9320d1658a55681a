"""Backlog, ledger and cost: the single figures of a window."""

import pytest

from metrics_core.backlog import backlog, cost, ledger
from metrics_core.document import Ledger, Waiting
from tests.builders import figures_of, row


def waiting(count: int, age: int | None, oldest: str | None, unknown: int) -> Waiting:
    return Waiting(count=count, oldest_age_ms=age, oldest_id=oldest, unknown_age=unknown)


def test_a_queued_task_is_as_old_as_the_later_of_created_and_eligible() -> None:
    figures = figures_of(
        row("old but eligible late", "queued", created=-900, eligible=3000),
        row("oldest", "queued", created=600),
        row("young", "queued", created=3599.999),
    )
    assert backlog(figures).queued == waiting(3, 3_000_000, "oldest", 0)


def test_a_processing_task_is_as_old_as_its_start() -> None:
    figures = figures_of(
        row("a", "processing", created=-900, started=3590.0005),
        row("b", "completed", created=0, started=3000, finished=4000),
        row("c", "processing", created=-900),
    )
    assert backlog(figures).processing == waiting(3, 600_000, "b", 1)


def test_an_age_is_floored_to_whole_milliseconds() -> None:
    figures = figures_of(row("a", "queued", created=3599.9980001))
    assert backlog(figures).queued.oldest_age_ms == 2
    figures = figures_of(row("a", "queued", created=3599.998001))
    assert backlog(figures).queued.oldest_age_ms == 1


def test_of_equally_old_ones_the_least_id_is_named() -> None:
    figures = figures_of(*(row(name, "queued", created=5) for name in ("t9", "t10", "ä")))
    assert backlog(figures).queued.oldest_id == "t10"


def test_ages_that_are_all_unknown_are_null_and_counted() -> None:
    figures = figures_of(row("a", "queued"), row("b", "queued", updated=5))
    assert backlog(figures).queued == waiting(2, None, None, 2)


def test_an_empty_backlog_is_zero_and_null() -> None:
    empty = backlog(figures_of())
    assert empty.queued == empty.processing == waiting(0, None, None, 0)


def test_the_ledger_balances() -> None:
    figures = figures_of(
        row("a", "queued", created=-5),
        row("b", "completed", created=-5, finished=0),
        row("c", "failed", created=0, finished=10),
        row("d", "cancelled", updated=20),
        row("e", "queued"),
        row("f", "completed", created=10, finished=5),
        row("g", "completed", created=10, finished=3600),
    )
    assert ledger(figures) == Ledger(
        open_at_from=3,
        created=4,
        completed=2,
        failed=1,
        cancelled=1,
        open_at_to=3,
        difference=0,
    )


def test_the_ledger_of_nothing_is_zero_throughout() -> None:
    assert ledger(figures_of()) == Ledger(
        open_at_from=0, created=0, completed=0, failed=0, cancelled=0, open_at_to=0, difference=0
    )


def test_a_source_without_created_at_has_no_ledger() -> None:
    assert ledger(figures_of(row("a", "queued", started=1), lacks=["created_at"])) is None


def test_cost_is_the_sum_over_tasks_that_ended_in_the_window() -> None:
    figures = figures_of(
        row("a", "completed", created=0, finished=5, cost_usd=0.1),
        row("b", "failed", created=0, finished=5, cost_usd=0.2),
        row("c", "cancelled", created=0, finished=5, cost_usd=0.0),
        row("d", "completed", created=0, finished=5),
        row("e", "completed", created=0, finished=3600, cost_usd=7.0),
        row("f", "processing", created=0, cost_usd=7.0),
    )
    found = cost(figures)
    assert found is not None
    assert (found.usd, found.samples) == (0.3, 3)


@pytest.mark.parametrize(
    ("costs", "usd"),
    [
        ([0.0000005, 0.0000015], 0.000002),
        ([0.1] * 10, 1.0),
        ([-0.25, 0.1], -0.15),
        ([9_007_199_254.0] * 2000, 18_014_398_508_000.0),
    ],
)
def test_cost_is_summed_in_whole_millionths(costs: list[float], usd: float) -> None:
    tasks = [
        row(f"{i}", "completed", created=0, finished=5, cost_usd=each)
        for i, each in enumerate(costs)
    ]
    found = cost(figures_of(*tasks))
    assert found is not None
    assert found.usd == usd


def test_cost_of_tasks_without_one_is_zero_of_no_samples() -> None:
    found = cost(figures_of(row("a", "completed", created=0, finished=5)))
    assert found is not None
    assert (found.usd, found.samples) == (0.0, 0)


def test_a_source_without_cost_has_none() -> None:
    assert cost(figures_of(lacks=["cost_usd"])) is None
