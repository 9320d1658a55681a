"""The figures by the values of each dimension. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.report.incident import Incident
from dashboard.report.tables import Cell, group_heads, number, table
from metrics_core import Snapshot
from metrics_core.groups import BreakdownPart

LISTED = 20
OTHER = "(other values)"
Key = tuple[int, str]
Measures = Mapping[str, tuple[str, Callable[[Any], str]]]
ALL: Measures = {
    "Tasks": ("tasks", number),
    "Completed": ("completed", number),
    "Failed": ("failed", number),
    "Failure rate": ("failure_rate", wording.percent),
    "Of failures": ("share_of_failed", wording.percent),
    "Of all ended": ("share_of_ended", wording.percent),
    "p95 to processing": ("time_to_processing_p95_ms", wording.duration),
    "p95 to complete": ("time_to_complete_p95_ms", wording.duration),
}
SIDE_BY_SIDE = ("Tasks", "Failed", "Failure rate", "p95 to complete")


def breakdowns(incident: Incident) -> Iterator[Html]:
    """A table a dimension; nothing where the source has none."""
    names = [b.dimension for snapshot in incident.snapshots for b in snapshot.breakdowns]
    if names:
        yield tag("h2", "Breakdowns")
    for dimension in dict.fromkeys(names):
        yield _table(incident, dimension)


def _table(incident: Incident, dimension: str) -> Html:
    sides = [_parts(snapshot, dimension) for snapshot in incident.snapshots]
    keys = list(dict.fromkeys(key for parts in reversed(sides) for key in parts))
    caption = f"By {dimension}, the values with most tasks first"
    if len(keys) > LISTED:
        caption += f": {LISTED} of {len(keys)}; breakdowns.csv lists all"
    names = SIDE_BY_SIDE if len(sides) > 1 else tuple(ALL)
    rows = [[_name(key), *_cells(sides, key, names)] for key in sorted(keys[:LISTED], key=_rank)]
    groups = group_heads((name, len(sides)) for name in names) if len(sides) > 1 else None
    each = [side.name for side in incident.sides] * len(names)
    return table(
        caption,
        ["Value", *(each if groups else names)],
        rows,
        class_="figures whole",
        groups=groups,
    )


def _parts(snapshot: Snapshot, dimension: str) -> dict[Key, BreakdownPart]:
    """Values, then no value, then other ones: none of them can be taken for another."""
    parts: dict[Key, BreakdownPart] = {}
    for breakdown in snapshot.breakdowns:
        if breakdown.dimension == dimension:
            for part in breakdown.values:
                parts[(1, "") if part.value is None else (0, part.value)] = part
            if breakdown.other is not None:
                parts[2, ""] = breakdown.other
    return parts


def _rank(key: Key) -> bool:
    return key[0] > 1


def _name(key: Key) -> Cell:
    kind, value = key
    return (untrusted(value), wording.NO_VALUE, OTHER)[kind]


def _cells(
    sides: list[dict[Key, BreakdownPart]], key: Key, names: tuple[str, ...]
) -> Iterator[str]:
    for name in names:
        member, say = ALL[name]
        for parts in sides:
            yield say(getattr(parts[key], member)) if key in parts else wording.NOTHING
