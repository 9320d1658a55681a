"""The query of a request to the API, checked name by name: nothing wrong is ignored. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from starlette.datastructures import QueryParams

from metrics_core import Source
from metrics_core.errors import UsageError
from metrics_core.window import parse_instant

SHOWN_SIGNS = 60


class Query:
    """A query of which each name is known and stands there once, else UsageError."""

    def __init__(self, params: QueryParams, known: Iterable[str]) -> None:
        known = list(known)
        for name in params:
            if name not in known:
                raise UsageError(f"unknown query parameter {_shown(name)}; {_named(known)}")
            if len(params.getlist(name)) > 1:
                raise UsageError(f"the query names {name} more than once")
        self._values: Mapping[str, str] = dict(params)

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def whole_number(self, name: str, *, default: int, most: int) -> int:
        """1 to `most`, as ASCII digits in full."""
        text = self._values.get(name, str(default))
        if not re.fullmatch(r"[0-9]{1,20}", text, re.ASCII) or not 1 <= int(text) <= most:
            raise UsageError(f"{name} must be a whole number from 1 to {most}")
        return int(text)

    def instant(self, name: str, *, now: datetime) -> datetime | None:
        """ISO 8601 with its zone, not in the future; None where it is not given."""
        text = self._values.get(name)
        return None if text is None else parse_instant(text, now=now)

    def scope(self, source: Source, names: Iterable[str]) -> dict[str, str]:
        """The values of these dimensions, of which the source must have each that is given."""
        return dict(self._given(source, names))

    def _given(self, source: Source, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            value = self._values.get(name)
            if value is None:
                continue
            if name not in source.dimensions:
                raise UsageError(
                    f"source {source.name} has no dimension {name}; {_named(source.dimensions)}"
                )
            yield name, value


def _named(names: Iterable[str]) -> str:
    return f"known: {', '.join(names) or 'none'}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN_SIGNS else f"{text[:SHOWN_SIGNS]}…")
