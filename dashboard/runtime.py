"""What one Stillframe process holds, and the one place where app and page script find it.

Streamlit loads `app.py` as a module of its own and runs `page.py` anew each time; both import this
module, which Python loads once, and so see the same objects.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from dashboard.archiving import Archiving
from dashboard.collector import Collector
from dashboard.departures import Departures
from dashboard.flight_recorder import FlightRecorder
from dashboard.metrics_line import tell_metrics
from dashboard.recent_snapshots import RecentSnapshots
from dashboard.retention import Retention
from dashboard.roles import Roles
from dashboard.sessions import Sessions
from dashboard.settings import Settings, configured_sources, settings_from_environment
from dashboard.throttle import Throttle
from metrics_core import Snapshot, Source


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The process's settings and shared state. `when_ready` runs once the app has started."""

    settings: Settings
    sources: Mapping[str, Source]
    sessions: Sessions
    throttle: Throttle = field(default_factory=Throttle)
    collector: Collector
    archive: Archiving
    recorder: FlightRecorder
    retention: Retention
    roles: Roles
    snapshots: RecentSnapshots = field(default_factory=RecentSnapshots)
    departures: Departures = field(default_factory=Departures)
    ready: Event = field(default_factory=Event)
    when_ready: Callable[[], None] = lambda: None

    @contextmanager
    def in_the_background(self) -> Iterator[None]:
        """What works though nobody looks: it begins here, and has ended when this ends."""
        self.roles.watch()
        self.recorder.start()
        self.retention.start()
        try:
            yield
        finally:
            self.recorder.stop()
            self.retention.stop()


class _Process:
    runtime: Runtime | None = None


def start(settings: Settings, *, when_ready: Callable[[], None] = lambda: None) -> Runtime:
    """Read the sources and make this the process's runtime, instead of any before it."""
    sources, tick = configured_sources(settings.config), settings.tick_seconds
    collector, archive = Collector(sources, tick_seconds=tick), Archiving(settings.archive)
    _Process.runtime = Runtime(
        settings=settings,
        sources=sources,
        collector=collector,
        archive=archive,
        recorder=FlightRecorder(sources, collector, archive, tick_seconds=tick),
        retention=Retention(settings.archive, settings.retention),
        roles=Roles(sources),
        sessions=Sessions(settings.password_hash),
        when_ready=when_ready,
    )
    return _Process.runtime


def current() -> Runtime:
    """The process's runtime; made from the environment if nobody started one.

    So `streamlit run dashboard/app.py` and `uvicorn dashboard.app:app` are gated just the same.
    """
    return _Process.runtime or start(settings_from_environment())


def still_signed_in(session_id: str) -> bool:
    """Whether the session is neither over nor signed out."""
    return current().sessions.still_signed_in(session_id, now=time.time())


def remember(snapshot: Snapshot) -> None:
    """Keep the snapshot for a download from `/snapshots/<requestId>`; the log tells of it once."""
    if current().snapshots.remember(snapshot):
        tell_metrics(snapshot, current().archive.stamp())


def recall(request_id: str) -> Snapshot | None:
    """The snapshot that was remembered, unless 512 others came since."""
    return current().snapshots.recall(request_id)
