"""View parsing: the view that a URL asks for, or one clear line that says what is wrong with it.

Nothing in an address is passed over in silence: a wrong value or an unknown name is refused, since
the figures would be others than those that were asked for. Pure; knows no screen.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from dashboard.view import (
    DEFAULT_INTERVAL_SECONDS,
    DEFAULT_MINUTES,
    INTERVALS_SECONDS,
    MAX_MINUTES,
    OFF,
    VIEW_NAMES,
    Archived,
    Comparison,
    View,
    Zone,
    interval_text,
    scope_param,
)
from metrics_core import Source
from metrics_core.errors import InvalidScope, InvalidWindow, UnknownSource, UsageError
from metrics_core.record import NO_TEXT
from metrics_core.window import parse_instant, parse_minutes

SHOWN_SIGNS = 40
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
COMPARISONS = ("previous", "yesterday")
ZONES = ("utc", "local")
INTERVALS = {interval_text(seconds): seconds for seconds in (OFF, *INTERVALS_SECONDS)}

Params = Mapping[str, Sequence[str]]
"""The values of each name in a URL's query, as often as it stands there."""


def parse_view(params: Params, sources: Mapping[str, Source], *, now: datetime) -> View:
    """The view that a URL asks for. A UsageError says what is wrong with it."""
    source = sources[_source(params, sources)]
    _refuse_unknown_names(params, source)
    view = View(
        source=source.name,
        minutes=_minutes(params),
        to=instant(params, "to", now),
        scope=_scope(params, source),
        compare=_compare(params, now),
        zone=cast("Zone", choice(params, "zone", ZONES, "utc")),
        every=INTERVALS[choice(params, "every", INTERVALS, str(DEFAULT_INTERVAL_SECONDS))],
        error=single(params, "error", UsageError),
    )
    _refuse_windows_before_1970(view, now)
    return view


def views_instead(params: Params, sources: Mapping[str, Source], *, now: datetime) -> list[View]:
    """Where to go from a URL that cannot be shown: the same source if it is known, else each.

    What else is right in the URL is kept.
    """
    try:
        names = [_source(params, sources)]
    except UnknownSource:
        names = list(sources)
    return [_as_far_as_right(params, sources[name], now) for name in names]


def default_source(sources: Mapping[str, Source]) -> str:
    """The source marked default, else the only one, else the first."""
    return next((name for name, source in sources.items() if source.default), next(iter(sources)))


def is_arbitrary(params: Params, sources: Mapping[str, Source]) -> bool:
    """Whether nobody chose the source: it is the first of several, none of them marked default."""
    marked = any(source.default for source in sources.values())
    return "source" not in params and len(sources) > 1 and not marked


def _as_far_as_right(params: Params, source: Source, now: datetime) -> View:
    known, right = {source.name: source}, {"source": [source.name]}
    for name, values in params.items():
        if name != "source" and _is_right({**right, name: values}, known, now):
            right[name] = list(values)
    return parse_view(right, known, now=now)


def _is_right(params: Params, sources: Mapping[str, Source], now: datetime) -> bool:
    try:
        parse_view(params, sources, now=now)
    except UsageError:
        return False
    return True


def _source(params: Params, sources: Mapping[str, Source]) -> str:
    named = single(params, "source", UnknownSource)
    if named is None:
        return default_source(sources)
    if named not in sources:
        raise UnknownSource(
            f"This address asks for the source {quoted(named)}, which there is not. "
            f"The sources are: {', '.join(sources)}."
        )
    return named


def _refuse_unknown_names(params: Params, source: Source) -> None:
    dimensions = [scope_param(name) for name in source.dimensions]
    unknown = next((name for name in params if name not in (*VIEW_NAMES, *dimensions)), None)
    if unknown is not None:
        raise UsageError(
            f"This address names {quoted(unknown)}, which this page does not know. "
            f"The dimensions of {source.name} are: {', '.join(dimensions) or 'none'}."
        )


def _minutes(params: Params) -> int:
    text = single(params, "minutes", InvalidWindow)
    if text is None:
        return DEFAULT_MINUTES
    try:
        return parse_minutes(text, maximum=MAX_MINUTES)
    except InvalidWindow as error:
        raise InvalidWindow(f"This address asks for minutes={quoted(text)}, but {error}.") from None


def instant(params: Params, name: str, now: datetime) -> datetime | None:
    """The instant of that name, up to `now`. InvalidWindow."""
    text = single(params, name, InvalidWindow)
    if text is None:
        return None
    try:
        return parse_instant(text, now=now)
    except InvalidWindow as error:
        raise InvalidWindow(f"This address asks for {name}={quoted(text)}, but {error}.") from None


def _compare(params: Params, now: datetime) -> Comparison:
    text = single(params, "compare", InvalidWindow)
    if text in COMPARISONS:
        return cast("Comparison", text)
    if text is not None and DIGEST.fullmatch(text):
        return Archived(text)
    return instant(params, "compare", now)


def _scope(params: Params, source: Source) -> dict[str, str]:
    values = {name: single(params, scope_param(name), InvalidScope) for name in source.dimensions}
    scope = {name: value for name, value in values.items() if value is not None}
    for name, value in scope.items():
        if NO_TEXT.search(value):
            raise InvalidScope(f"This address asks for a {name} that no text can be.")
    return scope


def choice(params: Params, name: str, known: Sequence[str] | Mapping[str, int], least: str) -> str:
    """The value of that name, one of the known; `least` where the URL has none. UsageError."""
    text = single(params, name, UsageError)
    if text is None:
        return least
    if text not in known:
        raise UsageError(
            f"This address asks for {name}={quoted(text)}, but {name} is one of: "
            f"{', '.join(known)}."
        )
    return text


def _refuse_windows_before_1970(view: View, now: datetime) -> None:
    compared_end = view.compared_end(view.window(now).end)
    if compared_end is not None:
        view.but(to=compared_end).window(now)


def single(params: Params, name: str, error: type[UsageError]) -> str | None:
    """The only value of that name, if any. The error where it stands there more than once."""
    values = params.get(name, ())
    if len(values) > 1:
        raise error(f"This address names {name} more than once.")
    return values[0] if values else None


def quoted(text: str) -> str:
    """A text out of an address, as an error shows it.

    >>> quoted("1441"), quoted("9" * 60)
    ('“1441”', '“9999999999999999999999999999999999999999…”')
    """
    return f"“{text}”" if len(text) <= SHOWN_SIGNS else f"“{text[:SHOWN_SIGNS]}…”"
