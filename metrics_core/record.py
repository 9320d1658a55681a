"""Record: the frozen kind of value that the snapshot document is made of, and its types."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
)
from pydantic.alias_generators import to_camel

REQUEST_ID_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"

RequestId = Annotated[str, Field(pattern=REQUEST_ID_PATTERN)]

LARGEST_INTEGER = 2**53 - 1
"""RFC 8785 knows no larger one."""


NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What no text in a database or in UTF-8 holds."""


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("the instant lies outside the years 1 to 9999") from None


Utc = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant in UTC, written with Z; microseconds where they are not zero."""

Integer = Annotated[int, Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
Count = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Ms = Annotated[Integer, Field(description="whole milliseconds")]
Ratio = Annotated[float, Field(ge=0, le=1, description="rounded to 6 digits")]

Counts = Annotated[
    Mapping[str, Count],
    AfterValidator(MappingProxyType),  # of a copy: pydantic has made one
    PlainSerializer(dict, return_type=dict[str, int]),
]
Scope = Annotated[
    Mapping[str, str],
    AfterValidator(MappingProxyType),
    PlainSerializer(dict, return_type=dict[str, str]),
]


class Record(BaseModel):
    """A frozen part of the document; an unknown member is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        allow_inf_nan=False,
    )


def definite_json(value: Any) -> str:
    """The one definite text of a document: its member order, two-space indent, a last line feed."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
