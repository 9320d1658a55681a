"""The document's members that group tasks: failures by code, all by the values of a dimension.

Shape only. Both list their largest groups in a total order, and the rest together as `other`.
"""

from metrics_core.record import Count, Ms, Ratio, Record, Utc


class TopError(Record):
    """An error code of failures in the window; `share` is of all failures in the window.

    `first_at` and `last_at` are the ends of its first and last failure in the window, the sample
    message is the newest one that is not blank, task ids are the newest five, newest first.
    """

    code: str
    count: Count
    share: Ratio
    sample_message: str | None
    first_at: Utc
    last_at: Utc
    task_ids: tuple[str, ...]


class ValueCount(Record):
    """How many of something have this value of a dimension; null is "no value"."""

    value: str | None
    count: Count


class DimensionCounts(Record):
    """Counts by the values of one dimension: its ten largest, and the rest together."""

    dimension: str
    values: tuple[ValueCount, ...]
    other: Count


class ErrorGroup(TopError):
    """An error code with its failures a bin (aligned with `series`) and a dimension value."""

    bins: tuple[Count, ...]
    dimensions: tuple[DimensionCounts, ...]


class OtherErrors(Record):
    """The failures whose codes lie beyond the listed ones."""

    codes: Count
    count: Count
    share: Ratio
    bins: tuple[Count, ...]


class Errors(Record):
    """Failures in the window by code, largest first, ties by code; `other` where more than 100."""

    codes: tuple[ErrorGroup, ...]
    other: OtherErrors | None

    @property
    def bin_counts(self) -> set[int]:
        """How many bins its counts are of: one number, unless the document was altered."""
        beyond = [self.other.bins] if self.other else []
        return {len(bins) for bins in (*(group.bins for group in self.codes), *beyond)}


class BreakdownPart(Record):
    """Flow in the window and state at its end of the tasks with some value of a dimension.

    `tasks` are those that lived in the window. `failure_rate` is failed / (completed + failed).
    `share_of_failed` is of all failures, `share_of_ended` of all that ended in the window.
    """

    tasks: Count
    created: Count | None
    completed: Count | None
    failed: Count
    cancelled: Count
    processing: Count | None
    queued: Count | None
    failure_rate: Ratio | None
    share_of_failed: Ratio | None
    share_of_ended: Ratio | None
    time_to_processing_p95_ms: Ms | None
    time_to_complete_p95_ms: Ms | None


class BreakdownValue(BreakdownPart):
    """One value of a dimension; null is "no value"."""

    value: str | None


class BreakdownOther(BreakdownPart):
    """All further values of a dimension together; `values` is how many they are."""

    values: Count


class Breakdown(Record):
    """One dimension: its 50 largest values by `tasks` (ties by value, null last), and `other`."""

    dimension: str
    values: tuple[BreakdownValue, ...]
    other: BreakdownOther | None
