"""The tour, 9: the page where there is little, nothing, too much, or no database."""

import re

from playwright.sync_api import expect

from dashboard import wording
from tests.browser.tour.accessibility import grave_faults
from tests.browser.tour.conftest import SLOW, Tour
from tests.browser.tour.odd_queues import EMOJI, LONG_CODE, RIGHT_TO_LEFT, VALUES

WIDER = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
FAR_RIGHT = "all => all.filter(e => e.getBoundingClientRect().right > {}).map(e => e.className)"


def test_an_empty_table(tour: Tour) -> None:
    tour.open("/?source=empty")
    expect(tour.page.locator(".sf-notice")).to_have_text("No tasks in this window.")
    assert [tour.value(name) for name in ("created", "failed", "queued")] == ["0", "0", "0"]
    expect(tour.tile("failed")).to_contain_text("none completed or failed")
    expect(tour.page.get_by_text("No tasks to break down.")).to_be_visible()
    assert grave_faults(tour.page) == []


def test_a_database_that_was_never_there(tour: Tour) -> None:
    tour.page.goto(f"{tour.stand.server.url}/?source=gone")
    alert = tour.page.get_by_role("alert")
    expect(alert).to_contain_text("No figures now: source gone: there is no SQLite file")
    expect(alert).to_contain_text("Stillframe asks again every 30 s.")
    expect(tour.page.locator(".sf-badge")).to_have_text("✕UNAVAILABLE")
    expect(tour.page.locator(".sf-tile")).to_have_count(0)
    assert grave_faults(tour.page) == []


def test_a_database_that_goes_away_leaves_its_last_figures_marked(tour: Tour) -> None:
    tour.open("/?source=away&every=2")
    completed = int(tour.value("completed"))
    database = tour.stand.folder / "away.db"
    aside = database.rename(database.with_suffix(".aside"))
    try:
        alert = tour.page.get_by_role("alert")
        expect(alert).to_contain_text("STALE since", timeout=SLOW)
        expect(alert).to_contain_text("These are the last figures, of")
        expect(tour.page.locator(".sf-badge:visible")).to_contain_text("STALE since")
        assert abs(int(tour.value("completed")) - completed) <= 2
        assert grave_faults(tour.page) == []
    finally:
        aside.rename(database)
    expect(tour.page.locator(".sf-badge:visible")).to_have_text("●LIVE", timeout=SLOW)


def test_what_cannot_be_measured_says_why(tour: Tour) -> None:
    tour.open("/?source=bare")
    expect(tour.tile("created").locator(".value")).to_have_text("–")
    why = "not measurable. The source has no created_at."
    expect(tour.tile("created")).to_contain_text(why)
    expect(tour.page.get_by_text("7 figures not measurable")).to_be_visible()
    none = "Not measurable: this source gives no error text and no error code."
    expect(tour.page.get_by_text(none)).to_be_visible()
    expect(tour.page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    assert grave_faults(tour.page) == []


def test_findings_about_the_rows_are_a_line_that_opens(tour: Tour) -> None:
    tour.open("/?source=messy")
    line = tour.page.locator(".st-key-quality summary")
    expect(line).to_contain_text("6 findings about the rows")
    line.click()
    first = tour.page.locator(".st-key-quality li").first
    expect(first).to_contain_text("'on hold', which this source does not map: 7.")
    expect(first.locator("code")).to_have_text([f"odd-{n}" for n in range(5)])
    assert grave_faults(tour.page) == []


def test_hard_words_and_many_values_stay_in_their_places(tour: Tour) -> None:
    tour.open("/?source=many")
    codes = tour.page.locator(".sf-error .code")
    expect(codes).to_have_count(4)
    texts = [text.partition(". ")[2] for text in codes.all_inner_texts()]
    assert sorted(texts) == sorted(
        [LONG_CODE[:200], RIGHT_TO_LEFT.replace("30", "<num>"), EMOJI, "QUOTA_EXCEEDED"]
    )
    assert tour.page.locator(".sf-error > *").evaluate_all(FAR_RIGHT.format(1280)) == []
    grid = tour.page.locator("[class*=st-key-by-queue] table[role=grid]")
    expect(grid).to_have_attribute("aria-rowcount", str(VALUES + 1))
    assert grave_faults(tour.page) == []


def test_very_large_numbers_are_short_and_not_cut(tour: Tour) -> None:
    tour.open("/?source=busy&every=off")
    document = tour.downloaded()
    assert (document.tasks.completed or 0) > 80_000
    assert tour.value("completed") == f"{document.tasks.completed:,}"
    assert re.fullmatch(r"\$1[23]\dM", tour.value("cost"))
    age = document.backlog.queued.oldest_age_ms
    assert age is not None
    expect(tour.tile("queued")).to_contain_text(f"oldest {wording.duration(age)}")
    assert tour.page.locator(".sf-tile .value").evaluate_all(WIDER) == []


def test_a_wrong_address_leads_on_and_a_sign_out_elsewhere_ends_the_page(tour: Tour) -> None:
    page, url = tour.page, tour.stand.server.url
    page.goto(f"{url}/?source=empty&minutes=0")
    expect(page.get_by_role("alert")).to_contain_text("minutes must be a whole number from 1")
    assert grave_faults(page) == []
    page.get_by_role("link", name="empty, the last 1 h").click()
    tour.settle()
    assert page.context.request.post(f"{url}/logout", headers={"Origin": url}).ok
    expect(page).to_have_url(re.compile("/login"), timeout=SLOW)
    assert grave_faults(page) == []
    # Streamlit says on the console that we hung up on it, as we did.
    assert all("WebSocket" in complaint for complaint in tour.complaints)
    tour.complaints.clear()
