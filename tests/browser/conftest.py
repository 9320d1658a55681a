"""A real server in a process of its own, and a real Chromium, for every test in this folder."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

PASSWORD = "quiet-otter-lantern-42"
ROOT = Path(__file__).resolve().parents[2]
STARTUP_SECONDS = 60
SERVE = (
    "from dashboard.serving import serve; "
    "from dashboard.settings import settings_from_environment; "
    "serve(settings_from_environment(), port=0)"
)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running Stillframe: where it is, its process, and the file that it logs to."""

    url: str
    process: subprocess.Popen[str]
    log: Path


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each server has its own address; pytest-base-url's own fixture warns under pytest 9.2."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on the PATH: apt-get install chromium")
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts servers on free loopback ports: `start_server(config=TOML, env={...})`.

    Without `config` the server reads a small SQLite table of tasks. All end with the module.
    """
    with servers(lambda: tmp_path_factory.mktemp("server")) as start:
        yield start


@contextmanager
def servers(new_folder: Callable[[], Path]) -> Iterator[StartServer]:
    """What starts servers, each in a folder of its own; all of them end with the context."""
    started: list[Server] = []

    def start(*, config: str | None = None, env: dict[str, str] | None = None) -> Server:
        folder = new_folder()
        (folder / "stillframe.toml").write_text(config or _small_config(folder), encoding="utf-8")
        started.append(_started(folder, env or {}))
        return started[-1]

    try:
        yield start
    finally:
        for server in started:
            server.process.terminate()
            server.process.communicate(timeout=20)


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    """The one server that the tests of a module share."""
    return start_server()


@pytest.fixture
def signed_in_page(server: Server, page: Page) -> Page:
    """A page of the shared server whose viewer has just signed in."""
    sign_in(page, server)
    expect_connected(page)
    return page


def expect_connected(page: Page) -> None:
    """Streamlit's page is there and its websocket is open: what happens next reaches it."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=20_000)


def sign_in(page: Page, server: Server, *, password: str = PASSWORD, name: str = "") -> None:
    """Fill in the form and send it; says nothing of whether it worked."""
    page.goto(f"{server.url}/login")
    page.get_by_label("Password").fill(password)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Sign in").click()


def _started(folder: Path, env: dict[str, str]) -> Server:
    log = folder / "server.log"
    inherited = {name: value for name, value in os.environ.items() if "STILLFRAME" not in name}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=folder,
            env=inherited | {"PYTHONPATH": _python_path(), "STILLFRAME_PASSWORD": PASSWORD} | env,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        return Server(url=_announced_url(process, log), process=process, log=log)
    except BaseException:
        process.kill()
        process.communicate()
        raise


def _python_path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


def _announced_url(process: subprocess.Popen[str], log: Path) -> str:
    """The address on the server's first line, which it prints once it answers."""
    assert process.stdout is not None
    overdue = Timer(STARTUP_SECONDS, process.kill)
    overdue.start()
    line = process.stdout.readline()
    overdue.cancel()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert address is not None, f"the server did not start: {line}{log.read_text()}"
    return address[0]


def _small_config(folder: Path) -> str:
    database = folder / "tasks.db"
    _write_tasks(database)
    return f'''
        [sources.tasks]
        url = "sqlite:///{database}"
        sql = """SELECT id, status, created_at, started_at, finished_at, error, engine FROM tasks"""
        dimensions = ["engine"]
    '''


def _write_tasks(database: Path) -> None:
    """Two hundred tasks of the last fifty minutes: most completed, some of every other status."""
    now = datetime.now(UTC).replace(microsecond=0)
    rows = [_task(number, now - timedelta(seconds=15 * number)) for number in range(1, 201)]
    with sqlite3.connect(database) as connection:
        connection.execute(
            "CREATE TABLE tasks (id TEXT, status TEXT, created_at TEXT, started_at TEXT,"
            " finished_at TEXT, error TEXT, engine TEXT)"
        )
        connection.executemany("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.close()


def _task(number: int, created: datetime) -> tuple[str | None, ...]:
    status = ("completed", "completed", "failed", "queued", "processing", "completed")[number % 6]
    started = created + timedelta(seconds=number % 7) if status != "queued" else None
    ended = created + timedelta(seconds=10) if status in {"completed", "failed"} else None
    error = f"TimeoutError: no answer after {number} s" if status == "failed" else None
    times = [instant.isoformat() if instant else None for instant in (created, started, ended)]
    return (f"task-{number:04}", status, *times, error, f"engine-{number % 3}")


def complaints_of(page: Page) -> list[str]:
    """What goes wrong in the browser from here on, by its console."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def hosts_asked(page: Page, context: BrowserContext) -> set[str]:
    """Which hosts the browser asks from here on, over HTTP and websockets."""
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda stream: hosts.add(urlsplit(stream.url).netloc))
    return hosts
