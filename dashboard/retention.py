"""Retention: gives up the bodies of old archived snapshots, as the settings say, once an hour."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from dashboard import logs
from dashboard.background import Background, stop
from dashboard.error_line import tell_error
from dashboard.limits import Limits
from metrics_core import Archive, StillframeError
from metrics_core.errors import NoArchive

INTERVAL_SECONDS = 3600.0
log = logging.getLogger("stillframe.retention")


class Retention:
    """Prunes one archive by these limits, at the start and then once an hour."""

    def __init__(
        self,
        path: Path | None,
        limits: Limits,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        interval_seconds: float = INTERVAL_SECONDS,
    ) -> None:
        self._path = path
        self._limits = limits
        self._now = now
        self._work = Background("retention", self.prune, lambda: interval_seconds)

    def start(self) -> None:
        """In a thread of its own; nothing where there is no archive, or no limit."""
        if self._path is not None and self._limits.are_set:
            self._work.start()

    def stop(self) -> None:
        """Prune no more; returns once no pruning is under way, or after five seconds."""
        stop([self._work])

    def prune(self) -> int:
        """Prune now; how many bodies went. What went wrong is told in the log."""
        if self._path is None or not self._limits.are_set:
            return 0
        archive, limits = Archive(self._path), self._limits
        try:
            archive.head()  # a pruning makes no archive
            pruned = archive.prune(now=self._now(), older_than=limits.older_than, keep=limits.keep)
        except NoArchive:
            return 0
        except StillframeError as error:
            tell_error(log, "not pruned", error, level=logging.ERROR)
            return 0
        if pruned.bodies:
            told: dict[str, logs.Value] = {"bodies": pruned.bodies, "through": pruned.through}
            logs.tell(log, "pruned", told)
        return pruned.bodies
