"""The tour, 2: any window, live or past; steps, a brushed stretch, Back, and a link of it all."""

import re
from datetime import timedelta

from playwright.sync_api import Browser, expect

from metrics_core.window import utc_text
from tests.browser.tour.conftest import Tour, begun

PICKS = ["5 min", "15 min", "30 min", "1 h", "3 h", "6 h", "12 h", "24 h"]
HOUR = timedelta(hours=1)


def test_the_window_has_any_length_by_pick_by_slider_and_by_number(tour: Tour) -> None:
    tour.open("/?source=video_tasks&every=off")
    expect(tour.page.locator(".st-key-window-pick").get_by_role("radio")).to_have_text(PICKS)
    tour.page.get_by_role("radio", name="3 h").click()
    expect(tour.page).to_have_url(re.compile("minutes=180"))
    expect(tour.page.get_by_role("slider")).to_have_value("180")
    tour.page.get_by_role("slider").press("ArrowRight")
    expect(tour.heading("video_tasks: the 3 h 1 min to")).to_be_visible()
    tour.page.get_by_role("spinbutton", name="Minutes").fill("47")
    tour.page.get_by_role("spinbutton", name="Minutes").press("Enter")
    expect(tour.heading("video_tasks: the 47 min to")).to_be_visible()
    expect(tour.page.get_by_role("slider")).to_have_value("47")
    tour.settle()
    assert tour.downloaded().window.minutes == 47


def test_steps_of_a_window_lead_back_and_forward_and_back_undoes_them(tour: Tour) -> None:
    to = tour.stand.made_at.replace(microsecond=0) - 5 * HOUR
    tour.open(f"/?source=video_tasks&to={utc_text(to)}")
    expect(tour.page.locator(".sf-badge:visible")).to_contain_text("PAST as its rows are now")
    tour.page.get_by_role("button", name="Back 1 h").click()
    expect(tour.heading(f"the 1 h to {to - HOUR:%H:%M:%S} UTC")).to_be_visible()
    tour.page.go_back()
    expect(tour.heading(f"the 1 h to {to:%H:%M:%S} UTC")).to_be_visible()
    tour.settle()
    tour.page.get_by_role("button", name="Forward 1 h").click()
    expect(tour.heading(f"the 1 h to {to + HOUR:%H:%M:%S} UTC")).to_be_visible()
    tour.settle()
    tour.page.get_by_role("button", name="Now", exact=True).click()
    expect(tour.page.locator(".sf-badge:visible")).to_have_text("●LIVE")
    expect(tour.page).to_have_url(re.compile(r"\?source=video_tasks$"))


def test_a_brushed_stretch_becomes_the_window_and_its_link_opens_for_a_colleague(
    tour: Tour, browser: Browser
) -> None:
    to = tour.stand.made_at.replace(microsecond=0) - 4 * HOUR
    tour.open(f"/?source=video_tasks&minutes=360&to={utc_text(to)}")
    tour.brush("Tasks ended", 0.5, 0.75)
    expect(tour.page).to_have_url(re.compile(r"minutes=\d\d&"), timeout=20_000)
    tour.settle()
    shown = tour.downloaded()
    assert 85 <= shown.window.minutes <= 95
    assert to - 2 * HOUR < shown.window.to < to - HOUR
    with browser.new_context() as context:
        colleague = begun(context, tour.stand)
        colleague.page.goto(tour.page.url)
        colleague.settle()
        assert colleague.downloaded().digest.content == shown.digest.content
    tour.page.go_back()
    expect(tour.heading(f"the 6 h to {to:%H:%M:%S} UTC")).to_be_visible()
