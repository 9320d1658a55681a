"""Collector: where the page gets its snapshots from. For now each viewer has an own scan."""

from datetime import UTC, datetime

from dashboard import runtime
from metrics_core import Snapshot, Window, take_snapshot
from metrics_core.evidence import Viewer


def latest_snapshot(source: str, minutes: int, taken_by: str | None = None) -> Snapshot:
    """A snapshot of the window that ends now, kept for its download. StillframeError if it fails.

    `taken_by` is the name that a viewer gave himself.
    """
    window = Window.ending_now(datetime.now(UTC), minutes=minutes)
    viewer = Viewer(name=taken_by, self_declared=True) if taken_by else None
    snapshot = take_snapshot(runtime.current().sources[source], window, taken_by=viewer)
    runtime.remember(snapshot)
    return snapshot
