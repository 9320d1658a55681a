"""The page where there is little to show, or nothing, or something hostile."""

from playwright.sync_api import Page, expect

from tests.browser.page.conftest import (
    HOSTILE,
    SIX,
    SLOW,
    TASK_ID,
    Stand,
    open_view,
    refresh_until,
    shown_counts,
)


def test_texts_out_of_the_table_are_shown_literally(signed_in: Page, stand: Stand) -> None:
    dialogs: list[str] = []
    signed_in.on("dialog", lambda dialog: dialogs.append(dialog.message))
    open_view(signed_in, stand, "/?source=hostile")
    messages = signed_in.locator(".sf-error .message")
    expect(messages.first).to_be_visible(timeout=SLOW)
    assert sorted(messages.all_inner_texts()) == sorted(HOSTILE)
    expect(signed_in.locator(".sf-tile.queued")).to_contain_text(TASK_ID)
    page_body = signed_in.get_by_test_id("stMain")
    expect(page_body.locator("img, script, a[href*='evil'], .katex")).to_have_count(0)
    assert dialogs == []


def test_an_empty_table_says_so(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=empty")
    expect(signed_in.get_by_text("No tasks in this window.")).to_be_visible(timeout=SLOW)
    assert shown_counts(signed_in) == dict.fromkeys(SIX, 0)
    expect(signed_in.get_by_text("No failures in this window.")).to_be_visible()
    expect(signed_in.get_by_text("No rows; every figure is measurable.")).to_be_visible()
    none = signed_in.get_by_text("No task completed in this window, so there is none to show.")
    expect(none).to_have_count(2)


def test_the_last_figures_of_a_database_that_went_away_are_marked_until_it_is_back(
    signed_in: Page, stand: Stand
) -> None:
    database, elsewhere = stand.folder / "away.db", stand.folder / "elsewhere.db"
    signed_in.clock.install()
    open_view(signed_in, stand, "/?source=away")
    shown_counts(signed_in)
    database.rename(elsewhere)
    alert = signed_in.get_by_role("alert")
    refresh_until(signed_in, lambda: expect(alert).to_contain_text("STALE since"))
    expect(alert).to_contain_text("These are the last figures, of")
    expect(alert).to_contain_text("source away: there is no SQLite file")
    assert shown_counts(signed_in)["Completed"] > 30
    elsewhere.rename(database)
    refresh_until(signed_in, lambda: expect(alert).to_have_count(0))
    assert shown_counts(signed_in)["Completed"] > 30


def test_the_page_fits_a_phone(signed_in: Page, stand: Stand) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    open_view(signed_in, stand, "/?source=hostile")
    shown_counts(signed_in)
    main = signed_in.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth") <= 390
    cut = "values => values.filter(v => v.scrollWidth > v.clientWidth).map(v => v.innerText)"
    assert signed_in.locator(".sf-tile .value").evaluate_all(cut) == []


def test_sign_out_leads_to_the_sign_in_page(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/")
    shown_counts(signed_in)
    signed_in.get_by_role("button", name="Sign out").click()
    expect(signed_in).to_have_url(f"{stand.server.url}/login")
    signed_in.goto(stand.server.url)
    expect(signed_in.get_by_label("Password")).to_be_visible()
