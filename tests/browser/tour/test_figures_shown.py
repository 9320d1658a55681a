"""The tour, 4 and 8: each tile is the document's figure, in words; so are the runs of agents."""

from playwright.sync_api import expect

from dashboard import wording
from tests.browser.tour.conftest import Tour

FLOW = ("created", "completed", "cancelled")


def test_each_tile_is_the_documents_figure(still: Tour) -> None:
    document = still.downloaded()
    tasks, backlog = document.tasks, document.backlog
    for name in (*FLOW, "failed", "processing", "queued"):
        assert still.value(name) == wording.count(getattr(tasks, name)), name
    for name in FLOW:
        assert wording.per_hour(getattr(tasks, name)) in still.tile(name).inner_text(), name
    rate = f"{wording.percent(document.failure_rate)} failure rate"
    expect(still.tile("failed")).to_contain_text(rate)
    assert backlog.processing.oldest_age_ms is not None
    oldest = f"oldest {wording.duration(backlog.processing.oldest_age_ms)}"
    expect(still.tile("processing")).to_contain_text(oldest)
    expect(still.tile("processing").locator("code")).to_have_text(
        backlog.processing.oldest_id or ""
    )
    expect(still.page.locator(".sf-tile .spark")).to_have_count(6)
    expect(still.page.locator(".sf-tile.scheduled, .sf-tile.cost")).to_have_count(0)


def test_the_first_row_of_agents_tells_their_five_answers(tour: Tour) -> None:
    tour.open("/?source=agent_events&every=off")
    document = tour.downloaded()
    runs, tasks = document.runs, document.tasks
    assert runs.cost is not None
    assert runs.avg_latency_ms is not None
    assert tasks.completed is not None
    assert document.failure_rate is not None
    values = tour.page.locator(".sf-runs .value").all_inner_texts()
    assert values == [
        wording.count(tasks.completed + tasks.failed),
        wording.percent(1 - document.failure_rate),
        wording.usd(runs.cost.usd),
        wording.duration(int(runs.avg_latency_ms)),
    ]
    assert document.errors is not None
    newest = max(document.errors.codes, key=lambda error: error.last_at)
    first = tour.page.locator(".sf-tile.last li").first
    expect(first).to_contain_text(f"{wording.clock(newest.last_at)} {newest.code}")
    assert tour.value("cost") == wording.usd(document.cost.usd if document.cost else 0)
