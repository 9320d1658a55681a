"""The tour, 1: what this is a snapshot of, how fresh, when taken; its id, document and refresh."""

import re
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from dashboard import wording
from tests.browser.tour.conftest import Tour

REFRESHES = ["Refresh off", "Every 2 s", "Every 5 s", "Every 15 s", "Every 30 s", "Every 60 s"]


def test_the_header_tells_source_freshness_and_time_in_utc_and_local(tour: Tour) -> None:
    session = tour.page.context.new_cdp_session(tour.page)
    session.send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    tour.open("/?every=60")
    window = tour.downloaded().window
    title = f"video_tasks: the 1 h to {wording.clock(window.to)} UTC"
    expect(tour.page.locator(".sf-header h2")).to_have_text(title)
    expect(tour.page.locator(".sf-badge:visible")).to_have_text("●LIVE")
    times = tour.page.locator(".sf-times").inner_text()
    local = wording.day_and_clock(window.to, ZoneInfo("Asia/Tokyo"))
    assert times.startswith(f"{wording.interval(window.from_, window.to)} UTC")
    assert f"ends {local} in Asia/Tokyo" in times
    assert re.search(r"refreshed at \d\d:\d\d:\d\d UTC, and every 60 s$", times)


def test_the_request_id_is_copied_and_is_the_documents(still: Tour) -> None:
    still.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    still.page.bring_to_front()
    shown = still.page.locator(".st-key-header code").inner_text()
    copy = still.page.locator(".st-key-header [data-testid=stCode]").get_by_role("button")
    copy.click()
    expect(copy).to_have_attribute("aria-label", "Copied")
    assert still.page.evaluate("() => navigator.clipboard.readText()") == shown
    assert still.downloaded().request_id == shown


def test_the_refresh_is_chosen_and_paused_and_resumed(tour: Tour) -> None:
    tour.open("/?source=video_tasks")
    box = tour.page.get_by_role("combobox", name="Refresh")
    expect(box).to_have_value("Every 30 s")
    box.click()
    expect(tour.page.get_by_role("option")).to_have_text(REFRESHES)
    tour.page.get_by_role("option", name="Every 15 s").click()
    expect(tour.page).to_have_url(re.compile("every=15$"))
    expect(tour.page.locator(".sf-times")).to_contain_text("and every 15 s")
    tour.page.get_by_role("button", name="Pause").click()
    expect(tour.page.locator(".sf-badge:visible")).to_contain_text("PAUSED since")
    expect(tour.page.locator(".sf-times")).to_contain_text("now paused")
    tour.page.get_by_role("button", name="Resume").click()
    expect(tour.page).to_have_url(re.compile("every=15$"))
    expect(tour.page.locator(".sf-badge:visible")).to_have_text("●LIVE")
