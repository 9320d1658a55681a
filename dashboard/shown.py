"""Shown: what the panels draw: a snapshot, and what it is compared with. Values only."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dashboard.view import View
from metrics_core import Snapshot

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One snapshot as a view of it is drawn; `before` is the one that it is compared with, if any.

    `zone` is that of the times that are shown beside UTC or on the axes.
    """

    view: View
    snapshot: Snapshot
    before: Snapshot | None = None
    zone: ZoneInfo = UTC_ZONE
