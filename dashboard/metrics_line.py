"""The `[METRICS]` line of a snapshot: what was measured, of what and when, in one line."""

import logging
from urllib.parse import urlencode

from dashboard import logs
from dashboard.archive_stamp import NOT_STAMPED, Stamp
from metrics_core import Snapshot
from metrics_core.window import utc_text

log = logging.getLogger("stillframe.metrics")


def tell_metrics(snapshot: Snapshot, stamp: Stamp = NOT_STAMPED) -> None:
    """Write the snapshot's line, with whether the archive has it, and the head of its chain."""
    fields = {**metrics_fields(snapshot), **stamp.log_fields()}
    logs.tell(log, "snapshot", fields, tag="METRICS")


def metrics_line(snapshot: Snapshot) -> str:
    """The line as the archive keeps it, so always the same.

    It is without the time of logging, and without the head, which only its own record makes.
    """
    return f"[METRICS] {logs.key_values(metrics_fields(snapshot))}"


def metrics_fields(snapshot: Snapshot) -> dict[str, logs.Value]:
    """The line's keys and values; the scope is written like a URL's query."""
    counts = snapshot.tasks.model_dump(mode="json", by_alias=True)
    provenance = snapshot.provenance
    return {
        "requestId": snapshot.request_id,
        "scan": provenance.scan_request_id,
        "source": snapshot.source,
        "minutes": snapshot.window.minutes,
        "from": utc_text(snapshot.window.from_),
        "to": utc_text(snapshot.window.to),
        "scope": urlencode(dict(snapshot.scope)),
        **counts,
        "rows": provenance.rows_scanned,
        "durationMs": provenance.duration_ms,
        "freshness": provenance.freshness.state,
        "digest": snapshot.digest.content,
        "document": snapshot.digest.document,
    }
