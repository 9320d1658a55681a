"""Setup in a real browser: opened by the keyboard, on a phone, and no text of a row is markup."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.page.conftest import SLOW, Stand, open_view, shown_counts


def unfold(page: Page) -> None:
    page.locator(".st-key-setup summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Examined at")).to_be_visible(timeout=SLOW)


def test_the_report_is_opened_by_the_keyboard_and_asked_for_anew(
    signed_in: Page, stand: Stand
) -> None:
    open_view(signed_in, stand, "/?every=off")
    shown_counts(signed_in)
    unfold(signed_in)
    facts = signed_in.locator(".st-key-setup .sf-facts")
    expect(facts).to_contain_text("SQLite 3.")
    expect(facts).to_contain_text("came in")
    signed_in.get_by_role("button", name="Examine again").press("Enter")
    expect(facts).to_contain_text("a scan of the last hour reads a whole table (SCAN tasks).")
    found = Axe().run(signed_in, context=".st-key-setup").response["violations"]
    assert [each["id"] for each in found] == []


def test_the_report_fits_a_phone(signed_in: Page, stand: Stand) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    open_view(signed_in, stand, "/?source=hostile&every=off")
    shown_counts(signed_in)
    unfold(signed_in)
    wide = "all => all.filter(e => e.getBoundingClientRect().right > 391).length"
    assert signed_in.locator(".st-key-setup *").evaluate_all(wide) == 0
    assert signed_in.locator(".st-key-setup :is(script, img)").count() == 0
