"""An operation of the API: what is answered at one path, and what is to be told of it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel
from starlette.responses import Response

from dashboard.api.door import OPEN_PATHS
from metrics_core import Source

ARCHIVE_NAMES = ("archive", "archive_note", "archive_incident", "archive_actor")
"""What `asks` calls archive: that an answer is to be archived, why, for which incident, by whom."""


@dataclass(frozen=True, kw_only=True)
class WholeNumber:
    """A query parameter: a whole number from 1 to `most`."""

    name: str
    meaning: str
    default: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A path that answers GET; `meaning` is its description in plain words.

    `answer` is given the request and its Query; of an open operation the request alone, and it must
    not wait for anything. `body` is the model of its 200, or else the JSON Schema of it; the first
    media type is what who asks for none in particular gets. After its numbers it takes what `asks`
    names, in that order; `scope_ids` are taken beside the dimensions of the sources. `conditional`:
    it has an ETag. `unavailable`: its status where the figures cannot be read.
    """

    path: str
    answer: Callable[..., Response]
    name: str
    summary: str
    meaning: str
    example: Any
    body: type[BaseModel] | dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    media_types: tuple[str, ...] = ("application/json",)
    numbers: tuple[WholeNumber, ...] = ()
    asks: tuple[Literal["source", "to", "scope", "archive"], ...] = ()
    scope_ids: tuple[str, ...] = ()
    conditional: bool = False
    unavailable: int | None = None

    @property
    def open(self) -> bool:
        """Whether nobody needs the secret."""
        return self.path in OPEN_PATHS

    def names(self, sources: Iterable[Source]) -> list[str]:
        """Every name that its query may have, in the order in which they are described."""
        numbers = (number.name for number in self.numbers)
        asked = (name for name in self.asks if name in ("source", "to"))
        archive = ARCHIVE_NAMES if "archive" in self.asks else ()
        return [*numbers, *asked, *self.dimensions(sources), *archive]

    def dimensions(self, sources: Iterable[Source]) -> list[str]:
        """By what its query may narrow the figures: scope ids, then what sources have beside."""
        if "scope" not in self.asks:
            return []
        of_sources = (name for source in sources for name in source.dimensions)
        return list(dict.fromkeys((*self.scope_ids, *of_sources)))
