"""Downloads: what becomes of a snapshot that leaves by the page: redacted, archived, told of."""

from urllib.parse import quote

from starlette.requests import Request

from dashboard import runtime
from dashboard.archiving import archived
from dashboard.identity import SESSION_HEADER
from metrics_core import Snapshot, StillframeError, redact
from metrics_core.archive_record import Receipt
from metrics_core.evidence import Viewer

ARCHIVED_HEADER = "X-Stillframe-Archived"


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
    return {ARCHIVED_HEADER: _words(outcome)}


def _words(outcome: Receipt | StillframeError) -> str:
    """The header's value: plain ASCII, whatever the path of the archive is called."""
    if isinstance(outcome, StillframeError):
        return quote(f"no; {outcome}", safe=" ;:,./'()=-")
    return f"yes; record={outcome.sequence}; head={outcome.hash}"
