"""The report in Chromium: without scripts and network it is whole, on the screen and on paper."""

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dashboard.report import Incident, report_html
from tests.exhibits import burning, calm, hostile

Make = Callable[[Path], Incident]
CHART = re.compile(r'(<svg [^>]*)(role="img".*?)(</svg>)', re.DOTALL)
OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)^endobj", re.MULTILINE | re.DOTALL)
FILL = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) rg")
TOP, BOTTOM = 8, 7
"""The green of the marks at a chart's ends; their red is the chart's number, their blue 3."""


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script and reaches no network."""
    context = browser.new_context(
        java_script_enabled=False, offline=True, viewport={"width": 900, "height": 1200}
    )
    yield context.new_page()
    context.close()


def one(folder: Path) -> Incident:
    return Incident.of(burning(folder))


def two(folder: Path) -> Incident:
    return Incident.of(calm(folder), burning(folder))


def nasty(folder: Path) -> Incident:
    return Incident.of(hostile(folder))


@pytest.mark.parametrize(("make", "charts"), [(one, 4), (two, 8), (nasty, 4)])
def test_a_report_requests_nothing_and_fits(
    offline: Page, tmp_path: Path, make: Make, charts: int
) -> None:
    seen: list[str] = []
    offline.on("request", lambda request: seen.append(request.url))
    offline.on("console", lambda message: seen.append(message.text))
    opened(offline, report_html(make(tmp_path)), tmp_path)
    assert seen == [offline.url]
    drawn = [chart.bounding_box() for chart in offline.locator("figure svg").all()]
    assert len(drawn) == charts
    assert all(box and box["width"] > 300 and box["height"] > 150 for box in drawn)
    wide = offline.locator("table, figure svg, pre, p").all()
    boxes = [box for each in wide if (box := each.bounding_box())]
    assert all(0 <= box["x"] <= box["x"] + box["width"] <= 900 for box in boxes)


@pytest.mark.parametrize(("make", "charts"), [(one, 4), (two, 8)])
def test_no_chart_is_cut_on_paper(offline: Page, tmp_path: Path, make: Make, charts: int) -> None:
    opened(offline, with_marks(report_html(make(tmp_path))), tmp_path)
    pages = pages_of_marks(offline.pdf(prefer_css_page_size=True))
    assert len(pages) == 2 * charts
    for number in range(1, charts + 1):
        assert len(pages[number, TOP]) == 1
        assert pages[number, TOP] == pages[number, BOTTOM]


def test_a_chart_that_is_cut_would_be_found(offline: Page, tmp_path: Path) -> None:
    taller_than_a_page = ".charts svg { height: 400mm !important; }</style>"
    html = with_marks(report_html(one(tmp_path))).replace("</style>", taller_than_a_page)
    opened(offline, html, tmp_path)
    pages = pages_of_marks(offline.pdf(prefer_css_page_size=True))
    assert all(pages[number, TOP] != pages[number, BOTTOM] for number in range(1, 5))


def test_paper_is_a4(offline: Page, tmp_path: Path) -> None:
    opened(offline, report_html(one(tmp_path)), tmp_path)
    boxes = {*re.findall(rb"/MediaBox \[0 0 (\S+) (\S+)\]", offline.pdf(prefer_css_page_size=True))}
    ((width, height),) = boxes
    assert float(width) == pytest.approx(595, abs=1)
    assert float(height) == pytest.approx(842, abs=1)


def opened(page: Page, html: str, folder: Path) -> None:
    file = folder / "incident.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri())


def with_marks(html: str) -> str:
    """The report with a mark of its own colour at the top and at the bottom of each chart."""
    numbers = iter(range(1, 100))

    def marked(chart: re.Match[str]) -> str:
        number = next(numbers)
        marks = (
            f'<rect x="0" y="{y}" width="3" height="2" fill="rgb({number} {green} 3)"></rect>'
            for y, green in ((0, TOP), (188, BOTTOM))
        )
        return f'{chart[1]}preserveAspectRatio="none" {chart[2]}{"".join(marks)}{chart[3]}'

    return CHART.sub(marked, html)


def pages_of_marks(pdf: bytes) -> dict[tuple[int, int], set[bytes]]:
    """By a mark's chart and end the pages of Chromium's PDF on which it is painted."""
    objects = dict(OBJECT.findall(pdf))
    found: dict[tuple[int, int], set[bytes]] = {}
    for number, body in objects.items():
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        if b"/Type /Page\n" in body and contents:
            for fill in FILL.findall(painted(objects[contents[1]])):
                red, green, blue = (round(float(part) * 255) for part in fill)
                if green in (TOP, BOTTOM) and blue == 3:
                    found.setdefault((red, green), set()).add(number)
    return found


def painted(stream: bytes) -> bytes:
    """What a content stream paints."""
    data = stream[stream.index(b"stream\n") + len(b"stream\n") :]
    return zlib.decompressobj().decompress(data) if b"/FlateDecode" in stream else data
