"""Downloads: what becomes of a snapshot that leaves by the page: redacted, archived, told of."""

import re

from starlette.requests import Request

from dashboard import runtime
from dashboard.archiving import archived
from dashboard.identity import SESSION_HEADER
from metrics_core import Snapshot, StillframeError, redact
from metrics_core.archive_record import Receipt
from metrics_core.evidence import Viewer

ARCHIVED_HEADER = "X-Stillframe-Archived"
RECORD_HEADER = "X-Stillframe-Archive-Record"
HEAD_HEADER = "X-Stillframe-Archive-Head"
WHY_HEADER = "X-Stillframe-Not-Archived"


def redacted(snapshot: Snapshot, request: Request) -> Snapshot:
    """Without what the request's `redact` names. UsageError where it names what there is not."""
    names = [name.strip() for name in request.query_params.get("redact", "").split(",")]
    return redact(snapshot, [name for name in names if name])


def kept(leaving: Snapshot, who: Viewer | None, request: Request) -> dict[str, str]:
    """Archive it; a header says whether it is, and so does the viewer's page from now on."""
    if request.method != "GET":
        return {}
    path = runtime.current().settings.archive
    outcome = archived(path, leaving, reason="download", actor=who)
    session_id = request.headers.get(SESSION_HEADER, "")
    runtime.current().departures.left(session_id, leaving.request_id, outcome)
    return _headers(outcome)


def _headers(outcome: Receipt | StillframeError) -> dict[str, str]:
    """Plain ASCII, each on one line, whatever the path of the archive is called."""
    if isinstance(outcome, Receipt):
        told = {RECORD_HEADER: str(outcome.sequence), HEAD_HEADER: outcome.hash}
        return {ARCHIVED_HEADER: "yes", **told}
    return {ARCHIVED_HEADER: "no", WHY_HEADER: re.sub(r"[^\x20-\x7e]+", " ", str(outcome))}
