"""Shown: what the panels draw: a snapshot, and what it is compared with. Values only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from dashboard.chart_rows import Rows
from dashboard.kept import Kept
from dashboard.view import View, zoom_to
from metrics_core import Snapshot
from metrics_core.compare import compare
from metrics_core.comparison import Comparison

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One snapshot as a view of it is drawn; `before` is the one that it is compared with, if any.

    `no_comparison` says why there is none although the view asks for one. `zone` is that of the
    times that are shown beside UTC or on the axes; `viewer_zone` is where the viewer is, if that is
    known and not UTC. `refreshed_at` is when these figures were last asked for. `kept` is the
    snapshot's file and record where it was not taken for this look. `not_archived` says which
    download of this viewer is not in the archive, and why.
    """

    view: View
    snapshot: Snapshot
    before: Snapshot | None = None
    no_comparison: str = ""
    zone: ZoneInfo = UTC_ZONE
    viewer_zone: ZoneInfo | None = None
    refreshed_at: datetime | None = None
    kept: Kept | None = None
    not_archived: str = ""

    @property
    def stands_still(self) -> bool:
        """Whether no database is asked for anything here."""
        return self.kept is not None

    @cached_property
    def comparison(self) -> Comparison | None:
        """What changed since `before`; None where nothing is compared. Or NotComparable."""
        return compare(self.before, self.snapshot) if self.before else None

    @property
    def zone_offset(self) -> timedelta:
        """How far the shown zone is from UTC at the window's end; one for the whole axis."""
        return self.snapshot.window.to.astimezone(self.zone).utcoffset() or timedelta()

    @cached_property
    def rows(self) -> Rows:
        """What all charts draw: the bins, and those of what is compared."""
        return Rows.of(self.snapshot, self.before, self.zone_offset)

    def zoomed(self, start: datetime, end: datetime) -> View:
        """The view of a stretch of this snapshot's window, as far as it lies in there."""
        window = self.snapshot.window
        return zoom_to(
            self.view,
            min(max(start, window.from_), window.to),
            min(max(end, window.from_), window.to),
        )
