"""A crowd that asks for one live window at the same moment, and what the server saw of it."""

import re
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.collector import Collector
from metrics_core import Snapshot
from tests.campaigns.history import History, source
from tests.campaigns.server import running_server

LOGGING = {"log_statement": "all", "log_line_prefix": "entry by %a: "}
SCAN_LIMIT = 4_999_999
"""The source's max_rows: the scan, and nothing else, ends in a LIMIT of one more."""


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What became of the questions of all viewers at all ticks."""

    questions: int
    ticks: int
    wrong: int
    scans: int
    slowest_seconds: float


def crowd(viewers: int, ticks: int, tick_seconds: float) -> Crowd:
    """All viewers ask at once, shortly after each of so many ticks."""
    with running_server(**LOGGING) as server:
        history = History.around_now(3_600)
        history.load(server)
        asked = source(server.url, max_rows=SCAN_LIMIT)
        collector = Collector({asked.name: asked}, tick_seconds=tick_seconds)
        answers: list[tuple[Snapshot, float]] = []
        for _ in range(ticks):
            _wait_for_tick(tick_seconds)
            answers += _asked_at_once(collector, asked.name, viewers)
        entries = server.log.read_text().split("entry by ")
    return Crowd(
        questions=viewers * ticks,
        ticks=len({shown.window.to for shown, _ in answers}),
        wrong=sum(not history.is_true(shown) for shown, _ in answers)
        + (viewers * ticks - len(answers)),
        scans=sum(_is_scan(entry) for entry in entries),
        slowest_seconds=max(seconds for _, seconds in answers),
    )


def _is_scan(entry: str) -> bool:
    return bool(re.match(rf"stillframe: .*LIMIT {SCAN_LIMIT + 1}\b", entry, re.DOTALL))


def _wait_for_tick(tick_seconds: float) -> None:
    time.sleep(tick_seconds - datetime.now(UTC).timestamp() % tick_seconds + 0.02)


def _asked_at_once(collector: Collector, name: str, viewers: int) -> list[tuple[Snapshot, float]]:
    """Their answers, and how many seconds each of them took."""
    answers: list[tuple[Snapshot, float]] = []
    together = threading.Barrier(viewers)

    def ask() -> None:
        together.wait()
        began = time.monotonic()
        snapshot = collector.live(name, 60)
        answers.append((snapshot, time.monotonic() - began))

    threads = [threading.Thread(target=ask) for _ in range(viewers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
