"""What a browser sees of a page: when all of its charts are drawn, and what moves meanwhile."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS

CHARTS = 4
WATCH_SHIFTS = """
window.shifts = 0;
new PerformanceObserver(seen => {
  for (const entry of seen.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""
DRAWN = """
charts => {
  const drawn = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    .filter(chart => chart.querySelector('canvas, svg.marks'));
  return drawn.length >= charts && performance.now();
}
"""
REFRESHED = "before => document.querySelector('.sf-times')?.innerText !== before"


@contextmanager
def browser_context() -> Iterator[BrowserContext]:
    """A Chromium of its own, in English and UTC."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        context = chromium.new_context(locale="en-US", timezone_id="UTC")
        context.add_init_script(WATCH_SHIFTS)
        try:
            yield context
        finally:
            chromium.close()


def drawn_after_ms(page: Page, address: str) -> float:
    """Milliseconds from the navigation until every chart is drawn."""
    page.goto(address, wait_until="commit")
    return float(page.wait_for_function(DRAWN, arg=CHARTS, timeout=60_000).json_value())


def shifts(page: Page) -> float:
    """How far things have moved by themselves since the page was opened: the sum of scores."""
    return float(page.evaluate("window.shifts"))


def wait_for_refresh(page: Page) -> None:
    """Until the page says that it was refreshed at another time than before."""
    before = page.locator(".sf-times").inner_text()
    page.wait_for_function(REFRESHED, arg=before, timeout=30_000)
