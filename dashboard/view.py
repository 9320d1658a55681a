"""View: what a page shows: source, window, scope, comparison. It lives in the URL alone.

So a link opens the same view for a colleague, and the browser's Back leads to the one before. Not
through `bind="query-params"`: a bound widget drops a wrong value in silence and shows another
window than the one that was asked for. Pure; knows no screen. `view_parsing` reads one from a URL.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from metrics_core import Window
from metrics_core.window import utc_text

MAX_MINUTES = 1440
DEFAULT_MINUTES = 60
INTERVALS_SECONDS = (2, 5, 15, 30, 60)
DEFAULT_INTERVAL_SECONDS = 30
OFF = 0
VIEW_NAMES = ("source", "minutes", "to", "compare", "zone", "every", "error")
STILL_NAMES = ("snapshot", "view")
"""What a URL has that asks for no database: a snapshot that is there already (dashboard.still)."""
TAKEN_NAMES = (*VIEW_NAMES, *STILL_NAMES, "embed", "embed_options")
"""What a dimension's parameter cannot be called: the page's other names, and Streamlit's own."""
SCOPE_PREFIX = "scope."
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Archived:
    """An archived snapshot, by its `digest.document`."""

    document: str


Comparison = Literal["previous", "yesterday"] | datetime | Archived | None
"""The window before, the same time a day before, the end of the window that is compared with, or an
archived snapshot."""
Zone = Literal["utc", "local"]


@dataclass(frozen=True, kw_only=True)
class View:
    """One source and the window of `minutes` that ends at `to`, or now; within a scope.

    `every` is the time between refreshes in seconds, or OFF. `error` is the code that is looked at.
    """

    source: str
    minutes: int = DEFAULT_MINUTES
    to: datetime | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    compare: Comparison = None
    zone: Zone = "utc"
    every: int = DEFAULT_INTERVAL_SECONDS
    error: str | None = None

    @property
    def is_live(self) -> bool:
        return self.to is None

    @property
    def refresh_seconds(self) -> int | None:
        """Between two refreshes; None where there are none: refresh is off, or this is the past."""
        return self.every if self.is_live and self.every != OFF else None

    @property
    def params(self) -> dict[str, str]:
        """What `parse_view` reads this view from: the source, and what is not at its default."""
        return dict(_params(self))

    @property
    def link(self) -> str:
        """The address of this view, from the page's own."""
        return f"?{urlencode(self.params)}"

    def but(self, **changes: Any) -> "View":
        """This view with some of its members changed."""
        return replace(self, **changes)

    def of_source(self, source: str) -> "View":
        """The same window of another source: scope and error code belong to the one before."""
        return self.but(source=source, scope={}, error=None)

    def within(self, dimension: str, value: str) -> "View":
        """This view, limited to one value of a dimension."""
        return self.but(scope={**self.scope, dimension: value})

    def without(self, dimension: str) -> "View":
        """This view, no longer limited in that dimension."""
        kept = {name: value for name, value in self.scope.items() if name != dimension}
        return self.but(scope=kept)

    def window(self, now: datetime) -> Window:
        """The window that is shown at `now`. InvalidWindow where it begins before 1970."""
        if self.to is None:
            return Window.ending_now(now, minutes=self.minutes)
        return Window.ending(self.to, minutes=self.minutes)

    def earlier(self, now: datetime) -> "View":
        """One window back."""
        return self.but(to=self.window(now).start)

    def later(self, now: datetime) -> "View":
        """One window on; live where that would come within a minute of the present."""
        to = self.window(now).end + self.minutes * MINUTE
        return self.but(to=to if to < now - MINUTE else None)

    def compared_end(self, shown_end: datetime) -> datetime | None:
        """Where the window ends that one ending at `shown_end` is compared with; None for none.

        None as well where that is an archived snapshot, which has its own.
        """
        if self.compare == "previous":
            return shown_end - self.minutes * MINUTE
        if self.compare == "yesterday":
            return shown_end - DAY
        return self.compare if isinstance(self.compare, datetime) else None


def zoom_to(view: View, start: datetime, end: datetime) -> View:
    """The shortest view of whole minutes that holds the stretch and ends with it.

    Its end is cut to the whole second. It has 1 to MAX_MINUTES minutes, the latest ones.
    """
    first, last = sorted((start, end))
    to = last.astimezone(UTC).replace(microsecond=0)
    minutes = -((first - to) // MINUTE)
    return view.but(to=to, minutes=min(max(minutes, 1), MAX_MINUTES))


def scope_param(dimension: str) -> str:
    """The URL's name of a dimension; no dimension's own name has a dot.

    >>> scope_param("engine"), scope_param("zone")
    ('engine', 'scope.zone')
    """
    return f"{SCOPE_PREFIX}{dimension}" if dimension in TAKEN_NAMES else dimension


def _params(view: View) -> Iterator[tuple[str, str]]:
    yield "source", view.source
    if view.minutes != DEFAULT_MINUTES:
        yield "minutes", str(view.minutes)
    if view.to is not None:
        yield "to", utc_text(view.to)
    for name, value in sorted(view.scope.items()):
        yield scope_param(name), value
    if view.compare is not None:
        yield "compare", _compared(view.compare)
    if view.zone != "utc":
        yield "zone", view.zone
    if view.every != DEFAULT_INTERVAL_SECONDS:
        yield "every", interval_text(view.every)
    if view.error is not None:
        yield "error", view.error


def _compared(with_: Literal["previous", "yesterday"] | datetime | Archived) -> str:
    if isinstance(with_, Archived):
        return with_.document
    return utc_text(with_) if isinstance(with_, datetime) else with_


def interval_text(seconds: int) -> str:
    """How the URL writes the time between refreshes.

    >>> interval_text(30), interval_text(OFF)
    ('30', 'off')
    """
    return "off" if seconds == OFF else str(seconds)
