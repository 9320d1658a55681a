"""The tour, 5 and 10: charts that hold what the document holds, with words and a table for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard import wording
from metrics_core import Snapshot
from metrics_core.window import utc_text
from tests.browser.tour.conftest import Stand, Tour, watched

FILLED = "bars => bars.filter(bar => bar.getBBox().height > 0).length"


@pytest.fixture(scope="module")
def shown(demo: Stand, viewer: BrowserContext) -> Iterator[tuple[Tour, Snapshot]]:
    """One page for all: they only look, and a window of the past stands still."""
    with watched(viewer, demo) as tour:
        to = demo.made_at.replace(microsecond=0)
        tour.open(f"/?source=video_tasks&minutes=30&to={utc_text(to)}")
        yield tour, tour.downloaded()


def test_each_chart_draws_the_document_and_says_it_in_words(shown: tuple[Tour, Snapshot]) -> None:
    tour, document = shown
    tasks, latency = document.tasks, document.latency.time_to_complete_ms
    bars = tour.chart("Tasks ended").locator(".layer_0_marks path")
    for status, colour in (("completed", "#009E73"), ("failed", "#D55E00")):
        drawn = bars.and_(tour.page.locator(f"[fill='{colour}']")).evaluate_all(FILLED)
        assert drawn == sum(getattr(part.tasks, status) > 0 for part in document.series), status
    words = (
        f"Tasks ended: {tasks.created:,} created, {tasks.completed:,} completed, "
        f"{tasks.cancelled:,} cancelled, {tasks.failed:,} failed"
    )
    expect(tour.chart("Tasks ended")).to_have_attribute("aria-label", words)
    percentiles = (f"{q} {wording.duration(getattr(latency, q))}" for q in ("p50", "p95", "p99"))
    expect(tour.chart("Time to complete")).to_have_attribute(
        "aria-label",
        f"Time to complete: {', '.join(percentiles)} of {latency.samples:,} completed tasks",
    )
    cells = sum(len(part.time_to_complete_ms.buckets) for part in document.series)
    expect(tour.chart("Time to complete").locator(".layer_1_marks path")).to_have_count(cells)


def test_the_table_behind_a_chart_has_a_row_a_bin(shown: tuple[Tour, Snapshot]) -> None:
    tour, document = shown
    expect(tour.page.get_by_test_id("stExpander").filter(has_text="Show data")).to_have_count(4)
    tour.page.locator(".st-key-tasks-ended-data summary").click()
    table = tour.page.get_by_role("region", name="Tasks ended: the figures of each bin")
    expect(table).to_be_visible(timeout=20_000)
    rows = table.locator("table[role=grid]")
    expect(rows).to_have_attribute("aria-rowcount", str(len(document.series) + 1))
    expect(rows).to_have_attribute("aria-colcount", "5")
    for name in ("Time (UTC)", "Completed", "Failed"):
        expect(rows.locator("th").filter(has_text=name)).to_have_count(1)


def test_the_latencies_stand_in_a_table_with_their_n(shown: tuple[Tour, Snapshot]) -> None:
    tour, document = shown
    latency = document.latency.time_to_processing_ms
    row = tour.page.get_by_role("row", name="Time to processing").get_by_role("cell")
    figures = [getattr(latency, name) for name in ("p50", "p95", "p99", "max", "avg")]
    expect(row).to_have_text([f"{latency.samples:,}", *map(wording.duration, figures)])
