"""The page as a script, run for a viewer who is signed in."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from dashboard.collector import Collector
from dashboard.settings import settings_with_password
from metrics_core import Snapshot
from tests.builders import Row, row, sqlite_source

PAGE = Path(runtime.__file__).with_name("page.py")


COLUMNS = "id, status, created_at, started_at, finished_at, error, queue"


SETTINGS = """
[sources.{name}]
url = "sqlite:///{database}"
sql = "SELECT {columns} FROM tasks"
dimensions = ["queue"]
{more}
"""


OpenPage = Callable[..., AppTest]

PASSWORD = "quiet-otter-lantern-42"
QUICK = 0.001
"""So that each run of the page is a new tick."""


@pytest.fixture(autouse=True)
def runtime_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime._Process, "runtime", None)


@pytest.fixture
def open_page(tmp_path: Path) -> OpenPage:
    """Runs the page for a viewer who is signed in, on the sources of a settings text."""

    def opened(
        settings: str, *, name: str = "", archive: Path | None = None, **params: str
    ) -> AppTest:
        config = tmp_path / "stillframe.toml"
        config.write_text(settings, encoding="utf-8")
        held = runtime.start(
            replace(
                settings_with_password(PASSWORD, config=config),
                tick_seconds=QUICK,
                archive=archive,
            )
        )
        session, token = held.sessions.begin(name, now=time.time())
        assert held.sessions.session_of(token, now=time.time()) == session
        page = AppTest.from_file(PAGE, default_timeout=20)
        page.user = {"session_id": session.id, "name": quote(name)}
        for key, value in params.items():
            page.query_params[key] = value
        return page.run()

    return opened


def settings_of(tmp_path: Path, *rows: Row, name: str = "tasks", more: str = "") -> str:
    sqlite_source(tmp_path, rows, columns=COLUMNS)
    return SETTINGS.format(name=name, database=tmp_path / "tasks.db", columns=COLUMNS, more=more)


def recent(name: str, status: str, *, ago: float, **values: object) -> dict[str, object]:
    """A task whose every time was so many seconds ago."""
    then = datetime.now(UTC) - timedelta(seconds=ago)
    ended = then if status in ("completed", "failed", "cancelled") else None
    times = {"created_at": then, "started_at": then, "finished_at": ended}
    return {**row(name, status), **times, **values}


def text_of(page: AppTest) -> str:
    """All that the page says through our own elements."""
    return unescape("\n".join(element.proto.body for element in page.get("html")))


def drawn(page: AppTest) -> Snapshot:
    """The snapshot that the page shows and offers for download."""
    (request_id,) = re.findall(r'href="snapshots/([^"]+)" download', text_of(page))
    snapshot = runtime.recall(request_id)
    assert snapshot is not None
    return snapshot


def tiles_of(page: AppTest) -> dict[str, str]:
    """The value of each tile by its lower-case name."""
    found = re.findall(r'class="sf-tile (\w+)".*?class="value"[^>]*>(.*?)<', text_of(page))
    return dict(found)


def press(page: AppTest, key: str) -> AppTest:
    page.button(key).click().run()
    return page


class Reads(list[tuple[object, ...]]):
    """The questions that the collector was asked to read for."""


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """What goes through `Collector.read`, which still reads."""
    found, read = Reads(), Collector.read

    def told(
        self: Collector, source: str, question: tuple[object, ...], *rest: Any, **more: Any
    ) -> Any:
        found.append(question)
        return read(self, source, question, *rest, **more)

    monkeypatch.setattr(Collector, "read", told)
    return found
