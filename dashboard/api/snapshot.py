"""`/api/admin/metrics-snapshot` and the download of a snapshot that was on a screen."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from dashboard import downloads, logs, runtime
from dashboard.api.archive_query import (
    Wish,
    archive_wish,
    no_archive_set,
    not_archived,
    viewer_of,
)
from dashboard.api.conditional import json_answer
from dashboard.api.problems import INVALID_QUERY, NOT_FOUND, problem
from dashboard.api.query import Query
from dashboard.archive_stamp import Stamp
from dashboard.metrics_line import tell_metrics
from metrics_core import Deposit, Snapshot, Source, Window
from metrics_core.errors import DatabaseError, UsageError
from metrics_core.take import new_request_id


def metrics_snapshot(request: Request, query: Query) -> Response:
    """The window of `minutes` that ends at `to` or now; each dimension may narrow it."""
    source, path = query.source(), request.scope["path"]
    minutes, to = query.number("minutes"), query.to(now=datetime.now(UTC))
    scope, wish = query.scope(source), archive_wish(query, request)
    if wish and not runtime.current().archive.is_set:
        return no_archive_set(path)
    snapshot = asked_snapshot(source, minutes=minutes, to=to, scope=scope)
    stamp = _archived(snapshot, wish)
    tell_metrics(snapshot, stamp)
    if wish and stamp.record is None:
        return not_archived(path, stamp)
    answer = json_answer(
        request,
        snapshot.to_json(),
        etag=f'W/"{snapshot.digest.content}"',
        freshness=snapshot.provenance.freshness.state,
    )
    answer.headers.update(stamp.headers())
    return answer


def _archived(snapshot: Snapshot, wish: Wish | None) -> Stamp:
    """UsageError where a text of the wish is none that the archive takes."""
    archive = runtime.current().archive
    if wish is None:
        return archive.stamp()
    deposit = Deposit(reason="api", actor=wish.actor, note=wish.note, incident=wish.incident)
    outcome = archive.keep(snapshot, deposit)
    if isinstance(outcome, UsageError):
        raise outcome
    return archive.stamp(outcome)


def asked_snapshot(
    source: Source, *, minutes: int, to: datetime | None, scope: dict[str, str]
) -> Snapshot:
    """The collector's figures as the answer to this request.

    DatabaseError where the last figures of a live window are too old to be an answer.
    """
    collector = runtime.current().collector
    request_id = logs.request_id.get() or new_request_id()
    if to is None:
        found = collector.live(source.name, minutes, scope, request_id=request_id)
    else:
        window = Window.ending(to, minutes=minutes)
        found = collector.past(source.name, window, scope, request_id=request_id)
    freshness = found.provenance.freshness
    if freshness.state == "UNAVAILABLE":
        raise DatabaseError(freshness.reason)
    return found.answering(request_id)


def download(request: Request) -> Response:
    """The snapshot that was on the screen, as a file; it tells who took it home.

    `redact` names what is left out. It goes into the archive as it leaves, and leaves in any case.
    """
    snapshot = runtime.recall(request.path_params["request_id"])
    if snapshot is None:
        message = "There is no such snapshot here any more: it may be too old."
        return problem(request.scope["path"], 404, NOT_FOUND, message)
    viewer = viewer_of(request)
    if viewer is not None:
        snapshot = snapshot.taken_by(viewer)
    try:
        leaving = downloads.redacted(snapshot, request)
    except UsageError as error:
        return problem(request.scope["path"], 400, INVALID_QUERY, f"{error}.")
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(snapshot)}"',
        **downloads.kept(leaving, viewer, request),
    }
    return Response(leaving.to_json(), media_type="application/json", headers=headers)


def file_name(snapshot: Snapshot) -> str:
    """`video_tasks_20260130T100000Z_req-1.json`; source and requestId are plain ASCII names."""
    to = snapshot.window.to.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{snapshot.source}_{to}_{snapshot.request_id}.json"
