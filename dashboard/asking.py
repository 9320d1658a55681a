"""Asking: the snapshots that a view takes: its own, and the one it is compared with."""

from datetime import UTC, datetime

from dashboard.collector import Collector
from dashboard.view import View
from metrics_core import Snapshot, Window


def snapshot_of(view: View, collector: Collector) -> Snapshot:
    """The view's own snapshot. StillframeError where there is none to be had."""
    if view.is_live:
        return collector.live(view.source, view.minutes, view.scope)
    return collector.past(view.source, view.window(datetime.now(UTC)), view.scope)


def snapshot_before(view: View, shown: Snapshot, collector: Collector) -> Snapshot | None:
    """What `shown` is compared with: a window as long, of the same scope; None for no comparison.

    It begins and ends relative to what is shown, even where that is stale.
    """
    end = view.compared_end(shown.window.to)
    if end is None:
        return None
    return collector.past(view.source, Window.ending(end, minutes=view.minutes), view.scope)
