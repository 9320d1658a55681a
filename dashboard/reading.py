"""Reading: one question of one instant, asked of the database once and answered to all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from metrics_core import StillframeError

Answer = TypeVar("Answer")


@dataclass
class Reading:
    """The answer, or what went wrong, and since when. Whoever comes meanwhile waits."""

    lock: Lock = field(default_factory=Lock)
    asked_at: datetime | None = None
    failed_at: datetime | None = None
    found: Any = None
    error: StillframeError | None = None

    def answer(
        self,
        ask: Callable[[], Answer],
        now: Callable[[], datetime],
        *,
        kept_for: timedelta,
        failure_kept_for: timedelta,
    ) -> Answer:
        """The kept answer, or a new one. A failure is kept from when it is known."""
        came_at = now()
        with self.lock:
            if self._is_over(came_at, kept_for, failure_kept_for):
                self.asked_at, self.failed_at, self.error = None, None, None
                try:
                    self.found, self.asked_at = ask(), came_at
                except StillframeError as error:
                    self.error, self.failed_at = error, now()
            if self.error:
                raise self.error
            found: Answer = self.found
            return found

    def _is_over(self, came_at: datetime, kept_for: timedelta, failure_kept_for: timedelta) -> bool:
        if self.failed_at is not None:
            return came_at - self.failed_at > failure_kept_for
        return self.asked_at is None or came_at - self.asked_at > kept_for
