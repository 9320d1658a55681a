"""Schemathesis against a Stillframe that is really served, on tables of a real PostgreSQL.

What was answered is counted in the server's own log, not by who asks.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg

from metrics_core.window import epoch_us
from tests import agent_events
from tests.campaigns.addresses import ManyAddresses
from tests.campaigns.served import SECRET, served
from tests.video_tasks import make_video_tasks

CONFIG = '''
[sources.video_tasks]
url = "{url}"
preset = "video_tasks"
default = true

[sources.agent_events]
url = "{url}"
preset = "agent_events"

[sources.video_users]
url = "{url}"
sql = """
SELECT id, status, created_at, processing_at AS started_at, error_message AS error,
  coalesce(completed_at, failed_at, cancelled_at) AS finished_at, user_id, progress
FROM video_tasks
"""
dimensions = ["user_id", "progress"]
'''
ACCESS = re.compile(r"^\[ACCESS\] .* status=(\d+) ", re.MULTILINE)
OPTIONS = (
    *("--header", f"X-Admin-Secret: {SECRET}"),
    *("--header", "Connection: close"),  # the next request comes from another address
    *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
    # Beside the right secret a made-up one is a wrong one; ignored_auth tries those by itself.
    *("--generation-with-security-parameters", "false"),
    *("--generation-database", "none", "--continue-on-failure", "--no-color"),
)


@dataclass(frozen=True, kw_only=True)
class Fuzzed:
    """What schemathesis printed, and how often the server answered with which status."""

    passed: bool
    printed: str
    statuses: Counter[int]

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A served Stillframe and its log."""

    url: str
    log: Path

    def fuzzed(self, *, examples: int, seed: int) -> Fuzzed:
        """All checks but positive_data_acceptance; up to so many examples an operation.

        That one cannot hold: a time of the future, say, is well formed and refused.
        """
        before = len(self.log.read_text())
        place = (self._described(), "--url", self.url)
        bounds = ("--max-examples", str(examples), "--seed", str(seed))
        run = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", *place, *OPTIONS, *bounds],
            cwd=self.log.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        statuses = Counter(map(int, ACCESS.findall(self.log.read_text()[before:])))
        return Fuzzed(
            passed=run.returncode == 0, printed=run.stdout + run.stderr, statuses=statuses
        )

    def _described(self) -> str:
        """The path of what the API says of itself: of an address it would leave out that one."""
        request = Request(f"{self.url}/openapi.json", headers={"X-Admin-Secret": SECRET})
        with urlopen(request) as answer:
            file = self.log.with_name("openapi.json")
            file.write_bytes(answer.read())
        return str(file)


@contextmanager
def target(folder: Path, url: str) -> Iterator[Target]:
    """Serves 2,000 tasks and 5,000 events of runs from an empty database until the block ends."""
    with psycopg.connect(url, autocommit=True) as connection:
        make_video_tasks(connection, rows=2_000)
    began = datetime.now(UTC) - timedelta(days=agent_events.DAYS)
    agent_events.load(url, agent_events.seeded_events(1, 5_000, epoch_us(began)))
    config, log = folder / "stillframe.toml", folder / "served.log"
    config.write_text(CONFIG.format(url=url), encoding="utf-8")
    with served(config, log) as server, closing(ManyAddresses(server.port)) as addresses:
        yield Target(url=f"http://127.0.0.1:{addresses.port}", log=log)
