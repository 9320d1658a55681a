"""Collector: one scan feeds all viewers, and every answer knows how old it is.

Live windows end on a tick of the clock, so that all who look at the same window share its
snapshot: the first to ask starts the scan, the others wait for it. One scan a source at a time.
When scans fail, or do not answer, the last good figures are handed out, marked STALE in their
sealed body.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, Thread
from typing import Protocol, TypeVar

from dashboard.error_line import telling
from dashboard.reading import Reading
from dashboard.shared_answer import STALE_AFTER_TICKS, Bounded, Key, SharedWindow
from metrics_core import Snapshot, Source, StillframeError, Window, take_snapshot
from metrics_core.errors import DatabaseError
from metrics_core.take import new_request_id

UNAVAILABLE_AFTER = timedelta(minutes=5)
PAST_KEPT_FOR = timedelta(minutes=1)
QUEUE_GRACE_SECONDS = 0.5
# A snapshot takes half a megabyte or more.
MOST_LIVE, MOST_PAST, MOST_READINGS = 128, 32, 128
log = logging.getLogger("stillframe.collector")

Answer = TypeVar("Answer")


class Take(Protocol):
    """What takes a snapshot; `take_snapshot` outside of tests."""

    def __call__(
        self, source: Source, window: Window, scope: Mapping[str, str], request_id: str, /
    ) -> Snapshot: ...


def _plain_take(
    source: Source, window: Window, scope: Mapping[str, str], request_id: str, /
) -> Snapshot:
    return take_snapshot(source, window, scope, request_id=request_id)


def _now() -> datetime:
    return datetime.now(UTC)


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
        self._live: Bounded[SharedWindow] = Bounded(SharedWindow, most=MOST_LIVE)
        self._past: Bounded[SharedWindow] = Bounded(SharedWindow, most=MOST_PAST)
        self._readings: Bounded[Reading] = Bounded(Reading, most=MOST_READINGS)

    def live(
        self,
        source: str,
        minutes: int,
        scope: Mapping[str, str] | None = None,
        *,
        request_id: str | None = None,
    ) -> Snapshot:
        """The window that ends on the latest tick; STALE or UNAVAILABLE where scans fail.

        A scan that it starts runs under `request_id`; the snapshot, which others see as well, has
        an id of its own. StillframeError where there has never been an answer to this question.
        """
        scope = dict(sorted((scope or {}).items()))
        view = self._live.of((source, minutes, *scope.items()))
        with view.lock:
            end = self._latest_tick()
            if view.asked_at != end:
                window = Window.ending(end, minutes=minutes, live=True)
                self._ask(view, source, window, scope, request_id, asked_at=end)
        ended = _ended(view.scan, self._live_patience(source, view))
        return self._answer(view, view.error or (None if ended else _unanswered(source)))

    def past(
        self,
        source: str,
        window: Window,
        scope: Mapping[str, str] | None = None,
        *,
        request_id: str | None = None,
    ) -> Snapshot:
        """A window that has ended; kept for a minute. StillframeError where the scan fails."""
        scope = dict(sorted((scope or {}).items()))
        self._past.drop(lambda each: each.is_older_than(self._now() - PAST_KEPT_FOR))
        view = self._past.of((source, window.start, window.end, *scope.items()))
        with view.lock:
            now = self._now()
            if view.asked_at is None or now - view.asked_at > PAST_KEPT_FOR or view.error:
                self._ask(view, source, window, scope, request_id, asked_at=now)
        ended = _ended(view.scan, self._patience(source))
        if view.error or view.good is None or not ended:
            raise view.error or _unanswered(source)
        return view.good

    def read(
        self,
        source: str,
        question: Key,
        work: Callable[[datetime, str], Answer],
        *,
        to: datetime | None = None,
        request_id: str | None = None,
    ) -> Answer:
        """What `work` reads of the source as it was at `to`, or at the latest tick.

        For bounded reads on demand, as lists of tasks. Whoever asks the same question of the same
        instant within a minute shares the answer. StillframeError where the read fails; it is tried
        again a tick later.
        """
        end, patience = to or self._latest_tick(), self._patience(source)
        reading = self._readings.of((source, end, *question))

        def answer() -> Answer:
            own_id = request_id or new_request_id()
            with telling(log, source, own_id), _patiently(self._gates[source], patience) as mine:
                if not mine:
                    raise _busy(source)
                return work(end, own_id)

        return reading.answer(
            answer, self._now, kept_for=PAST_KEPT_FOR, failure_kept_for=self._tick
        )

    def _latest_tick(self) -> datetime:
        now = self._now()
        return now - (now - datetime(1970, 1, 1, tzinfo=UTC)) % self._tick

    def _patience(self, source: str) -> float:
        return self._sources[source].deadline_seconds + QUEUE_GRACE_SECONDS

    def _live_patience(self, source: str, view: SharedWindow) -> float:
        longest, until = self._patience(source), view.worth_waiting_until(self._tick)
        if until is None:
            return longest
        return min(longest, max(0.0, (until - self._now()).total_seconds()))

    def _ask(
        self,
        view: SharedWindow,
        source: str,
        window: Window,
        scope: Mapping[str, str],
        request_id: str | None,
        *,
        asked_at: datetime,
    ) -> None:
        """Starts a scan in a thread of its own, unless the view's last one still runs."""
        if view.scan.done():
            view.asked_at, view.began, view.scan = asked_at, self._now(), Future()
            work = partial(self._refresh, view, self._sources[source], window, scope, request_id)
            Thread(target=_run, args=(view.scan, work), name="collector", daemon=True).start()

    def _refresh(
        self,
        view: SharedWindow,
        source: Source,
        window: Window,
        scope: Mapping[str, str],
        request_id: str | None,
    ) -> None:
        name, own_id = source.name, request_id or new_request_id()
        try:
            with (
                telling(log, name, own_id),
                _patiently(self._gates[name], self._patience(name)) as mine,
            ):
                if not mine:
                    raise _busy(name)
                taken = self._take(source, window, scope, own_id)
                # Two clients may choose one id: what all of them see has an id of ours.
                shared = taken if request_id is None else taken.answering(new_request_id())
                view.succeed(shared, self._now())
        except StillframeError as error:
            view.fail(error)

    def _answer(self, view: SharedWindow, error: StillframeError | None) -> Snapshot:
        good = view.good
        if good is None:
            raise error or DatabaseError("the first scan of this window has not ended yet")
        age = self._now() - good.window.to
        if error is None or age <= STALE_AFTER_TICKS * self._tick:
            return good
        late = age > self._unavailable_after
        return view.as_old(good, "UNAVAILABLE" if late else "STALE", error.reason)


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
