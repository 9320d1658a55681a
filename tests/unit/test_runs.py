"""Runs: what completed or failed in the window, its mean run time and its cost."""

import pytest

from metrics_core.document import Cost, Runs
from metrics_core.runs import runs
from tests.builders import figures_of, row


def test_runs_are_what_completed_or_failed_in_the_window() -> None:
    found = runs(
        figures_of(
            row("a", "completed", created=0, finished=5, duration_ms=100, cost_usd=0.1),
            row("b", "failed", created=0, finished=5, duration_ms=201, cost_usd=0.2),
            row("c", "cancelled", created=0, finished=5, duration_ms=900, cost_usd=9.0),
            row("d", "completed", created=0, finished=3600, duration_ms=900, cost_usd=9.0),
            row("e", "processing", created=0, duration_ms=900, cost_usd=9.0),
        )
    )
    cost = Cost(usd=0.3, samples=2)
    assert found == Runs(count=2, avg_latency_ms=150.5, latency_samples=2, cost=cost)


@pytest.mark.parametrize(
    ("durations", "mean"),
    [
        ([1, 1, 2], 1.333333),
        ([0.75, 0.5], 0.625),
        ([0], 0.0),
        ([10, -1, None], 10.0),
        ([2**53 - 1, 2**53 - 1], 9_007_199_254_740_991.0),
        ([2**53 - 1, 0, 0, 0], 2_251_799_813_685_247.75),
        ([None, -1], None),
        ([], None),
    ],
)
def test_the_mean_is_exact_and_rounded_to_six_digits(
    durations: list[float | None], mean: float | None
) -> None:
    tasks = [
        row(f"{i}", "failed", created=0, started=1, finished=5)
        | ({} if ms is None else {"duration_ms": ms})
        for i, ms in enumerate(durations)
    ]
    assert runs(figures_of(*tasks)).avg_latency_ms == mean


def test_without_a_measured_duration_the_times_tell_it_to_the_microsecond() -> None:
    found = runs(
        figures_of(
            row("a", "completed", created=0, started=1, finished=1.000001),
            row("b", "failed", created=0, started=1, finished=1.000002),
            row("c", "failed", created=0, finished=9),
            row("d", "failed", created=0, started=1, updated=9),
            row("e", "failed", created=0, started=8, finished=7),
            lacks=["duration_ms"],
        )
    )
    assert (found.count, found.avg_latency_ms, found.latency_samples) == (5, 0.0015, 2)


def test_what_the_source_lacks_is_null() -> None:
    found = runs(
        figures_of(
            row("a", "completed", created=0, started=1, finished=2, cost_usd=1.0),
            lacks=["duration_ms", "started_at", "cost_usd"],
        )
    )
    assert found == Runs(count=1, avg_latency_ms=None, latency_samples=0, cost=None)
