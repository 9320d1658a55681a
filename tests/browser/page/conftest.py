"""A server of several sources, and a viewer who is signed in there."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from metrics_core import Snapshot, Window, load_sources, take_snapshot
from tests.browser.conftest import Server, StartServer, sign_in

SLOW = 20_000
REFRESHES = 5
QUICK_TICK = {"STILLFRAME_TICK_SECONDS": "0.2"}


SIX = ("Created", "Completed", "Failed", "Cancelled", "Queued", "Processing")


COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "error", "engine")


HOSTILE = (
    ":red[bold] **b** $x^2$ [link](http://evil.example/) :smile: `c` -> www.evil.example",
    "<img src=x onerror=alert(1)><script>alert(2)</script><b>bold</b>",
)


TASK_ID = "**<i>id</i>** :blue[x]"


Row = tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A server of several sources, and the folder that its settings and databases are in."""

    server: Server
    folder: Path

    def take(
        self, source: str, to: datetime, minutes: int, *, scope: dict[str, str] | None = None
    ) -> Snapshot:
        """What `stillframe snapshot SOURCE --to TO --minutes MINUTES` prints."""
        sources = load_sources(self.folder / "stillframe.toml")
        return take_snapshot(sources[source], Window.ending(to, minutes=minutes), scope)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory, start_server: StartServer) -> Stand:
    folder = tmp_path_factory.mktemp("page")
    _write(folder / "tasks.db", _ordinary_rows())
    _write(folder / "hostile.db", _hostile_rows())
    _write(folder / "empty.db", [])
    _write(folder / "away.db", _ordinary_rows())
    config = "".join(_source(folder, name) for name in ("tasks", "hostile", "empty", "away"))
    (folder / "stillframe.toml").write_text(config, encoding="utf-8")
    return Stand(server=start_server(config=config, env=QUICK_TICK), folder=folder)


def _source(folder: Path, name: str) -> str:
    return f'''
        [sources.{name}]
        default = {str(name == "tasks").lower()}
        url = "sqlite:///{folder / name}.db"
        sql = """SELECT {", ".join(COLUMNS)} FROM tasks"""
        dimensions = ["engine"]
    '''


def _write(database: Path, rows: list[Row]) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE tasks ({', '.join(f'{name} TEXT' for name in COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO tasks VALUES ({marks})", rows)
    connection.close()


def _ordinary_rows() -> list[Row]:
    """Two a minute over three hours, so that no two windows have the same counts."""
    statuses = (
        "completed",
        "failed",
        "completed",
        "cancelled",
        "completed",
        "queued",
        "processing",
    )
    return [
        _row(i, statuses[i % 7], ago=30 * i + 90, error="SomeError: no luck") for i in range(360)
    ]


def _hostile_rows() -> list[Row]:
    rows = [_row(i, "failed", ago=60 * i + 90, error=HOSTILE[i % 2]) for i in range(8)]
    return [*rows, (TASK_ID, "queued", _ago(600), None, None, None, HOSTILE[0])]


def _row(number: int, status: str, *, ago: float, error: str) -> Row:
    ended = _ago(ago - 20) if status in {"completed", "failed", "cancelled"} else None
    started = None if status == "queued" else _ago(ago - 5)
    text = error if status == "failed" else None
    return (f"t-{number:03}", status, _ago(ago), started, ended, text, f"engine-{number % 3}")


def _ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


@pytest.fixture
def signed_in(stand: Stand, page: Page) -> Page:
    sign_in(page, stand.server, name="Ada")
    return page


def open_view(page: Page, stand: Stand, address: str) -> None:
    page.goto(stand.server.url + address)


def shown_counts(page: Page) -> dict[str, int]:
    expect(page.get_by_text("Made by")).to_be_visible(timeout=SLOW)
    return {name: int(_tile_value(page, name).replace(",", "")) for name in SIX}


def refresh_until(page: Page, check: Callable[[], None]) -> None:
    """Let half a minute pass on the page's own clock, again and again, until the check holds.

    Once is not enough on a busy machine: while a refresh is under way no timer runs, and one within
    the same tick as the refresh before brings what that one brought. Needs `page.clock.install()`.
    """
    for left in reversed(range(REFRESHES)):
        page.clock.fast_forward("00:31")
        try:
            check()
        except AssertionError:
            if not left:
                raise
        else:
            break


def shown_request_id(page: Page) -> str:
    return page.locator(".st-key-header code").inner_text()


def _tile_value(page: Page, name: str) -> str:
    return page.locator(f".sf-tile.{name.lower()} .value").inner_text(timeout=SLOW)
