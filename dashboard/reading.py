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
    """The answer, or what went wrong, and when it was asked. Whoever comes meanwhile waits."""

    lock: Lock = field(default_factory=Lock)
    asked_at: datetime | None = None
    found: Any = None
    error: StillframeError | None = None

    def answer(self, ask: Callable[[], Answer], now: datetime, kept_for: timedelta) -> Answer:
        """The kept answer, or a new one; an error is kept just as long."""
        with self.lock:
            if self.asked_at is None or now - self.asked_at > kept_for:
                self.asked_at, self.found, self.error = now, None, None
                try:
                    self.found = ask()
                except StillframeError as error:
                    self.error = error
            if self.error:
                raise self.error
            found: Answer = self.found
            return found
