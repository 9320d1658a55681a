"""Compare: what changed between two snapshots. Pure."""

from collections.abc import Iterator

from metrics_core.changes import changes
from metrics_core.comparison import Comparison, Side
from metrics_core.deltas import deltas
from metrics_core.errors import NotComparable
from metrics_core.sides import One, Sides
from metrics_core.snapshot import Snapshot
from metrics_core.window import utc_text
from metrics_core.wording import span

NAMELESS = frozenset({"task_ids", "taken_by"})
"""What may be redacted without making values or codes incomparable."""


def compare(before: Snapshot, after: Snapshot, *, force: bool = False) -> Comparison:
    """What changed from `before` to `after`: each figure's delta, and the ranked changes.

    The windows may differ in length (flows are then compared per hour) and may overlap. Error
    unless `force`: NotComparable where source, scope, definitions or percentile method differ, and
    where values of a dimension or errors are redacted; forced, the notes say so.
    """
    differences = tuple(_differences(before, after))
    if differences and not force:
        raise NotComparable(f"these snapshots cannot be compared: {'; '.join(differences)}")
    sides = Sides(One(before), One(after))
    return Comparison(
        before=_side(before),
        after=_side(after),
        flows_per_hour=sides.per_hour,
        notes=(*(f"Compared although {each}." for each in differences), *_notes(sides)),
        deltas=tuple(deltas(sides)),
        changes=changes(sides),
    )


def _side(snapshot: Snapshot) -> Side:
    return Side(
        request_id=snapshot.request_id,
        source=snapshot.source,
        scope=snapshot.scope,
        window=snapshot.window,
        freshness=snapshot.provenance.freshness.state,
        content=snapshot.digest.content,
    )


def _differences(before: Snapshot, after: Snapshot) -> Iterator[str]:
    if before.source != after.source:
        yield f"their sources differ ({before.source} and {after.source})"
    if before.provenance.definitions_sha256 != after.provenance.definitions_sha256:
        yield "the definitions of their source differ (its SELECT, statuses or rules were changed)"
    if dict(before.scope) != dict(after.scope):
        yield f"their scopes differ ({_scope(before)} and {_scope(after)})"
    if before.provenance.percentile_method != after.provenance.percentile_method:
        yield "their percentiles are defined differently"
    hidden = sorted({*(before.redacted or ()), *(after.redacted or ())} - NAMELESS)
    if hidden and before.digest.content != after.digest.content:
        names = " and ".join(hidden)
        yield f"{names} left out: what stands in its place need not be the same thing"


def _scope(snapshot: Snapshot) -> str:
    return ", ".join(f"{name}={value}" for name, value in snapshot.scope.items()) or "all tasks"


def _notes(sides: Sides) -> Iterator[str]:
    before, after = sides.before.snapshot, sides.after.snapshot
    if before.digest.content == after.digest.content:
        yield "Both snapshots hold the same figures."
    if sides.per_hour:
        lengths = f"{span(before.window.minutes)} and {span(after.window.minutes)}"
        yield f"The windows are of {lengths}: flows are compared per hour."
    if before.window.from_ < after.window.to and after.window.from_ < before.window.to:
        yield "The windows overlap: what lies in both hides a part of the change."
    for name, snapshot in (("before", before), ("after", after)):
        yield from _staleness(name, snapshot)


def _staleness(name: str, snapshot: Snapshot) -> Iterator[str]:
    freshness = snapshot.provenance.freshness
    if freshness.state != "LIVE":
        since = f" since {utc_text(freshness.since)}" if freshness.since else ""
        reason = f": {freshness.reason}" if freshness.reason else ""
        yield f"The snapshot {name} is {freshness.state}{since}{reason}."
