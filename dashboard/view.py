"""View: which source and which window a page shows. It lives in the URL, and nowhere else.

Not through `bind="query-params"`: a bound widget drops a wrong value in silence and shows another
window than the one that was asked for. Pure; knows no screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from metrics_core import Source
from metrics_core.errors import InvalidWindow, UnknownSource, UsageError
from metrics_core.window import parse_minutes

MAX_MINUTES = 1440
DEFAULT_MINUTES = 60
SHOWN_SIGNS = 40

Params = Mapping[str, Sequence[str]]
"""The values of each name in a URL's query, as often as it stands there."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One source, and the length of the window that ends now."""

    source: str
    minutes: int

    @property
    def params(self) -> dict[str, str]:
        """What `parse_view` reads this view from."""
        return {"source": self.source, "minutes": str(self.minutes)}

    @property
    def link(self) -> str:
        """The address of this view, from the page's own."""
        return f"?{urlencode(self.params)}"


def parse_view(params: Params, sources: Mapping[str, Source]) -> View:
    """The view that a URL asks for. UnknownSource or InvalidWindow say what is wrong with it."""
    return View(source=_source(params, sources), minutes=_minutes(params))


def views_instead(params: Params, sources: Mapping[str, Source]) -> list[View]:
    """Where to go from a URL that cannot be shown: the same source if it is known, else each."""
    try:
        names = [_source(params, sources)]
    except UnknownSource:
        names = list(sources)
    try:
        minutes = _minutes(params)
    except UsageError:
        minutes = DEFAULT_MINUTES
    return [View(source=name, minutes=minutes) for name in names]


def default_source(sources: Mapping[str, Source]) -> str:
    """The source marked default, else the only one, else the first."""
    return next((name for name, source in sources.items() if source.default), next(iter(sources)))


def is_arbitrary(params: Params, sources: Mapping[str, Source]) -> bool:
    """Whether nobody chose the source: it is the first of several, none of them marked default."""
    marked = any(source.default for source in sources.values())
    return "source" not in params and len(sources) > 1 and not marked


def _source(params: Params, sources: Mapping[str, Source]) -> str:
    named = _single(params, "source", UnknownSource)
    if named is None:
        return default_source(sources)
    if named not in sources:
        raise UnknownSource(
            f"This address asks for the source {_shown(named)}, which there is not. "
            f"The sources are: {', '.join(sources)}."
        )
    return named


def _minutes(params: Params) -> int:
    text = _single(params, "minutes", InvalidWindow)
    if text is None:
        return DEFAULT_MINUTES
    try:
        return parse_minutes(text, maximum=MAX_MINUTES)
    except InvalidWindow as error:
        raise InvalidWindow(f"This address asks for minutes={_shown(text)}, but {error}.") from None


def _single(params: Params, name: str, error: type[UsageError]) -> str | None:
    values = params.get(name, ())
    if len(values) > 1:
        raise error(f"This address names {name} more than once.")
    return values[0] if values else None


def _shown(text: str) -> str:
    """
    >>> _shown("1441"), _shown("9" * 60)
    ('“1441”', '“9999999999999999999999999999999999999999…”')
    """
    return f"“{text}”" if len(text) <= SHOWN_SIGNS else f"“{text[:SHOWN_SIGNS]}…”"
