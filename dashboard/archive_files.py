"""Archive files: archived snapshots as files: themselves, an incident report, an evidence ZIP.

Who may pass is the gate's to say. Nothing here changes the archive.
"""

import re
from collections.abc import Callable
from datetime import UTC

from starlette.requests import Request
from starlette.responses import Response

from dashboard import runtime
from dashboard.api.problems import INVALID_QUERY, NOT_FOUND, problem
from dashboard.archive_stamp import Stamp
from dashboard.archiving import opened
from dashboard.report import Exhibit, Incident, evidence_zip, read_exhibit, report_html
from metrics_core import StillframeError
from metrics_core.errors import UsageError

TYPES = {"json": "application/json", "html": "text/html", "zip": "application/zip"}


def archive_files() -> dict[str, Callable[[Request], Response]]:
    """What answers at each path: where the page's links to an archived snapshot lead."""
    return {
        "/archive/report.html": report,
        "/archive/evidence.zip": evidence,
        "/archive/{document}.json": archived_snapshot,
    }


def archived_snapshot(request: Request) -> Response:
    """The very bytes that were archived."""
    try:
        exhibit, _ = _exhibit(request.path_params["document"])
    except StillframeError as error:
        return _refused(request, error)
    return _file(exhibit.data, exhibit, "json")


def report(request: Request) -> Response:
    """The incident report of the archived snapshot `of`, or of `before` and it."""
    try:
        incident = _incident(request)
    except StillframeError as error:
        return _refused(request, error)
    return _file(report_html(incident).encode(), incident.sides[-1].exhibit, "html")


def evidence(request: Request) -> Response:
    """The evidence ZIP of the same."""
    try:
        incident = _incident(request)
    except StillframeError as error:
        return _refused(request, error)
    return _file(evidence_zip(incident), incident.sides[-1].exhibit, "zip")


def _incident(request: Request) -> Incident:
    documents = [request.query_params.get(name) for name in ("before", "of")]
    found = [_exhibit(document) for document in documents if document]
    if not found or not request.query_params.get("of"):
        raise UsageError("say of which archived snapshot: of=its digest.document")
    lines = [line for _, line in found if line]
    return Incident.of(*[exhibit for exhibit, _ in found], log_lines=lines)


def _exhibit(document: str) -> tuple[Exhibit, str | None]:
    """An archived snapshot, and its line of the log."""
    store = opened(runtime.current().settings.archive)
    entry = store.entry(document)
    return read_exhibit(store.text(document), entry), entry.metrics_line


def _refused(request: Request, error: StillframeError) -> Response:
    status, code = (400, INVALID_QUERY) if isinstance(error, UsageError) else (404, NOT_FOUND)
    return problem(request.scope["path"], status, code, f"{error}.")


def _file(data: bytes, exhibit: Exhibit, kind: str) -> Response:
    snapshot = exhibit.snapshot
    to = snapshot.window.to.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    # A document may come from anywhere: its source need not be a plain name.
    source = re.sub("[^A-Za-z0-9._-]", "_", snapshot.source)
    name = f"{source}_{to}_{snapshot.request_id}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_stamped(exhibit)}
    return Response(data, media_type=TYPES[kind], headers=headers)


def _stamped(exhibit: Exhibit) -> dict[str, str]:
    """The number of its record and the chain's head now, as each export has them."""
    head = runtime.current().archive.head()
    record = exhibit.entry.sequence if exhibit.entry else None
    return Stamp(record=record, head=head.hash if head else None).headers()
