"""The tour, 3: the window beside another one: deltas by meaning, ghost lines, what changed."""

from datetime import timedelta

from playwright.sync_api import expect

from metrics_core.compare import compare
from metrics_core.window import utc_text
from tests.browser.tour.conftest import Tour

HOUR = timedelta(hours=1)
DOTTED = "path[stroke-dasharray='2,2']"


def test_beside_the_window_before_the_bad_deploy_is_worse_in_every_place(tour: Tour) -> None:
    to = tour.stand.made_at.replace(microsecond=0) - HOUR
    tour.open(f"/?source=video_tasks&minutes=120&to={utc_text(to)}")
    expect(tour.page.locator(".delta")).to_have_count(0)
    tour.choose("Compare with", "vs window before")
    expect(tour.heading("What changed")).to_be_visible(timeout=20_000)
    tour.settle()
    before, after = tour.stand.take(to - 2 * HOUR, 120), tour.stand.take(to, 120)
    compared = compare(before, after)
    failed = after.tasks.failed - before.tasks.failed
    expect(tour.tile("failed").locator(".delta").first).to_have_text(f"▲ +{failed} worse")
    expect(tour.tile("failed").locator(".delta.worse")).to_have_count(2)
    created = (after.tasks.created or 0) - (before.tasks.created or 0)
    arrow = f"▲ +{created}" if created > 0 else f"▼ −{-created}"
    expect(tour.tile("created").locator(".delta.neutral")).to_have_text(arrow)
    texts = tour.page.locator(".sf-changes").first.locator("li").all_inner_texts()
    told = [f"{change.text} {change.meaning}" for change in compared.changes[:8]]
    assert [" ".join(text.split())[2:] for text in texts] == told
    assert "ENGINE_SCHEMA_MISMATCH" in texts[0]
    assert all(" n " in text or "n " in text for text in texts)
    expect(tour.page.locator(".sf-error .badge")).to_have_text(["new"])
    for title, lines in (("Tasks ended", 2), ("Tasks open", 2), ("Time to complete", 3)):
        assert tour.chart(title).locator(DOTTED).count() >= lines, title


def test_beside_the_same_time_yesterday_the_link_says_so(tour: Tour) -> None:
    tour.open("/?source=video_tasks&every=off")
    tour.choose("Compare with", "vs same time yesterday")
    expect(tour.heading("What changed")).to_be_visible(timeout=20_000)
    assert "compare=yesterday" in tour.page.url
    tour.settle()
    tour.choose("Compare with", "vs chosen time")
    expect(tour.page.get_by_role("button", name="vs ")).to_be_visible()
    tour.settle()
    assert "compare=20" in tour.page.url
