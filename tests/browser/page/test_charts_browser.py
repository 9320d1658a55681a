"""What only a browser shows of the charts: marks, cells, gaps, tooltips, brush, table behind."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard import wording
from metrics_core import Snapshot
from tests.browser.page.conftest import SLOW, Stand, open_view, shown_counts

BRUSHED = re.compile(r"minutes=\d+&to=\d{4}-")


def chart(page: Page, title: str) -> Locator:
    found = page.locator(f"[data-testid=stVegaLiteChart][aria-label^='{title}']")
    expect(found.locator("svg")).to_be_visible(timeout=SLOW)
    found.scroll_into_view_if_needed()
    return found


def downloaded(page: Page) -> Snapshot:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this snapshot").click()
    return Snapshot.from_json(download.value.path().read_text(encoding="utf-8"))


@pytest.fixture
def paused(signed_in: Page, stand: Stand) -> Page:
    """The page of a past hour: it does not move while it is looked at."""
    open_view(signed_in, stand, "/?every=off")
    shown_counts(signed_in)
    return signed_in


def test_a_heat_map_has_a_cell_a_bucket_and_gaps_where_nothing_was_measured(paused: Page) -> None:
    snapshot = downloaded(paused)
    found = chart(paused, "Time to complete")
    cells = found.locator(".layer_1_marks path")
    buckets = [len(part.time_to_complete_ms.buckets) for part in snapshot.series]
    assert 0 in buckets
    expect(cells).to_have_count(sum(buckets))


def test_a_cell_tells_its_tasks_and_its_bin_tells_n(paused: Page) -> None:
    found = chart(paused, "Time to complete")
    found.locator(".layer_1_marks path").first.hover(force=True)
    tooltip = paused.locator("#vg-tooltip-element")
    expect(tooltip).to_be_visible()
    words = " ".join(tooltip.inner_text().split())
    assert re.search(r" took 10 s to 20 s tasks \d+ n of the bin \d+ p50 ", words), words


def test_a_bin_tells_its_percentiles_in_words(paused: Page) -> None:
    snapshot = downloaded(paused)
    index, part = next(
        (i, p) for i, p in enumerate(snapshot.series) if p.time_to_complete_ms.samples
    )
    columns = chart(paused, "Time to complete").locator("[class*=view_][class*=_marks] path")
    column = columns.nth(index)
    box = column.bounding_box()
    assert box is not None
    paused.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3)
    words = " ".join(paused.locator("#vg-tooltip-element").inner_text().split())
    told = part.time_to_complete_ms
    figures = (f"{q} {wording.duration(getattr(told, q))}" for q in ("p50", "p95", "p99"))
    assert words.endswith(f"n of the bin {told.samples} {' '.join(figures)}"), words


def test_a_brushed_stretch_becomes_the_window_and_back_leads_back(paused: Page) -> None:
    box = chart(paused, "Tasks ended").locator(".layer_0_marks").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    paused.mouse.move(box["x"] + box["width"] * 0.4, middle)
    paused.mouse.down()
    paused.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=8)
    paused.mouse.up()
    expect(paused).to_have_url(BRUSHED, timeout=SLOW)
    found = re.search(r"minutes=(\d+)", paused.url)
    assert found is not None
    assert 10 <= int(found[1]) <= 14
    paused.go_back()
    expect(paused).not_to_have_url(BRUSHED)


def test_the_table_behind_a_chart_opens_and_stays_open(paused: Page) -> None:
    first = paused.get_by_test_id("stExpander").filter(has_text="Show data").first
    first.locator("summary").click()
    table = first.get_by_role("region", name="Tasks ended: the figures of each bin")
    expect(table).to_be_visible(timeout=SLOW)
