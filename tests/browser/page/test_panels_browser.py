"""What only a browser shows of the panels: a choice of an error, a scope from a breakdown."""

import re

from playwright.sync_api import Page, expect

from tests.browser.page.conftest import SLOW, Stand, open_view, shown_counts


def test_an_error_is_looked_into_by_keyboard_and_its_link_shows_the_same(
    signed_in: Page, stand: Stand
) -> None:
    open_view(signed_in, stand, "/")
    shown_counts(signed_in)
    signed_in.get_by_role("radio", name="no. 1").press("Enter")
    expect(signed_in).to_have_url(re.compile(r"error=SomeError"), timeout=SLOW)
    detail = signed_in.locator(".st-key-error-detail")
    expect(detail).to_contain_text("By engine")
    expect(detail.get_by_test_id("stCode")).to_contain_text(re.compile(r"t-\d{3}"))
    signed_in.reload()
    expect(detail.get_by_test_id("stCode")).to_contain_text("t-001", timeout=SLOW)
    signed_in.get_by_role("radio", name="no. 1").click()
    expect(detail).to_have_count(0)


def test_back_closes_an_error_however_soon_it_is_pressed(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?every=2")
    shown_counts(signed_in)
    for _ in range(3):
        signed_in.get_by_role("radio", name="no. 1").click()
        expect(signed_in).to_have_url(re.compile(r"error="), timeout=SLOW)
        signed_in.go_back()
        expect(signed_in).not_to_have_url(re.compile(r"error="), timeout=SLOW)
        expect(signed_in.locator(".st-key-error-detail")).to_have_count(0, timeout=SLOW)
        expect(signed_in.get_by_role("radio", name="no. 1")).not_to_be_checked()


def test_a_value_of_a_breakdown_becomes_the_scope(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/")
    before = shown_counts(signed_in)
    table = signed_in.locator("[class*=st-key-by-engine]").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    # The grid is a canvas: its first row's mark, under the header.
    table.locator(".dvn-scroller").click(position={"x": 15, "y": 52})
    expect(signed_in).to_have_url(re.compile(r"engine=engine-\d"), timeout=SLOW)
    expect(signed_in.get_by_role("heading", name="tasks: the 1 h to")).to_be_visible()
    after = shown_counts(signed_in)
    assert 0 < after["Created"] < before["Created"]


def test_long_codes_and_messages_wrap_on_a_phone(signed_in: Page, stand: Stand) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    open_view(signed_in, stand, "/?source=hostile&minutes=1440")
    shown_counts(signed_in)
    wide = "all => all.filter(e => e.getBoundingClientRect().right > 391).length"
    assert signed_in.locator(".sf-error *:not(.spark), .sf-tile *").evaluate_all(wide) == 0
