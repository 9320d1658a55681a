"""One question that many ask: its last good answer, its running scan, and what went wrong since."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, Literal, TypeVar

from metrics_core import Snapshot, StillframeError
from metrics_core.evidence import Freshness
from metrics_core.take import new_request_id

STALE_AFTER_TICKS = 2
NEVER_LATE_WITHIN = timedelta(seconds=0.5)

Key = tuple[object, ...]
OldState = Literal["STALE", "UNAVAILABLE"]
Held = TypeVar("Held")


def _no_scan() -> Future[None]:
    none: Future[None] = Future()
    none.set_result(None)
    return none


@dataclass
class SharedWindow:
    """One question that viewers share: its last good answer, and what went wrong since."""

    lock: Lock = field(default_factory=Lock)
    scan: Future[None] = field(default_factory=_no_scan)
    good: Snapshot | None = None
    asked_at: datetime | None = None
    began: datetime | None = None
    took: timedelta = timedelta()
    error: StillframeError | None = None
    failing_since: datetime | None = None
    marked: Snapshot | None = None

    def succeed(self, snapshot: Snapshot, at: datetime) -> None:
        self.took = at - (self.began or at)
        self.good, self.error, self.failing_since, self.marked = snapshot, None, None, None

    def fail(self, error: StillframeError) -> None:
        self.error, self.failing_since = error, self.failing_since or self.began

    def worth_waiting_until(self, tick: timedelta) -> datetime | None:
        """When the last good answer is two ticks old and its scan is late; None without one.

        A scan is late after a tick, but not within half a second, nor before half as long again as
        the last good one took.
        No time is left for the one that follows the first to fail: that one had it already.
        """
        if self.good is None or self.asked_at is None or self.began is None:
            return None
        old = self.good.window.to + STALE_AFTER_TICKS * tick
        if self.error and self.asked_at <= old:
            return old
        return max(old, self.began + max(tick, NEVER_LATE_WITHIN, 1.5 * self.took))

    def is_older_than(self, instant: datetime) -> bool:
        """Whether it was asked before that, and is not being scanned now."""
        return self.scan.done() and self.asked_at is not None and self.asked_at < instant

    def as_old(self, good: Snapshot, state: OldState, reason: str) -> Snapshot:
        """The last good answer, which says that it is old and why; made once a reason."""
        with self.lock:
            marked, told = self.marked, (good.window.to, state, reason)
            if marked is None or _told(marked) != told:
                since = self.failing_since or self.began
                freshness = Freshness(state=state, since=since, reason=reason)
                marked = self.marked = good.marked(freshness, request_id=new_request_id())
            return marked


def _told(marked: Snapshot) -> tuple[object, ...]:
    freshness = marked.provenance.freshness
    return (marked.window.to, freshness.state, freshness.reason)


class Bounded(Generic[Held]):
    """The things lately asked for, by key; the longest unasked goes first. Thread-safe."""

    def __init__(self, make: Callable[[], Held], *, most: int) -> None:
        self._make = make
        self._most = most
        self._held: OrderedDict[Key, Held] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Key) -> Held:
        with self._lock:
            held = self._held.setdefault(key, self._make())
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
            return held

    def drop(self, is_over: Callable[[Held], bool]) -> None:
        """Forget all of which that is true."""
        with self._lock:
            for key in [key for key, held in self._held.items() if is_over(held)]:
                del self._held[key]
