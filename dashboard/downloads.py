"""Downloads: what becomes of a snapshot that leaves by the page: redacted, archived, told of."""

from starlette.requests import Request

from dashboard import runtime
from dashboard.archiving import NO_ARCHIVE, Archiving
from dashboard.identity import SESSION_HEADER
from dashboard.metrics_line import tell_metrics
from metrics_core import Deposit, Snapshot, StillframeError, redact
from metrics_core.archive_record import Receipt
from metrics_core.errors import SettingsError
from metrics_core.evidence import Viewer


def redacted(snapshot: Snapshot, request: Request) -> Snapshot:
    """Without what the request's `redact` names. UsageError where it names what there is not."""
    names = [name.strip() for name in request.query_params.get("redact", "").split(",")]
    return redact(snapshot, [name for name in names if name])


def kept(leaving: Snapshot, who: Viewer | None, request: Request) -> dict[str, str]:
    """Archive it; a header says whether it is, and so does the viewer's page from now on."""
    archive = runtime.current().archive
    if request.method != "GET":
        return archive.stamp().headers()
    outcome = _archived(archive, leaving, who)
    session_id = request.headers.get(SESSION_HEADER, "")
    runtime.current().departures.left(session_id, leaving.request_id, outcome)
    stamp = archive.stamp(outcome)
    tell_metrics(leaving, stamp)
    return stamp.headers()


def _archived(
    archive: Archiving, leaving: Snapshot, who: Viewer | None
) -> Receipt | StillframeError:
    """Where none is set, nothing has failed that the log had to tell of."""
    if not archive.is_set:
        return SettingsError(NO_ARCHIVE)
    return archive.keep(leaving, Deposit(reason="download", actor=who))
