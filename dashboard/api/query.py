"""The query of a request to the API, checked name by name: nothing wrong is ignored. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from starlette.datastructures import QueryParams

from dashboard.api.operation import Operation
from metrics_core import Source
from metrics_core.choice import chosen_source
from metrics_core.errors import UsageError
from metrics_core.window import parse_instant

SHOWN_SIGNS = 60


class Query:
    """A query whose names are the operation's and stand there once each, else UsageError."""

    def __init__(
        self, params: QueryParams, operation: Operation, sources: Mapping[str, Source]
    ) -> None:
        known = operation.names(sources.values())
        for name in params:
            if name not in known:
                raise UsageError(f"unknown query parameter {_shown(name)}; {_named(known)}")
            if len(params.getlist(name)) > 1:
                raise UsageError(f"the query names {name} more than once")
        self._values: Mapping[str, str] = dict(params)
        self._operation = operation
        self._sources = sources

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def number(self, name: str) -> int:
        """A number of the operation's: 1 to its most, as ASCII digits in full; else its default."""
        number = next(each for each in self._operation.numbers if each.name == name)
        text = self._values.get(name, str(number.default))
        if not re.fullmatch(r"[0-9]{1,20}", text, re.ASCII) or not 1 <= int(text) <= number.most:
            raise UsageError(f"{name} must be a whole number from 1 to {number.most}")
        return int(text)

    def to(self, *, now: datetime) -> datetime | None:
        """ISO 8601 with its zone, not in the future; None where it is not given."""
        text = self.get("to")
        return None if text is None else parse_instant(text, now=now)

    def source(self, *, preset: str | None = None) -> Source:
        """The source that is named, else the one that `chosen_source` takes."""
        return chosen_source(self._sources, self.get("source"), preset=preset)

    def scope(self, source: Source, *, blanks: bool = True) -> dict[str, str]:
        """The values of dimensions, of which the source must have each that is given.

        Without `blanks` an empty value is as good as none.
        """
        return dict(self._given(source, blanks))

    def _given(self, source: Source, blanks: bool) -> Iterator[tuple[str, str]]:
        for name in self._operation.dimensions(self._sources.values()):
            value = self.get(name)
            if value is None or not (value or blanks):
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
