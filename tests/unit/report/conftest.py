"""The report as its reader's browser takes it: tags, texts, and tables by their caption."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard.report import Exhibit, Incident
from tests.exhibits import burning, calm

VOID = {"meta"}


class Reader(HTMLParser):
    """The tags and attributes of a page, its text, and the cells of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.tables: dict[str, list[list[str]]] = {}
        self.unclosed: list[str] = []
        self._rows: list[list[str]] = []
        self._caption = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.unclosed += [] if tag in VOID else [tag]
        if tag == "table":
            self._rows, self._caption = [], ""
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        self.text += data
        if "caption" in self.unclosed:
            self._caption += data
        elif {"td", "th"} & {*self.unclosed}:
            self._rows[-1][-1] += data


@pytest.fixture
def calm_hour(tmp_path: Path) -> Exhibit:
    return calm(tmp_path)


@pytest.fixture
def burning_hour(tmp_path: Path) -> Exhibit:
    return burning(tmp_path)


@pytest.fixture
def both(calm_hour: Exhibit, burning_hour: Exhibit) -> Incident:
    return Incident.of(calm_hour, burning_hour)


@pytest.fixture
def read() -> Callable[[str], Reader]:
    return Reader
