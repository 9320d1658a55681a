"""A comparison as text for a terminal: both sides, notes, the changes, surest first."""

from collections.abc import Iterator

from dashboard.logs import key_values
from metrics_core import Comparison
from metrics_core.comparison import Side
from metrics_core.window import utc_text

NO_CHANGE = "Nothing changed by more than noise would."


def diff_text(comparison: Comparison) -> str:
    """Some lines; each change is a sentence with its n."""
    return "".join(f"{line}\n" for line in _lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield _side("before", comparison.before)
    yield _side("after ", comparison.after)
    yield ""
    yield from comparison.notes
    if comparison.notes:
        yield ""
    if not comparison.changes:
        yield NO_CHANGE
    for place, change in enumerate(comparison.changes, start=1):
        yield f"{place:>3}. {_one_line(change.text)}"


def _side(name: str, side: Side) -> str:
    fields = {
        "requestId": side.request_id,
        "source": side.source,
        "from": utc_text(side.window.from_),
        "to": utc_text(side.window.to),
        **{f"scope.{dimension}": value for dimension, value in side.scope.items()},
        "content": side.content,
    }
    return f"{name}  {key_values(fields)}"


def _one_line(text: str) -> str:
    """Codes and values come out of a database: none of them may steer the terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
