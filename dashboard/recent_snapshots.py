"""The snapshots that were on a screen lately, by requestId, so that a download is exactly them."""

import zlib
from collections import OrderedDict
from threading import Lock

from metrics_core import Snapshot


class RecentSnapshots:
    """Holds the latest `most` snapshots; what is asked for again stays longer. Thread-safe.

    Each is held as its compressed JSON, some 15 kB: as an object it is thirty times that.
    """

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._texts: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def remember(self, snapshot: Snapshot) -> bool:
        """Keep the snapshot under its requestId; whether it is new here."""
        with self._lock:
            if snapshot.request_id in self._texts:
                return False
        # Not to_json: its indentation takes ten times as long, and a recalled one writes it anyway.
        text = zlib.compress(snapshot.model_dump_json(by_alias=True).encode(), level=1)
        with self._lock:
            self._texts[snapshot.request_id] = text
            self._texts.move_to_end(snapshot.request_id)
            if len(self._texts) > self._most:
                self._texts.popitem(last=False)
        return True

    def recall(self, request_id: str) -> Snapshot | None:
        """The snapshot of that requestId, or None: never seen, or too long ago."""
        with self._lock:
            text = self._texts.get(request_id)
            if text is None:
                return None
            self._texts.move_to_end(request_id)
        return Snapshot.from_json(zlib.decompress(text))
