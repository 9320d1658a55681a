"""Lists of single tasks in a real browser: opened, copied from, and never read while closed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.page.conftest import SLOW, TASK_ID, Stand, open_view, shown_counts

AT_REST = """() => !document.querySelector('[data-stale=true]')
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"""
SELECTED = "text => getSelection().toString() === text"
COPIED = "text => navigator.clipboard.readText().then(found => found === text)"


def open_list(page: Page, title: str) -> None:
    page.get_by_role("button", name=title).click()


def ids(page: Page) -> list[str]:
    return page.locator(".sf-tasks .id").all_inner_texts()


def test_a_list_is_opened_and_its_ids_are_copied(signed_in: Page, stand: Stand) -> None:
    signed_in.context.grant_permissions(["clipboard-read", "clipboard-write"])
    # What is drawn anew loses its selection: nothing may be, from the click to the copy.
    open_view(signed_in, stand, "/?every=off")
    shown_counts(signed_in)
    open_list(signed_in, "Recent failures")
    copy = signed_in.locator(".st-key-task-ids-failures").get_by_role("button")
    expect(copy).to_be_visible(timeout=SLOW)
    signed_in.wait_for_function(AT_REST, timeout=SLOW)
    listed = ids(signed_in)
    assert re.fullmatch(r"t-\d{3}", listed[0])
    signed_in.locator(".sf-tasks .id").first.click()
    signed_in.wait_for_function(SELECTED, arg=listed[0], timeout=SLOW)
    signed_in.keyboard.press("Control+C")
    signed_in.wait_for_function(COPIED, arg=listed[0], timeout=SLOW)
    copy.press("Enter")
    signed_in.wait_for_function(COPIED, arg="\n".join(listed), timeout=SLOW)


def test_the_oldest_of_a_list_is_the_tile_s(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?minutes=180&every=off")
    shown_counts(signed_in)
    for tile, title in (("queued", "Oldest queued"), ("processing", "Longest processing")):
        open_list(signed_in, title)
        panel = signed_in.locator(f".st-key-tasks-{tile}")
        expect(panel.locator(".sf-tasks li").first).to_be_visible(timeout=SLOW)
        entry, figure = panel.locator("li").first, signed_in.locator(f".sf-tile.{tile}")
        assert entry.locator(".id").inner_text() == figure.locator("code.id").inner_text()
        assert f"oldest {entry.locator('.number').inner_text()}" in figure.inner_text()


def test_a_closed_list_reads_nothing_and_an_open_one_stays_through_a_refresh(
    signed_in: Page, stand: Stand
) -> None:
    open_view(signed_in, stand, "/?every=2")
    shown_counts(signed_in)
    refreshed = signed_in.locator(".sf-times")
    before = refreshed.inner_text()
    expect(refreshed).not_to_have_text(before, timeout=SLOW)
    expect(signed_in.locator(".sf-tasks")).to_have_count(0)
    open_list(signed_in, "Oldest queued")
    status = signed_in.get_by_text(re.compile(r"Queued at the window's end: .* As of"))
    expect(status).to_be_visible(timeout=SLOW)
    listed = ids(signed_in)
    expect(status).to_contain_text("(the figures above are of ", timeout=SLOW)
    assert ids(signed_in) == listed
    open_list(signed_in, "Oldest queued")
    expect(signed_in.locator(".sf-tasks")).to_have_count(0)


def test_ids_and_messages_are_shown_as_text(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?source=hostile")
    shown_counts(signed_in)
    for title in ("Recent failures", "Oldest queued"):
        open_list(signed_in, title)
    messages = signed_in.locator(".sf-tasks .message")
    expect(messages).to_have_count(8, timeout=SLOW)
    assert "<script>alert(2)</script><b>bold</b>" in "".join(messages.all_inner_texts())
    expect(signed_in.locator(".sf-tasks .id").last).to_have_text(TASK_ID)
    assert signed_in.locator(".sf-tasks :is(script, img, a)").count() == 0


def test_a_list_fits_a_phone(signed_in: Page, stand: Stand) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    open_view(signed_in, stand, "/?source=hostile")
    shown_counts(signed_in)
    open_list(signed_in, "Recent failures")
    expect(signed_in.locator(".sf-tasks li").first).to_be_visible(timeout=SLOW)
    wide = "all => all.filter(e => e.getBoundingClientRect().right > 391).length"
    assert signed_in.locator(".sf-tasks *").evaluate_all(wide) == 0


def test_an_empty_table_is_told_when_the_last_task_is_asked_for(
    signed_in: Page, stand: Stand
) -> None:
    open_view(signed_in, stand, "/?source=empty")
    shown_counts(signed_in)
    signed_in.get_by_role("button", name="When was the last task?").click()
    expect(signed_in.get_by_text("empty has no task at all.")).to_be_visible(timeout=SLOW)


def test_a_quiet_window_leads_to_the_last_one_that_was_not(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?minutes=1")
    assert shown_counts(signed_in)["Completed"] == 0
    signed_in.get_by_role("button", name="When was the last task?").click()
    signed_in.get_by_role("link", name="Show the window that ends there").click(timeout=SLOW)
    expect(signed_in).to_have_url(re.compile(r"to="), timeout=SLOW)
    expect(signed_in.get_by_text("PAST as its rows are now")).to_be_visible(timeout=SLOW)
    assert sum(shown_counts(signed_in)[n] for n in ("Created", "Completed", "Failed")) > 0
