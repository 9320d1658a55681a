"""An operation of the API: what is answered at one path, and what is to be told of it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel


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

    `body` is the model of its 200, or else the JSON Schema of it; the first media type is what who
    asks for none in particular gets. After its numbers it takes what `asks` names, in that order;
    `scope_ids` are taken beside the dimensions of the sources. `conditional`: it has an ETag.
    `open`: nobody needs the secret. `unavailable`: its status where the figures cannot be read.
    """

    path: str
    endpoint: Callable[..., Any]
    name: str
    summary: str
    meaning: str
    example: Any
    body: type[BaseModel] | dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    media_types: tuple[str, ...] = ("application/json",)
    numbers: tuple[WholeNumber, ...] = ()
    asks: tuple[Literal["source", "to", "scope"], ...] = ()
    scope_ids: tuple[str, ...] = ()
    conditional: bool = False
    open: bool = False
    unavailable: int | None = None
