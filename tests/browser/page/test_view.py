"""The page's URL holds the view: what is chosen is written there, what is wrong there is said."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page.conftest import SLOW, Stand, open_view, shown_counts


def test_the_slider_moves_by_keyboard_and_changes_url_and_figures(
    signed_in: Page, stand: Stand
) -> None:
    open_view(signed_in, stand, "/")
    before = shown_counts(signed_in)
    slider = signed_in.get_by_role("slider")
    slider.focus()
    signed_in.keyboard.press("ArrowLeft")
    expect(signed_in).to_have_url(re.compile(r"[?&]minutes=59$"))
    expect(signed_in.get_by_role("heading", name="tasks: the 59 min to")).to_be_visible()
    slider.focus()
    signed_in.keyboard.press("End")
    expect(signed_in).to_have_url(re.compile(r"[?&]minutes=1440$"))
    expect(signed_in.get_by_role("heading", name="tasks: the 24 h to")).to_be_visible()
    after = shown_counts(signed_in)
    assert after["Created"] == 360 > before["Created"]
    expect(signed_in.get_by_role("radio", name="24 h")).to_be_checked()


def test_a_quick_pick_moves_the_slider_and_back_goes_back(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=tasks&minutes=45")
    shown_counts(signed_in)
    signed_in.get_by_role("radio", name="15 min").click()
    expect(signed_in).to_have_url(stand.server.url + "/?source=tasks&minutes=15")
    expect(signed_in.get_by_role("slider")).to_have_value("15")
    expect(signed_in.get_by_role("heading", name="the 15 min to")).to_be_visible()
    signed_in.go_back()
    expect(signed_in.get_by_role("heading", name="the 45 min to")).to_be_visible()
    expect(signed_in.get_by_role("slider")).to_have_value("45")


def test_a_reload_keeps_the_view_and_the_sign_in(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=hostile&minutes=17")
    heading = signed_in.get_by_role("heading", name="hostile: the 17 min to")
    expect(heading).to_be_visible(timeout=SLOW)
    signed_in.reload()
    expect(heading).to_be_visible(timeout=SLOW)
    expect(signed_in.get_by_text("Signed in as Ada")).to_be_visible()
    expect(signed_in.get_by_role("slider")).to_have_value("17")


def test_choosing_a_source_changes_url_and_figures(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/")
    shown_counts(signed_in)
    signed_in.get_by_role("combobox", name="Source").click()
    signed_in.get_by_role("option", name="hostile").click()
    expect(signed_in).to_have_url(stand.server.url + "/?source=hostile")
    expect(signed_in.get_by_role("heading", name="hostile: the 1 h to")).to_be_visible()
    assert shown_counts(signed_in)["Failed"] == 8


@pytest.mark.parametrize("minutes", ["0", "-1", "1441", "1000000000000000000", "NaN", "１２", ""])
def test_bad_minutes_are_one_clear_line_and_no_figures(
    signed_in: Page, stand: Stand, minutes: str
) -> None:
    open_view(signed_in, stand, f"/?source=hostile&minutes={minutes}")
    alert = signed_in.get_by_role("alert")
    expect(alert).to_contain_text(
        f"This address asks for minutes=“{minutes}”, "
        "but minutes must be a whole number from 1 to 1440.",
        timeout=SLOW,
    )
    expect(signed_in.locator(".sf-tile")).to_have_count(0)
    assert f"minutes={minutes}" in re.sub("%EF%BC%9", "", signed_in.url) or minutes == "１２"


def test_from_a_bad_address_a_link_leads_on(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=%3Cb%3Enope&minutes=15")
    alert = signed_in.get_by_role("alert")
    expect(alert).to_contain_text("the source “<b>nope”, which there is not", timeout=SLOW)
    alert.get_by_role("link", name="empty, the last 15 min").click()
    expect(signed_in.get_by_role("heading", name="empty: the 15 min to")).to_be_visible(
        timeout=SLOW
    )
