"""Archiving: a snapshot that leaves is put into the archive, if it can be."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from dashboard.archive_stamp import Stamp, stamp
from dashboard.error_line import tell_error
from dashboard.metrics_line import metrics_line
from metrics_core import Archive, Deposit, Snapshot, StillframeError
from metrics_core.archive_chain import EMPTY, Head
from metrics_core.archive_record import Receipt
from metrics_core.errors import ArchiveError, NoArchive, SettingsError, UsageError

NO_ARCHIVE = "no archive is set: name its file by STILLFRAME_ARCHIVE"
log = logging.getLogger("stillframe.archive")


def opened(path: Path | None) -> Archive:
    """The archive at the path that the settings name. SettingsError where they name none."""
    if path is None:
        raise SettingsError(NO_ARCHIVE)
    return Archive(path)


def archived(path: Path | None, snapshot: Snapshot, deposit: Deposit) -> Receipt | StillframeError:
    """The receipt of the snapshot, that is on the disk now; or why it is not archived.

    Its `[METRICS]` line is put in with it. No error is raised, since the snapshot is to leave in
    any case.
    """
    whole = deposit.model_copy(update={"metrics_line": metrics_line(snapshot)})
    try:
        return opened(path).append(snapshot, whole, now=datetime.now(UTC))
    except StillframeError as error:
        return error


def head_of(path: Path | None) -> Head | None:
    """The chain's head; null where no archive is set, or it cannot be read."""
    try:
        return Archive(path).head() if path else None
    except NoArchive:
        return EMPTY
    except ArchiveError:
        return None


class Archiving:
    """The archive of a process, with what is known of how it does. Thread-safe."""

    def __init__(
        self, path: Path | None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.path = path
        self._now = now
        self._lock = Lock()
        self._head: tuple[tuple[int, ...], Head] | None = None
        self._failed: tuple[datetime, str] | None = None
        self._is_failing = False

    @property
    def is_set(self) -> bool:
        """Whether the settings name an archive."""
        return self.path is not None

    @property
    def is_failing(self) -> bool:
        """Whether the latest snapshot that was to be archived is not."""
        return self._is_failing

    @property
    def last_failure(self) -> tuple[datetime, str] | None:
        """When a snapshot could not be archived last, and why; without the path."""
        return self._failed

    def keep(self, snapshot: Snapshot, deposit: Deposit) -> Receipt | StillframeError:
        """As `archived`; the log tells of what could not be archived."""
        outcome = archived(self.path, snapshot, deposit)
        if not isinstance(outcome, UsageError):  # that is the asker's own
            self._remember(outcome)
        return outcome

    def stamp(self, outcome: Receipt | StillframeError | None = None) -> Stamp:
        """What is said of a snapshot that leaves, archived or not."""
        return stamp(outcome, self.head())

    def head(self) -> Head | None:
        """As `head_of`, but read anew only where the file has changed.

        Of two commits within one tick of the file system's clock it may know the first only; that
        is a head of the chain too.
        """
        signature = _signature(self.path)
        with self._lock:
            if self._head and self._head[0] == signature:
                return self._head[1]
        head = head_of(self.path)
        with self._lock:
            self._head = (signature, head) if signature and head else None
        return head

    def _remember(self, outcome: Receipt | StillframeError) -> None:
        error = outcome if isinstance(outcome, StillframeError) else None
        with self._lock:
            self._is_failing = error is not None
            self._failed = (self._now(), error.reason) if error else self._failed
        if error:
            tell_error(log, "not archived", error, level=logging.ERROR)


def _signature(path: Path | None) -> tuple[int, ...]:
    """What changes with the file; empty where there is none. The file is never opened for it."""
    try:
        found = path.stat() if path else None
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found else ()
