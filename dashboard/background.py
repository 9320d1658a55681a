"""Background: work that a thread of its own does again and again, until it is told to stop."""

import logging
import time
from collections.abc import Callable, Iterable
from threading import Event, Thread

JOIN_SECONDS = 5.0
log = logging.getLogger("stillframe.background")


class Background:
    """Does `work` at the start and then whenever `pause_seconds()` have passed since its end."""

    def __init__(
        self, name: str, work: Callable[[], object], pause_seconds: Callable[[], float]
    ) -> None:
        self._name = name
        self._work = work
        self._pause_seconds = pause_seconds
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; a fault of the work is logged and does not end it."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Begin no more work."""
        self._stopping.set()

    def join(self, seconds: float) -> None:
        """Wait so long for work that is under way."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._work()
            except Exception:  # a fault of ours must not end it in silence
                log.exception("%s failed", self._name)
            self._stopping.wait(self._pause_seconds())


def stop(works: Iterable[Background]) -> None:
    """Stop them all; returns once none is at work, or after five seconds."""
    asked, until = [*works], time.monotonic() + JOIN_SECONDS
    for each in asked:
        each.ask_to_stop()
    for each in asked:
        each.join(max(0.0, until - time.monotonic()))
