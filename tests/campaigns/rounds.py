"""One round of a fault: inject it, look on, mend it, and judge what was shown."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.collector import QUEUE_GRACE_SECONDS, Collector
from dashboard.shared_answer import STALE_AFTER_TICKS
from metrics_core import Source
from tests.campaigns.history import History, source
from tests.campaigns.kinds import Kind, Place
from tests.campaigns.proxy import Proxy
from tests.campaigns.server import running_server
from tests.campaigns.watch import ASK_EACH_SECONDS, Answer, Observer, Viewers, left_since

TICK_SECONDS = 0.5
DEADLINE_SECONDS = 1.0
PAUSE_SECONDS = 0.15
ROWS_AN_HOUR = 7_200
MINUTES = (60, 30)
LIVE_WITHIN_SECONDS = 10
GONE_AFTER_SECONDS = 2
STALE_WITHIN_SECONDS = STALE_AFTER_TICKS * TICK_SECONDS + ASK_EACH_SECONDS
"""Two ticks, and a viewer's own pace."""
OLDEST_LIVE_SECONDS = DEADLINE_SECONDS + QUEUE_GRACE_SECONDS + TICK_SECONDS
"""A scan that ends well is worth showing, though the next one is due."""
MOST_CONNECTIONS = 2


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one injected fault did."""

    wrong: int
    stale_after: float | None
    oldest_live: float
    live_after: float | None
    left: int
    connections: int
    longest_answer: float

    def complaints(self, kind: Kind, stale_within: float = STALE_WITHIN_SECONDS) -> list[str]:
        """What of the bars it did not hold; empty where it survived."""
        stale_in_time = self.stale_after is not None and self.stale_after <= stale_within
        broken = {
            f"{self.wrong} wrong": self.wrong > 0,
            f"STALE after {self.stale_after}": kind.lasting and not stale_in_time,
            f"LIVE though {self.oldest_live:.1f} s old": self.oldest_live > OLDEST_LIVE_SECONDS,
            "not LIVE again": self.live_after is None,
            f"{self.left} left": self.left > 0,
            f"{self.connections} connections": self.connections > MOST_CONNECTIONS,
        }
        return [complaint for complaint, is_so in broken.items() if is_so]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A server with its history, a proxy before it, and one collector for each way to it."""

    place: Place
    history: History
    sources: dict[bool, Source]
    collectors: dict[bool, Collector]

    def play(self, kind: Kind) -> Round:
        """One round of the fault."""
        name = self.sources[kind.through_proxy].name
        viewers = Viewers(self.collectors[kind.through_proxy], name, MINUTES)
        observer, began = Observer(self.place.server), datetime.now(UTC)
        with viewers.looking(), observer.watching():
            if viewers.wait_until_live(began, LIVE_WITHIN_SECONDS) is None:
                raise TimeoutError("not LIVE before the fault")
            injected, mending, mended = self._suffer(kind)
            live_after = viewers.wait_until_live(mending, LIVE_WITHIN_SECONDS)
            passed = (datetime.now(UTC) - mended).total_seconds()
            time.sleep(max(GONE_AFTER_SECONDS - passed, 0))
            left = left_since(self.place.server, mended)
        outage = injected, mending + timedelta(seconds=live_after or LIVE_WITHIN_SECONDS)
        return self._judged(viewers, began, outage, live_after, left, observer.most)

    def _suffer(self, kind: Kind) -> tuple[datetime, datetime, datetime]:
        """When it was injected, when its mending began, and when that was done."""
        time.sleep(random.uniform(0, TICK_SECONDS))
        with kind.fault(self.place):
            injected = datetime.now(UTC)
            time.sleep(kind.lasts_seconds)
            mending = datetime.now(UTC)
        return injected, mending, datetime.now(UTC)

    def _judged(
        self,
        viewers: Viewers,
        began: datetime,
        outage: tuple[datetime, datetime],
        live_after: float | None,
        left: int,
        connections: int,
    ) -> Round:
        answers = viewers.all(began)
        shown = [answer for answer in answers if answer.snapshot]
        return Round(
            wrong=sum(not self.history.is_true(a.snapshot) for a in shown if a.snapshot),
            stale_after=_stale_after(viewers, *outage),
            oldest_live=max(a.age.total_seconds() for a in shown if a.state == "LIVE"),
            live_after=live_after,
            left=left,
            connections=connections,
            longest_answer=max(a.took.total_seconds() for a in answers),
        )


def _stale_after(viewers: Viewers, injected: datetime, live: datetime) -> float | None:
    """Seconds until each window was shown as STALE; None where one never was before it was LIVE."""
    firsts = [_first_stale(viewers.answers(length, injected), live) for length in viewers.minutes]
    found = [(first.answered - injected).total_seconds() for first in firsts if first]
    return max(found) if len(found) == len(firsts) else None


def _first_stale(answers: list[Answer], live: datetime) -> Answer | None:
    return next((a for a in answers if a.state == "STALE" and a.answered < live), None)


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage with a server of its own."""
    with running_server() as server:
        history = History.around_now(ROWS_AN_HOUR)
        history.load(server, PAUSE_SECONDS)
        proxy = Proxy(server.port)
        urls = {False: server.url, True: proxy.url}
        sources = {
            proxied: source(
                url, "proxied" if proxied else "direct", deadline_seconds=DEADLINE_SECONDS
            )
            for proxied, url in urls.items()
        }
        collectors = {
            proxied: Collector({each.name: each}, tick_seconds=TICK_SECONDS)
            for proxied, each in sources.items()
        }
        place = Place(server=server, proxy=proxy)
        try:
            yield Stage(place=place, history=history, sources=sources, collectors=collectors)
        finally:
            proxy.close()
