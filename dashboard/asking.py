"""Asking: the snapshots that a view takes: its own, and the one it is compared with."""

from datetime import UTC, datetime
from pathlib import Path

from dashboard.collector import Collector
from dashboard.kept import compared_snapshot
from dashboard.view import Archived, View
from metrics_core import Snapshot, Window


def snapshot_of(view: View, collector: Collector) -> Snapshot:
    """The view's own snapshot. StillframeError where there is none to be had."""
    if view.is_live:
        return collector.live(view.source, view.minutes, view.scope)
    return collector.past(view.source, view.window(datetime.now(UTC)), view.scope)


def snapshot_before(
    view: View, shown: Snapshot, collector: Collector, archive: Path | None = None
) -> Snapshot | None:
    """What `shown` is compared with: a window as long, of the same scope; None for no comparison.

    It begins and ends relative to what is shown, even where that is stale; or it is a snapshot of
    the archive in that file.
    """
    if isinstance(view.compare, Archived):
        return compared_snapshot(archive, view.compare.document, shown)
    end = view.compared_end(shown.window.to)
    if end is None:
        return None
    return collector.past(view.source, Window.ending(end, minutes=view.minutes), view.scope)
