"""The tour, 6: errors and whom they meet; a value of a dimension that becomes the scope."""

import re

from playwright.sync_api import expect

from dashboard import wording
from tests.browser.tour.conftest import Tour


def test_an_error_is_told_and_looked_into(tour: Tour) -> None:
    tour.open("/?source=video_tasks&every=off")
    document = tour.downloaded()
    assert document.errors is not None
    largest = document.errors.codes[0]
    entry = tour.page.locator(".sf-error").first
    expect(entry.locator(".code")).to_have_text(f"1. {largest.code}")
    share = wording.percent(largest.share)
    expect(entry.locator(".number")).to_have_text(f"{largest.count} · {share}")
    expect(entry.locator(".message")).to_have_text(largest.sample_message or "")
    expect(entry).to_contain_text(f"First at {wording.clock(largest.first_at)}")
    tour.page.get_by_role("radio", name="no. 1").click()
    detail = tour.page.locator(".st-key-error-detail")
    expect(detail).to_be_visible(timeout=20_000)
    expect(tour.page).to_have_url(re.compile(f"error={largest.code}"))
    tour.settle()
    expect(tour.chart("Failures with this code")).to_have_attribute(
        "aria-label", re.compile(rf": {largest.count} failures$")
    )
    engine = detail.locator("table").filter(has_text="By engine")
    expect(engine.locator("tr")).to_have_text([f"runway{largest.count}100 %"])
    ids = detail.get_by_test_id("stCode").inner_text().split()
    assert ids == list(largest.task_ids)


def test_a_value_becomes_the_scope_and_its_chip_goes_away_again(tour: Tour) -> None:
    tour.open("/?source=video_tasks&every=off")
    all_tasks = tour.downloaded()
    tour.pick_row("engine", 2)
    expect(tour.page).to_have_url(re.compile("engine=luma"), timeout=20_000)
    tour.settle()
    scoped = tour.downloaded()
    assert scoped.scope == {"engine": "luma"}
    assert tour.value("failed") == wording.count(scoped.tasks.failed)
    assert scoped.tasks.failed < all_tasks.tasks.failed
    expect(tour.page.locator(".sf-chip")).to_have_text(["engine: luma"])
    tour.page.get_by_role("button", name="Remove engine").click()
    expect(tour.page.locator(".sf-chip")).to_have_count(0)
    expect(tour.page).not_to_have_url(re.compile("engine"))
