"""The API behind its front, as `dashboard.app` puts it together, on a small SQLite source."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import logs, runtime
from dashboard.api.routes import routes
from dashboard.front import front
from dashboard.settings import settings_with_password
from tests.builders import row, sqlite_source

PASSWORD = "quiet-otter-lantern-42"
SECRET = "correct-horse-battery-7"
RIGHT = {"X-Admin-Secret": SECRET}
CONFIG = """
[sources.tasks]
url = "{url}"
sql = \"\"\"{sql}\"\"\"
dimensions = ["queue"]
"""


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> runtime.Runtime:
    """A runtime with one source: a queued and a failed task in the hour before 11:00."""
    monkeypatch.setattr(runtime._Process, "runtime", None)
    rows = [
        {**row("a", "queued", created=3_000), "queue": "q1"},
        {**row("b", "failed", created=3_000, started=3_100, finished=3_200), "queue": "q2"},
    ]
    source = sqlite_source(
        tmp_path, rows, columns="id, status, created_at, started_at, finished_at, error, queue"
    )
    config = tmp_path / "stillframe.toml"
    config.write_text(CONFIG.format(url=source.url, sql=source.sql), encoding="utf-8")
    settings = settings_with_password(PASSWORD, config=config)
    return runtime.start(replace(settings, admin_secret=SECRET))


@pytest.fixture
def client(held: runtime.Runtime) -> Iterator[TestClient]:
    """A client without credentials."""
    app = Starlette(routes=routes(), middleware=front(held))
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What our loggers write."""
    stream = io.StringIO()
    kept = {
        name: (list(logging.getLogger(name).handlers), logging.getLogger(name).propagate)
        for name in ("stillframe", *logs.SERVER)
    }
    logs.configure("text", level=logging.INFO, stream=stream)
    yield stream
    for name, (handlers, propagate) in kept.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(logging.NOTSET)
