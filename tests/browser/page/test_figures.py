"""The page's figures are the document's, and its refresh leaves the reader where he is."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from metrics_core import Snapshot
from tests.browser.conftest import complaints_of, hosts_asked, sign_in
from tests.browser.page.conftest import (
    SIX,
    SLOW,
    Stand,
    open_view,
    refresh_until,
    shown_counts,
    shown_request_id,
)

# How long the page is and how far it is scrolled, once that has been the same for half a second.
AT_REST = """main => new Promise(resolve => {
    let seen = "", since = performance.now();
    const look = () => {
        const now = {length: main.scrollHeight, scrolled: main.scrollTop};
        if (JSON.stringify(now) !== seen) { seen = JSON.stringify(now); since = performance.now(); }
        else if (performance.now() - since > 500) { resolve(now); return; }
        requestAnimationFrame(look);
    };
    look();
})"""


def counts_of(document: dict[str, Any]) -> dict[str, int]:
    return {name: document["tasks"][name.lower()] for name in SIX}


def downloaded(page: Page) -> tuple[str, str]:
    """Name and text of the file behind the page's download link."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this snapshot").click()
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def test_the_six_counts_are_the_documents_and_the_commands(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/")
    shown = shown_counts(signed_in)
    _, text = downloaded(signed_in)
    document = json.loads(text)
    assert shown == counts_of(document)
    assert shown["Completed"] > 30
    to = datetime.fromisoformat(document["window"]["to"])
    again = stand.take("tasks", to, 60)
    assert again.digest.content == document["digest"]["content"]
    assert shown == {name: getattr(again.tasks, name.lower()) for name in SIX}


def test_the_download_is_exactly_what_is_on_the_page(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/?minutes=30")
    shown_counts(signed_in)
    request_id = shown_request_id(signed_in)
    name, text = downloaded(signed_in)
    snapshot = Snapshot.from_json(text)
    to = snapshot.window.to.strftime("%Y%m%dT%H%M%SZ")
    assert name == f"tasks_{to}_{request_id}.json"
    assert snapshot.request_id == request_id
    assert snapshot.to_json() == text
    viewer = snapshot.provenance.taken_by
    assert viewer is not None
    assert (viewer.name, viewer.self_declared) == ("Ada", True)
    expect(signed_in).to_have_url(stand.server.url + "/?minutes=30")


def test_a_refresh_brings_new_figures_and_leaves_the_reader_where_he_is(
    signed_in: Page, stand: Stand
) -> None:
    signed_in.clock.install()
    open_view(signed_in, stand, "/")
    shown_counts(signed_in)
    first = shown_request_id(signed_in)
    codes = signed_in.get_by_test_id("stExpander").filter(has_text="All error codes")
    codes.locator("summary").click()
    table = codes.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    main = signed_in.get_by_test_id("stMain")
    before = main.evaluate(AT_REST)
    shown_id = signed_in.locator(".st-key-header code")
    refresh_until(signed_in, lambda: expect(shown_id).not_to_have_text(first))
    expect(table).to_be_visible()
    assert main.evaluate(AT_REST) == before
    assert before["scrolled"] > 0


def test_nothing_outside_is_asked_for_and_nothing_goes_wrong(
    stand: Stand, page: Page, context: BrowserContext
) -> None:
    hosts, errors = hosts_asked(page, context), complaints_of(page)
    sign_in(page, stand.server)
    for source in ("tasks", "hostile", "empty"):
        open_view(page, stand, f"/?source={source}&minutes=180")
        shown_counts(page)
        expect(page.locator("[data-testid=stVegaLiteChart] svg").nth(1)).to_be_visible(timeout=SLOW)
    assert hosts - {""} == {urlsplit(stand.server.url).netloc}
    assert errors == []


def test_the_charts_draw_what_the_snapshot_holds(signed_in: Page, stand: Stand) -> None:
    open_view(signed_in, stand, "/")
    shown = shown_counts(signed_in)
    ended = signed_in.get_by_test_id("stVegaLiteChart").first
    summary = ", ".join(f"{shown[name]} {name.lower()}" for name in SIX[:4] if name != "Failed")
    expect(ended).to_have_attribute(
        "aria-label", re.compile(rf"{summary}, {shown['Failed']} failed")
    )
    expect(ended.locator("svg")).to_be_visible(timeout=SLOW)
    snapshot = Snapshot.from_json(downloaded(signed_in)[1])
    filled = "bars => bars.filter(bar => bar.getBBox().height > 0).length"
    for status, colour in (("completed", "#009E73"), ("failed", "#D55E00")):
        bars = ended.locator(f".layer_0_marks path[fill='{colour}']").evaluate_all(filled)
        assert bars == sum(getattr(part.tasks, status) > 0 for part in snapshot.series)
