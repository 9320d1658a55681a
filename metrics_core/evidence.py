"""The document's members that say how far its figures can be relied on. Shape only."""

from typing import Annotated, Literal

from pydantic import Field

from metrics_core.record import Count, Ms, Record, RequestId, Utc


class Finding(Record):
    """Something about the rows that a reader of the figures must know.

    `value` is the native status of an `unknown_status`, else null. `task_ids` are up to five, least
    first.
    """

    kind: str
    value: str | None
    count: Count
    task_ids: tuple[str, ...]
    text: str


class NotMeasurable(Record):
    """A figure (the path of its member) that this source cannot give, and why."""

    figure: str
    reason: str


class Quality(Record):
    """What to know about the rows behind the figures."""

    findings: tuple[Finding, ...]
    not_measurable: tuple[NotMeasurable, ...]

    def why_not(self, figure: str) -> str | None:
        """Why a figure (the path of its member), or what it is part of, is null; else None."""
        reasons = (
            each.reason
            for each in self.not_measurable
            if figure == each.figure or figure.startswith(f"{each.figure}.")
        )
        return next(reasons, None)


class Viewer(Record):
    """Who took the snapshot, as far as known."""

    name: str
    self_declared: bool


class Freshness(Record):
    """Whether the figures are of the present; if not, since when and why.

    UNAVAILABLE is what STALE becomes after five minutes.
    """

    state: Literal["LIVE", "STALE", "UNAVAILABLE"]
    since: Utc | None = None
    reason: str | None = None


class Provenance(Record):
    """How the snapshot came about. No part of `digest.content`.

    `scan_request_id` stands in the comment of each statement that was sent for it: where a scan
    serves several requests, it is that of the request which started it.
    """

    tool: str
    scan_request_id: RequestId
    percentile_method: str
    select_sha256: str
    definitions_sha256: str
    database: str
    database_clock: Utc
    live: bool
    rows_scanned: Count
    taken_at: Utc
    duration_ms: Ms
    taken_by: Viewer | None
    freshness: Freshness


class Digest(Record):
    """SHA-256 in hex over RFC 8785 forms: of what was measured, and of the whole document."""

    content: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    document: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
