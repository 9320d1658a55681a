"""The tour, 10: light and dark, by keyboard, on a phone; a refresh that moves nothing."""

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.tour.accessibility import grave_faults
from tests.browser.tour.conftest import SETTLED, SLOW, Tour
from tests.campaigns.page_timing import WATCH_SHIFTS, shifts

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)
SHIFTED = 0.1
"""Of a first load. So much is called good (https://web.dev/articles/cls); a quiet machine has 0."""
FOCUSED = """() => {
    const e = document.activeElement;
    return e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText;
}"""
CUT = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
AT_REST = """() => new Promise(resolve => {
    const height = () => document.querySelector('[data-testid=stMain]').scrollHeight;
    const before = height();
    setTimeout(() => resolve(height() === before), 700);
})"""
PLACES = "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
FIRST_STOPS = ("Sign out", "Copy to clipboard", "Download this snapshot", "Source")


def test_the_live_page_has_no_grave_fault_and_its_own_colours_in_both_schemes(
    still: Tour,
) -> None:
    app = still.page.get_by_test_id("stApp")
    expect(app).to_have_css("background-color", "rgb(255, 255, 255)")
    assert grave_faults(still.page) == []
    expect(app).to_have_css("background-color", "rgb(16, 22, 28)")
    expect(still.page.locator(".sf-tile.failed .spark")).to_have_css(
        "background-color", "rgb(213, 94, 0)"
    )


def test_the_keyboard_reaches_everything_from_top_to_bottom(tour: Tour) -> None:
    tour.open("/?source=video_tasks&every=off")
    tour.page.get_by_role("button", name="Sign out").focus()
    stops = [tour.page.evaluate(FOCUSED)]
    for _ in range(5):
        tour.page.keyboard.press("Tab")
        stops.append(tour.page.evaluate(FOCUSED))
    places = [next(i for i, stop in enumerate(stops) if name in stop) for name in FIRST_STOPS]
    assert places == sorted(places)
    tour.page.get_by_role("radio", name="no. 2").press("Enter")
    expect(tour.page.locator(".st-key-error-detail")).to_be_visible(timeout=SLOW)


def test_a_phone_shows_all_of_it_and_the_figures_on_the_first_screen(tour: Tour) -> None:
    tour.page.set_viewport_size(PHONE)
    tour.open("/?source=video_tasks&compare=previous")
    main = tour.page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth") == PHONE["width"]
    box = tour.tile("created").bounding_box()
    assert box is not None
    assert box["y"] + 60 < PHONE["height"]
    assert tour.page.locator(".sf-tile .value, .sf-tile .delta").evaluate_all(CUT) == []
    expect(tour.page.locator(".st-key-header code")).to_have_text(re.compile("^req_"))
    assert grave_faults(tour.page) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["/?source=video_tasks", "/?view=archive"])
def test_at_the_first_load_things_stand_where_they_will_stay(
    tour: Tour, size: ViewportSize, address: str
) -> None:
    tour.page.set_viewport_size(size)
    tour.page.add_init_script(WATCH_SHIFTS)
    tour.page.goto(tour.stand.server.url + address)
    expect(tour.page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SLOW)
    tour.page.wait_for_function(SETTLED, timeout=SLOW)
    tour.page.wait_for_function(AT_REST)
    assert shifts(tour.page) < SHIFTED


def test_a_refresh_moves_nothing_and_leaves_an_open_panel_open(tour: Tour) -> None:
    tour.open("/?source=video_tasks&every=2")
    tour.page.locator(".st-key-tasks-ended-data summary").click()
    table = tour.page.get_by_role("region", name="Tasks ended: the figures of each bin")
    expect(table).to_be_visible(timeout=SLOW)
    tour.page.mouse.wheel(0, 500)
    titles = tour.page.locator(".sf h2")
    tour.settle()
    tour.page.wait_for_function(AT_REST)
    before, first = titles.evaluate_all(PLACES), tour.page.locator(".sf-times").inner_text()
    expect(tour.page.locator(".sf-times")).not_to_have_text(first, timeout=SLOW)
    expect(table).to_be_visible()
    after = titles.evaluate_all(PLACES)
    assert len(before) == len(after) >= 8
    assert after[:5] == before[:5]
