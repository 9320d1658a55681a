"""The demo as `stillframe demo` serves it, odd queues beside it, and a watched browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from dashboard.demo import DemoWriter, make_demo
from metrics_core import Snapshot, Source, Window, load_sources, take_snapshot
from tests.browser.conftest import PASSWORD, Server, servers
from tests.browser.tour.odd_queues import make_odd_queues

SEED = 1
SLOW = 20_000
# Of quicker ones a machine that is busy with tests misses some, and says STALE as it should.
TICK = {"STILLFRAME_TICK_SECONDS": "2"}


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A running server, its settings and databases, and the instant at which these were made."""

    server: Server
    folder: Path
    made_at: datetime
    sources: dict[str, Source]

    def take(
        self, to: datetime, minutes: int, *, source: str = "video_tasks", **scope: str
    ) -> Snapshot:
        """What `stillframe snapshot` says of the same window."""
        return take_snapshot(self.sources[source], Window.ending(to, minutes=minutes), scope)


@dataclass(frozen=True, kw_only=True)
class Tour:
    """A viewer's page, and all that went wrong or strayed outside while it was looked at."""

    page: Page
    stand: Stand
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, address: str = "/") -> None:
        """Go there and wait until the figures and every chart stand."""
        self.page.goto(self.stand.server.url + address)
        self.settle()

    def settle(self) -> None:
        """Until nothing on the page is waited for any more."""
        expect(self.page.get_by_text("Made by")).to_be_visible(timeout=SLOW)
        self.page.wait_for_function(SETTLED, timeout=SLOW)

    def tile(self, name: str) -> Locator:
        return self.page.locator(f".sf-tiles:not(.sf-runs) .sf-tile.{name}")

    def value(self, name: str) -> str:
        return self.tile(name).locator(".value").inner_text()

    def chart(self, title: str) -> Locator:
        return self.page.locator(f"[data-testid=stVegaLiteChart][aria-label^='{title}']")

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", name=text)

    def choose(self, control: str, option: str) -> None:
        """Two clicks in one box: it opens, and an option of it is taken."""
        self.page.get_by_role("combobox", name=control).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def brush(self, title: str, start: float, end: float) -> None:
        """Draw over a stretch of a chart, from a share of its width to another."""
        columns = self.chart(title).locator("[class*=view_][class*=_marks] path")
        self.chart(title).scroll_into_view_if_needed()
        first, last = (columns.nth(n).bounding_box() for n in (0, columns.count() - 1))
        assert first is not None
        assert last is not None
        width, middle = last["x"] + last["width"] - first["x"], first["y"] + first["height"] / 2
        self.page.mouse.move(first["x"] + width * start, middle)
        self.page.mouse.down()
        self.page.mouse.move(first["x"] + width * end, middle, steps=8)
        self.page.mouse.up()

    def pick_row(self, dimension: str, row: int) -> None:
        """Press the mark of a row, the first being 1, in the table of a dimension."""
        table = self.page.locator(f"[class*=st-key-by-{dimension}]").get_by_test_id("stDataFrame")
        table.scroll_into_view_if_needed()
        # The grid is a canvas: rows of 35 pixels under a header of as many.
        table.locator(".dvn-scroller").click(position={"x": 15, "y": 17 + 35 * row})

    def downloaded(self) -> Snapshot:
        """The document behind the page's download link."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="Download this snapshot").click()
        return Snapshot.from_json(download.value.path().read_text(encoding="utf-8"))


SETTLED = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    return app?.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
        && charts.every(chart => chart.querySelector('svg, canvas'));
}"""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The demo, whose queue lives on while it is looked at, and the odd queues beside it."""
    folder, now = tmp_path_factory.mktemp("demo"), datetime.now(UTC)
    settings = make_demo(folder, seed=SEED, now=now)
    with settings.open("a", encoding="utf-8") as more:
        more.write(make_odd_queues(folder, now=now))
    with servers(lambda: tmp_path_factory.mktemp("server")) as start, DemoWriter(folder):
        server = start(config=settings.read_text(encoding="utf-8"), env=TICK)
        sources = load_sources(settings)
        yield Stand(server=server, folder=folder, made_at=now, sources=sources)


@pytest.fixture(scope="session")
def viewer(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """The browser of one viewer: what one of his pages has loaded, the next one has."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@contextmanager
def watched(context: BrowserContext, stand: Stand) -> Iterator[Tour]:
    """A tour; at its end no error stood on the console and nobody outside was asked."""
    tour = begun(context, stand)
    yield tour
    tour.page.close()
    assert tour.complaints == []
    assert tour.hosts - {""} == {urlsplit(stand.server.url).netloc}


def begun(context: BrowserContext, stand: Stand) -> Tour:
    """A new tour of a viewer who has just signed in."""
    form: dict[str, str | float | bool] = {"password": PASSWORD, "name": "Ada", "next": "/"}
    answer = context.request.post(f"{stand.server.url}/login", form=form, max_redirects=0)
    assert answer.status == 303
    tour = Tour(page=context.new_page(), stand=stand)

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            tour.complaints.append(message.text)

    tour.page.on("request", lambda request: tour.hosts.add(urlsplit(request.url).netloc))
    tour.page.on("websocket", lambda stream: tour.hosts.add(urlsplit(stream.url).netloc))
    tour.page.on("console", note)
    tour.page.on("pageerror", lambda error: tour.complaints.append(str(error)))
    return tour


@pytest.fixture
def tour(demo: Stand, viewer: BrowserContext) -> Iterator[Tour]:
    """A page of its own."""
    with watched(viewer, demo) as tour:
        yield tour


@pytest.fixture(scope="session")
def still(demo: Stand, viewer: BrowserContext) -> Iterator[Tour]:
    """One page of the demo's last hour that stands still, for all tests that only look at it."""
    with watched(viewer, demo) as tour:
        tour.open("/?source=video_tasks&every=off")
        yield tour
