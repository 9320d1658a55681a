"""Departures: which download of a viewer did not come into the archive, so that the page says so.

A browser that saves a file tells the page nothing of it. Knows no clock and no screen.
"""

from collections import OrderedDict
from threading import Lock

from metrics_core import StillframeError
from metrics_core.archive_record import Receipt

MOST_SESSIONS = 1_000


class Departures:
    """The last download of each session, as far as it is not archived. Thread-safe."""

    def __init__(self, most: int = MOST_SESSIONS) -> None:
        self._most = most
        self._missed: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def left(self, session_id: str, request_id: str, outcome: Receipt | StillframeError) -> None:
        """Note what became of a snapshot that this session has just downloaded."""
        with self._lock:
            self._missed.pop(session_id, None)
            if isinstance(outcome, StillframeError):
                self._missed[session_id] = (
                    f"Not archived: the download of {request_id}, since {outcome}."
                )
            if len(self._missed) > self._most:
                self._missed.popitem(last=False)

    def not_archived(self, session_id: str) -> str:
        """What the session's last download lacks, in a sentence; empty where it lacks nothing."""
        with self._lock:
            return self._missed.get(session_id, "")
