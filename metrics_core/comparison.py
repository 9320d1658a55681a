"""The comparison document: what changed between two snapshots. Shape only, no arithmetic.

"before" and "after" are the two sides in the order in which they were given, whatever their
windows. Member names are camelCase in JSON and snake_case here.
"""

from typing import Annotated, Literal

from pydantic import Field

from metrics_core.document import WindowRecord
from metrics_core.record import Count, Integer, Record, Scope, definite_json

Unit = Literal["tasks", "tasks per hour", "share", "ms", "usd", "usd per hour", "usd per task"]
Meaning = Literal["better", "worse", "neutral"]
Direction = Literal["new", "gone", "rose", "fell"]
Kind = Literal[
    "age", "backlog", "cost", "error_code", "failure_rate", "flow", "latency", "other_errors"
]
Value = Integer | float
"""A whole number of tasks or ms; a share of 0 to 1, a rate or an amount rounded to 6 digits."""


class Side(Record):
    """Which snapshot stands on one side; `content` is its digest of what was measured."""

    request_id: str
    source: str
    scope: Scope
    window: WindowRecord
    freshness: str
    content: str


class Delta(Record):
    """One figure on both sides, whether it changed or not.

    `figure` is the path of its member in the snapshot (`cost.perTask` is cost.usd / cost.samples).
    `difference` is after - before in the figure's unit (of shares: 0.02 is 2 percentage points),
    `ratio` after / before, null where before is not above 0. Flows are per hour where the windows'
    lengths differ, else counts of the window. `n` is of each side what the figure was measured on:
    of a count the count itself, of the failure rate completed + failed, of a latency its samples,
    of an age the tasks in that state, of a cost its samples. What one side cannot measure is null,
    and so is what follows from it; `reason` says which side and why. `meaning` is neutral where
    nothing changed, where the figure has no better direction, and where it is null.
    """

    figure: str
    unit: Unit
    before: Value | None
    after: Value | None
    difference: Value | None
    ratio: float | None
    n_before: Count | None
    n_after: Count | None
    meaning: Meaning
    reason: str | None
    text: str


class Change(Record):
    """One thing that changed by more than noise would; ranked by `score`, the larger the surer.

    `name` is what changed: a figure's path, an error code, and for a value of a dimension the
    figure's path with `dimension` and `value` beside it (a null value is "no value"). Values and n
    are as in `Delta`, but flows are always per hour; of an error code they are its failures (forced
    comparisons of unlike tasks: its share of completed + failed), and n is all failures. A side is
    null where of a code no more is known than that it was not among the listed ones. `score` is
    defined in `metrics_core.change_score`.
    """

    kind: Kind
    name: str
    dimension: str | None = None
    value: str | None = None
    direction: Direction
    unit: Unit
    before: Value | None
    after: Value | None
    n_before: Count
    n_after: Count
    meaning: Meaning
    score: Annotated[float, Field(ge=0, description="rounded to 2 digits")]
    text: str


class Comparison(Record):
    """What changed from one snapshot to another: figure by figure, and ranked.

    `notes` are sentences that a reader must know before the figures. The same two snapshots always
    give the same bytes.
    """

    schema_version: Literal[1] = 1
    before: Side
    after: Side
    flows_per_hour: bool
    notes: tuple[str, ...]
    deltas: tuple[Delta, ...]
    changes: tuple[Change, ...]

    def to_json(self) -> str:
        """The one definite JSON text: member order of the models, two-space indent, UTF-8."""
        return definite_json(self.model_dump(mode="json", by_alias=True))
