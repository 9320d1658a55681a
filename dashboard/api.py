"""The HTTP routes of ours, behind the gate but for /healthz."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import runtime
from dashboard.gate import NAME_HEADER
from metrics_core import Snapshot, Window
from metrics_core.choice import chosen_source
from metrics_core.errors import StillframeError, UsageError
from metrics_core.evidence import Viewer
from metrics_core.record import REQUEST_ID_PATTERN
from metrics_core.take import new_request_id
from metrics_core.window import parse_instant, parse_minutes

SNAPSHOT_QUERY = ("minutes", "source", "to")
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def routes() -> list[BaseRoute]:
    """Ours, before Streamlit's; in order, the unknown ones last."""
    return [
        Route("/healthz", healthz),
        Route("/snapshots/{request_id}", download),
        Route("/api/admin/metrics-snapshot", metrics_snapshot),
        *[Route(path, unknown, methods=ANY_METHOD) for path in UNKNOWN],
    ]


UNKNOWN = ("/api", "/api/{path:path}", "/v1", "/v1/{path:path}", "/snapshots/{path:path}")


async def healthz(_request: Request) -> Response:
    """That the process answers; no data at all."""
    return PlainTextResponse("ok")


def download(request: Request) -> Response:
    """The snapshot that was on the screen, as a file; it tells who took it home."""
    snapshot = runtime.recall(request.path_params["request_id"])
    if snapshot is None:
        return JSONResponse({"error": "no such snapshot here: it may be too old"}, 404)
    viewer = _viewer(request)
    if viewer is not None:
        snapshot = snapshot.taken_by(viewer)
    return Response(
        snapshot.to_json(),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{file_name(snapshot)}"'},
    )


def _viewer(request: Request) -> Viewer | None:
    """The name that the signed-in viewer gave himself, as the gate hands it on."""
    name = unquote(request.headers.get(NAME_HEADER.decode(), ""))
    return Viewer(name=name, self_declared=True) if name else None


def metrics_snapshot(request: Request) -> Response:
    """A snapshot of the window of `minutes` (1 to 1440, default 60) that ends at `to`, or now."""
    request_id = _request_id(request)
    try:
        snapshot = _asked_snapshot(request.query_params, request_id)
    except UsageError as error:
        return _refusal(400, "INVALID_QUERY", str(error), request_id)
    except StillframeError as error:
        return _refusal(503, "SNAPSHOT_UNAVAILABLE", str(error), request_id)
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    return Response(snapshot.to_json(), media_type="application/json", headers=headers)


def _asked_snapshot(query: QueryParams, request_id: str) -> Snapshot:
    for name in query:
        if name not in SNAPSHOT_QUERY:
            raise UsageError(f"unknown query parameter; known: {', '.join(SNAPSHOT_QUERY)}")
        if len(query.getlist(name)) > 1:
            raise UsageError(f"the query names {name} more than once")
    source = chosen_source(runtime.current().sources, query.get("source"))
    minutes = parse_minutes(query.get("minutes", "60"), maximum=1440)
    now, to = datetime.now(UTC), query.get("to")
    collector = runtime.current().collector
    if to is None:
        return collector.live(source.name, minutes).answering(request_id)
    window = Window.ending(parse_instant(to, now=now), minutes=minutes)
    return collector.past(source.name, window).answering(request_id)


def _request_id(request: Request) -> str:
    """The client's own where it is well formed, else a new one."""
    given = request.headers.get("X-Request-Id", "")
    return given if re.fullmatch(REQUEST_ID_PATTERN, given) else new_request_id()


def _refusal(status: int, code: str, message: str, request_id: str) -> Response:
    body = {"code": code, "message": message, "requestId": request_id}
    return JSONResponse(body, status, headers={"X-Request-Id": request_id})


def file_name(snapshot: Snapshot) -> str:
    """`video_tasks_20260130T100000Z_req-1.json`; source and requestId are plain ASCII names."""
    to = snapshot.window.to.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{snapshot.source}_{to}_{snapshot.request_id}.json"


async def unknown(_request: Request) -> Response:
    """Streamlit would answer with its page, and a 200."""
    return JSONResponse({"error": "no such path"}, 404)
