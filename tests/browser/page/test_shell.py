"""The shell in a browser: the URL is the view, for a link, for Back, and for a colleague."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from metrics_core.window import utc_text
from tests.browser.page.conftest import (
    SLOW,
    Stand,
    open_view,
    refresh_until,
    shown_counts,
    shown_request_id,
)

HOUR = timedelta(hours=1)


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0, second=0) - hours * HOUR


def heading(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", name=text)


def badge(page: Page) -> Locator:
    return page.locator(".sf-badge:visible")


def chosen(page: Page, control: str) -> Locator:
    return page.get_by_role("combobox", name=control)


def choose(page: Page, control: str, option: str) -> None:
    chosen(page, control).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_back_and_forward_restore_the_view(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=tasks&minutes=45&engine=engine-1")
    shown_counts(signed_in)
    signed_in.get_by_role("radio", name="15 min").click()
    expect(heading(signed_in, "the 15 min to")).to_be_visible()
    signed_in.get_by_role("button", name="Remove engine").click()
    expect(signed_in.locator(".sf-chip")).to_have_count(0)
    choose(signed_in, "Compare with", "vs same time yesterday")
    expect(signed_in).to_have_url(re.compile(r"\?source=tasks&minutes=15&compare=yesterday$"))
    for minutes, chips, compared in ((15, 0, "No comparison"), (15, 1, ""), (45, 1, "")):
        signed_in.go_back()
        expect(heading(signed_in, f"the {minutes} min to")).to_be_visible()
        expect(signed_in.locator(".sf-chip")).to_have_count(chips)
        if compared:
            expect(chosen(signed_in, "Compare with")).to_have_value(compared)
    for _ in range(3):
        signed_in.go_forward()
    expect(heading(signed_in, "the 15 min to")).to_be_visible()
    expect(signed_in.locator(".sf-chip")).to_have_count(0)
    expect(chosen(signed_in, "Compare with")).to_have_value("vs same time yesterday")


def test_a_link_with_all_parameters_opens_the_same_view(
    signed_in: Page, stand: Stand, context: BrowserContext
) -> None:
    ending = hours_ago(1)
    to, other = utc_text(ending), utc_text(ending - HOUR)
    address = (
        f"/?source=tasks&minutes=30&to={to}&engine=engine-1&compare={other}"
        "&zone=utc&every=5&error=SomeError"
    )
    pages = (signed_in, context.new_page())
    contents = []
    for page in pages:
        open_view(page, stand, address)
        shown_counts(page)
        expect(heading(page, f"tasks: the 30 min to {to[11:19]} UTC")).to_be_visible()
        expect(page.locator(".sf-chip")).to_have_text("engine: engine-1")
        expect(chosen(page, "Compare with")).to_have_value("vs chosen time")
        expect(chosen(page, "Refresh")).to_have_value("Every 5 s")
        expect(badge(page)).to_contain_text("PAST")
        contents.append((page.url, shown_counts(page)))
    assert contents[0] == contents[1]
    scoped = stand.take("tasks", ending, 30, scope={"engine": "engine-1"})
    assert contents[0][1]["Completed"] == (scoped.tasks.completed or 0) > 0


def test_steps_of_one_window(signed_in: Page, stand: Stand) -> None:
    # An hour on is a little after the present, however long the steps take: live again.
    to = hours_ago(1) + timedelta(minutes=5)
    open_view(signed_in, stand, f"/?source=tasks&minutes=30&to={utc_text(to)}")
    shown_counts(signed_in)
    signed_in.get_by_role("button", name="Back 30 min").click()
    expect(heading(signed_in, f"to {to - HOUR / 2:%H:%M:%S} UTC")).to_be_visible()
    for _ in range(2):
        signed_in.get_by_role("button", name="Forward 30 min").click()
        to_follow = heading(signed_in, "tasks: the 30 min to")
        expect(to_follow).to_be_visible()
        signed_in.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    expect(heading(signed_in, f"to {to + HOUR / 2:%H:%M:%S} UTC")).to_be_visible()
    expect(badge(signed_in)).to_contain_text("PAST")
    signed_in.get_by_role("button", name="Forward 30 min").click()
    expect(badge(signed_in)).to_have_text(re.compile("LIVE"))
    expect(signed_in).to_have_url(stand.server.url + "/?source=tasks&minutes=30")
    expect(signed_in.get_by_role("button", name="Forward 30 min")).to_be_disabled()


def test_a_live_view_refreshes_and_a_past_one_does_not(signed_in: Page, stand: Stand) -> None:
    signed_in.clock.install()
    open_view(signed_in, stand, "/?source=tasks&every=5")
    shown_counts(signed_in)
    first = shown_request_id(signed_in)
    shown_id = signed_in.locator(".st-key-header [data-testid=stCode]")
    refresh_until(signed_in, lambda: expect(shown_id).not_to_have_text(first))
    open_view(signed_in, stand, f"/?source=tasks&every=5&to={utc_text(hours_ago(1))}")
    shown_counts(signed_in)
    sent: list[object] = []
    past = shown_request_id(signed_in)
    signed_in.on("websocket", lambda stream: stream.on("framesent", sent.append))
    signed_in.clock.fast_forward("10:00")
    signed_in.get_by_role("radio", name="30 min").click()
    expect(heading(signed_in, "the 30 min to")).to_be_visible()
    signed_in.go_back()
    expect(heading(signed_in, "the 1 h to")).to_be_visible()
    assert shown_request_id(signed_in) == past


def test_pause_holds_the_figures_and_resume_lets_them_go(signed_in: Page, stand: Stand) -> None:
    signed_in.clock.install()
    open_view(signed_in, stand, "/?source=tasks&every=2")
    shown_counts(signed_in)
    signed_in.get_by_role("button", name="Pause").click()
    expect(badge(signed_in)).to_contain_text("PAUSED since")
    expect(signed_in).to_have_url(re.compile("every=off"))
    held = shown_request_id(signed_in)
    signed_in.clock.fast_forward("05:00")
    choose(signed_in, "Compare with", "vs window before")
    expect(signed_in).to_have_url(re.compile("compare=previous"))
    expect(badge(signed_in)).to_contain_text("PAUSED since")
    assert shown_request_id(signed_in) == held
    signed_in.get_by_role("button", name="Resume").click()
    expect(badge(signed_in)).to_have_text(re.compile("LIVE"))
    expect(signed_in.locator(".st-key-header [data-testid=stCode]")).not_to_have_text(held)
    expect(signed_in).to_have_url(re.compile("every=2"))


def test_each_chip_can_be_removed(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=tasks&engine=engine-1")
    few = shown_counts(signed_in)
    expect(signed_in.locator(".sf-chip")).to_have_text("engine: engine-1")
    signed_in.get_by_role("button", name="Remove engine").click()
    expect(signed_in).to_have_url(stand.server.url + "/?source=tasks")
    expect(signed_in.locator(".sf-chip")).to_have_count(0)
    assert shown_counts(signed_in)["Created"] > 2 * few["Created"]


def test_the_comparison_is_in_the_url(signed_in: Page, stand: Stand) -> None:
    to = hours_ago(1)
    open_view(signed_in, stand, f"/?source=tasks&to={utc_text(to)}")
    shown_counts(signed_in)
    choose(signed_in, "Compare with", "vs window before")
    expect(signed_in).to_have_url(re.compile("compare=previous"))
    choose(signed_in, "Compare with", "vs chosen time")
    week = utc_text(to - 7 * 24 * HOUR).replace(":", "%3A")
    expect(signed_in).to_have_url(re.compile(f"compare={week}"))
    choose(signed_in, "Compare with", "No comparison")
    expect(signed_in).not_to_have_url(re.compile("compare"))


def test_an_instant_is_chosen_by_keyboard(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=tasks")
    shown_counts(signed_in)
    signed_in.get_by_role("button", name="To now").click()
    field = signed_in.get_by_role("group", name=re.compile("The window ends at"))
    expect(field).to_be_visible()
    to = hours_ago(2)
    field.get_by_role("spinbutton").first.focus()
    signed_in.keyboard.type(f"{to:%Y%m%d%H%M}")
    signed_in.keyboard.press("Enter")
    signed_in.keyboard.press("Escape")
    expect(heading(signed_in, f"to {to:%H:%M:%S} UTC")).to_be_visible(timeout=SLOW)
    expect(badge(signed_in)).to_contain_text("PAST")


@pytest.mark.parametrize("to", ["2999-01-01T00:00:00Z", "tomorrow", "2026-01-30T10:00:00"])
def test_a_wrong_to_is_one_line_and_a_link_leads_on(signed_in: Page, stand: Stand, to: str) -> None:
    open_view(signed_in, stand, f"/?source=tasks&minutes=15&to={to}")
    alert = signed_in.get_by_role("alert")
    expect(alert).to_contain_text(f"This address asks for to=“{to}”, but the time", timeout=SLOW)
    expect(signed_in.get_by_test_id("stMetric")).to_have_count(0)
    alert.get_by_role("link", name="tasks, the last 15 min").click()
    expect(heading(signed_in, "tasks: the 15 min to")).to_be_visible(timeout=SLOW)


def test_the_request_id_is_copied_by_keyboard(
    signed_in: Page, stand: Stand, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_view(signed_in, stand, "/?source=tasks&every=off")
    shown_counts(signed_in)
    copy = signed_in.get_by_role("button", name="Copy to clipboard")
    copy.first.focus()
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("button", name="Copied")).to_be_visible()
    copied = signed_in.evaluate("() => navigator.clipboard.readText()")
    assert copied == shown_request_id(signed_in)


def test_a_page_without_its_server_does_not_say_live(
    signed_in: Page, stand: Stand, context: BrowserContext
) -> None:
    open_view(signed_in, stand, "/?source=tasks&every=2")
    shown_counts(signed_in)
    expect(badge(signed_in)).to_have_text(re.compile("LIVE"))
    context.set_offline(True)
    signed_in.evaluate("() => window.dispatchEvent(new Event('offline'))")
    app = signed_in.get_by_test_id("stApp")
    app.evaluate("app => app.setAttribute('data-test-connection-state', 'PINGING_SERVER')")
    expect(badge(signed_in)).to_have_text(re.compile("NOT CONNECTED: these figures stand still"))


def test_the_header_has_its_room_before_it_is_there(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=tasks")
    controls = signed_in.locator(".st-key-what")
    expect(controls).to_be_visible(timeout=SLOW)
    before = controls.bounding_box()
    shown_counts(signed_in)
    after = controls.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 4


def test_the_times_of_the_viewers_zone(
    stand: Stand, signed_in: Page, context: BrowserContext
) -> None:
    session = context.new_cdp_session(signed_in)
    session.send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    to = hours_ago(1)
    open_view(signed_in, stand, f"/?source=tasks&to={utc_text(to)}")
    shown_counts(signed_in)
    local = to + 9 * HOUR
    expect(heading(signed_in, f"to {to:%H:%M:%S} UTC")).to_be_visible()
    expect(signed_in.get_by_text(f"{local:%H:%M:%S} in Asia/Tokyo")).to_be_visible()
    choose(signed_in, "Times in", "Local time")
    expect(signed_in).to_have_url(re.compile("zone=local"))
    expect(heading(signed_in, f"to {local:%H:%M:%S} Asia/Tokyo")).to_be_visible()
