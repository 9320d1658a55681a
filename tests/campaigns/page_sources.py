"""What the pages of a benchmark look at: a settings file and the tables behind it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dashboard.demo import DemoWriter, make_demo
from tests.campaigns.history import SELECT, History
from tests.campaigns.server import running_server

WINDOW_ROWS = 100_000
SETTINGS = """
[sources.tasks]
url = "{url}"
sql = '''{sql}'''
dimensions = ["queue"]
"""


@contextmanager
def living_demo() -> Iterator[Path]:
    """The settings of a demo that lives on until the block ends."""
    with tempfile.TemporaryDirectory(prefix="stillframe-page-") as name:
        folder = Path(name) / "demo"
        config = make_demo(folder, seed=1, now=datetime.now(UTC))
        with DemoWriter(folder):
            yield config


@contextmanager
def busy_postgresql() -> Iterator[Path]:
    """The settings of a PostgreSQL with 100,000 tasks in each window of an hour."""
    with tempfile.TemporaryDirectory(prefix="stillframe-page-") as name, running_server() as server:
        History.around_now(WINDOW_ROWS, hours_ahead=1).load(server)
        config = Path(name) / "stillframe.toml"
        config.write_text(SETTINGS.format(url=server.url, sql=SELECT), encoding="utf-8")
        yield config
