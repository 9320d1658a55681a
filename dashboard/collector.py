"""Collector: one scan feeds all viewers, and every answer knows how old it is.

Live windows end on a tick of the clock, so that all who look at the same window share its
snapshot: the first to ask starts the scan, the others wait for it. One scan a source at a time.
When scans fail, or do not answer, the last good figures are handed out, marked STALE in their
sealed body.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, Thread
from typing import Generic, Literal, Protocol, TypeVar

from metrics_core import Snapshot, Source, StillframeError, Window, take_snapshot
from metrics_core.errors import DatabaseError
from metrics_core.evidence import Freshness
from metrics_core.take import new_request_id

STALE_AFTER_TICKS = 2
UNAVAILABLE_AFTER = timedelta(minutes=5)
PAST_KEPT_FOR = timedelta(minutes=1)
MOST_WINDOWS = 256
QUEUE_GRACE_SECONDS = 0.5

Key = tuple[object, ...]
OldState = Literal["STALE", "UNAVAILABLE"]
Held = TypeVar("Held")


class Take(Protocol):
    """What takes a snapshot; `take_snapshot` outside of tests."""

    def __call__(self, source: Source, window: Window, scope: Mapping[str, str], /) -> Snapshot: ...


def _plain_take(source: Source, window: Window, scope: Mapping[str, str], /) -> Snapshot:
    return take_snapshot(source, window, scope)


def _now() -> datetime:
    return datetime.now(UTC)


def _no_scan() -> Future[None]:
    none: Future[None] = Future()
    none.set_result(None)
    return none


@dataclass
class _View:
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

        A scan is late after a tick, or after half as long again as the last good one took.
        No time is left for the one that follows the first to fail: that one had it already.
        """
        if self.good is None or self.asked_at is None or self.began is None:
            return None
        old = self.good.window.to + STALE_AFTER_TICKS * tick
        if self.error and self.asked_at <= old:
            return old
        return max(old, self.began + max(tick, 1.5 * self.took))

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


class _Bounded(Generic[Held]):
    """The things lately asked for, by key; the longest unasked goes first. Thread-safe."""

    def __init__(self, make: Callable[[], Held]) -> None:
        self._make = make
        self._held: OrderedDict[Key, Held] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Key) -> Held:
        with self._lock:
            held = self._held.setdefault(key, self._make())
            self._held.move_to_end(key)
            if len(self._held) > MOST_WINDOWS:
                self._held.popitem(last=False)
            return held


class Collector:
    """All snapshots that a process shows come from here."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        *,
        tick_seconds: float,
        now: Callable[[], datetime] = _now,
        take: Take = _plain_take,
        unavailable_after: timedelta = UNAVAILABLE_AFTER,
    ) -> None:
        self._sources = sources
        self._tick = timedelta(seconds=tick_seconds)
        self._now = now
        self._take = take
        self._unavailable_after = unavailable_after
        self._gates = {name: Lock() for name in sources}
        self._views: _Bounded[_View] = _Bounded(_View)

    def live(self, source: str, minutes: int, scope: Mapping[str, str] | None = None) -> Snapshot:
        """The window that ends on the latest tick; STALE or UNAVAILABLE where scans fail.

        StillframeError where there has never been an answer to this question.
        """
        scope = dict(sorted((scope or {}).items()))
        view = self._views.of((source, minutes, *scope.items()))
        with view.lock:
            end = self._latest_tick()
            if view.asked_at != end:
                window = Window.ending(end, minutes=minutes, live=True)
                self._ask(view, source, window, scope, asked_at=end)
        ended = _ended(view.scan, self._live_patience(source, view))
        return self._answer(view, view.error or (None if ended else _unanswered(source)))

    def past(self, source: str, window: Window, scope: Mapping[str, str] | None = None) -> Snapshot:
        """A window that has ended; kept for a minute. StillframeError where the scan fails."""
        scope = dict(sorted((scope or {}).items()))
        view = self._views.of((source, window.start, window.end, *scope.items()))
        with view.lock:
            now = self._now()
            if view.asked_at is None or now - view.asked_at > PAST_KEPT_FOR or view.error:
                self._ask(view, source, window, scope, asked_at=now)
        ended = _ended(view.scan, self._patience(source))
        if view.error or view.good is None or not ended:
            raise view.error or _unanswered(source)
        return view.good

    def _latest_tick(self) -> datetime:
        now = self._now()
        return now - (now - datetime(1970, 1, 1, tzinfo=UTC)) % self._tick

    def _patience(self, source: str) -> float:
        return self._sources[source].deadline_seconds + QUEUE_GRACE_SECONDS

    def _live_patience(self, source: str, view: _View) -> float:
        longest, until = self._patience(source), view.worth_waiting_until(self._tick)
        if until is None:
            return longest
        return min(longest, max(0.0, (until - self._now()).total_seconds()))

    def _ask(
        self,
        view: _View,
        source: str,
        window: Window,
        scope: Mapping[str, str],
        *,
        asked_at: datetime,
    ) -> None:
        """Starts a scan in a thread of its own, unless the view's last one still runs."""
        if view.scan.done():
            view.asked_at, view.began, view.scan = asked_at, self._now(), Future()
            work = partial(self._refresh, view, self._sources[source], window, scope)
            Thread(target=_run, args=(view.scan, work), name="collector", daemon=True).start()

    def _refresh(
        self, view: _View, source: Source, window: Window, scope: Mapping[str, str]
    ) -> None:
        try:
            with _patiently(self._gates[source.name], self._patience(source.name)) as mine:
                if not mine:
                    raise _busy(source.name)
                view.succeed(self._take(source, window, scope), self._now())
        except StillframeError as error:
            view.fail(error)

    def _answer(self, view: _View, error: StillframeError | None) -> Snapshot:
        good = view.good
        if good is None:
            raise error or DatabaseError("the first scan of this window has not ended yet")
        age = self._now() - good.window.to
        if error is None or age <= STALE_AFTER_TICKS * self._tick:
            return good
        late = age > self._unavailable_after
        return view.as_old(good, "UNAVAILABLE" if late else "STALE", str(error))


def _busy(source: str) -> DatabaseError:
    return DatabaseError(f"source {source}: another scan of it has not ended yet")


def _unanswered(source: str) -> DatabaseError:
    return DatabaseError(f"source {source}: the database has not answered yet")


def _run(scan: Future[None], work: Callable[[], None]) -> None:
    try:
        work()
        scan.set_result(None)
    except BaseException as error:  # whoever waits for the scan raises it
        scan.set_exception(error)


def _ended(scan: Future[None], seconds: float) -> bool:
    """Waits for the scan; whether it has ended. Raises what was no fault of the source's."""
    ended = scan in wait([scan], seconds).done
    if ended:
        scan.result()
    return ended


@contextmanager
def _patiently(lock: Lock, seconds: float) -> Iterator[bool]:
    """Holds the lock if it can be had in time; tells whether it could."""
    mine = lock.acquire(timeout=seconds)
    try:
        yield mine
    finally:
        if mine:
            lock.release()
