"""Error columns: errors out of the containers in which a source stores them, row by row. Pure."""

from collections.abc import Callable, Mapping

import numpy as np

from metrics_core.error_text import error_parts
from metrics_core.tasks import Coded


def unpacked(columns: Mapping[str, Coded], error_format: str | None) -> Mapping[str, Coded]:
    """The columns `error` and `error_code`, as the format reads the first.

    A code that the source gives itself stays. Each distinct text is read once.
    """
    if error_format is None:
        return columns
    error, given = columns["error"], columns["error_code"]
    parts = [error_parts(text, error_format) for text in error.values]
    read = _mapped(error, lambda place: parts[place][1])
    return {
        "error": _mapped(error, lambda place: parts[place][0]),
        "error_code": _first_told(given, read),
    }


def _mapped(column: Coded, text_of: Callable[[int], str | None]) -> Coded:
    """The column with another text, or none, for each of its values."""
    texts = [text_of(place) for place in range(len(column.values))]
    values = tuple(dict.fromkeys(text for text in texts if text is not None))
    place = {value: i for i, value in enumerate(values)}
    codes = np.array([*(-1 if text is None else place[text] for text in texts), -1], np.int32)
    return Coded(codes[column.codes], values)


def _first_told(column: Coded, other: Coded) -> Coded:
    """The column; where it tells nothing, the other."""
    own = column.told[column.codes]
    joined = Coded(
        np.where(
            own, column.codes, np.where(other.codes < 0, -1, other.codes + len(column.values))
        ),
        (*column.values, *other.values),
    )
    return _mapped(joined, lambda place: joined.values[place])
