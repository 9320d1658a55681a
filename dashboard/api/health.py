"""Whether the process lives, is ready, and how its sources are."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import logs, runtime
from dashboard.api.query import Query
from metrics_core import Source, StillframeError
from metrics_core.evidence import Freshness
from metrics_core.record import Ms, Record, Utc

HEALTH_MINUTES = 60


class SourceHealth(Record):
    """How one source is: how fresh its figures are, of when, and what its role may do too much."""

    source: str
    freshness: Freshness
    as_of: Utc | None = None
    scan_ms: Ms | None = None
    role_warning: str | None = None


class Health(Record):
    """How Stillframe is; `degraded` where the figures of any source are not LIVE."""

    version: str
    status: Literal["ok", "degraded"]
    sources: tuple[SourceHealth, ...]
    archive: None


def healthz(_request: Request) -> Response:
    """That the process answers; no data at all."""
    return PlainTextResponse("ok")


def readyz(_request: Request) -> Response:
    """That it has warmed up and may be sent visitors; no data at all."""
    if runtime.current().ready.is_set():
        return PlainTextResponse("ready")
    return PlainTextResponse("starting", 503)


def health(_request: Request, _query: Query) -> Response:
    """The version, and how fresh each source's figures are now."""
    held = runtime.current()
    with ThreadPoolExecutor(max_workers=max(1, len(held.sources))) as pool:
        look = partial(_source_health, request_id=logs.request_id.get())
        found = list(pool.map(look, held.sources.values()))
    is_well = all(one.freshness.state == "LIVE" for one in found)
    report = Health(
        version=version("stillframe"),
        status="ok" if is_well else "degraded",
        sources=tuple(found),
        archive=None,
    )
    return Response(report.model_dump_json(by_alias=True), media_type="application/json")


def _source_health(source: Source, *, request_id: str | None) -> SourceHealth:
    held = runtime.current()
    warning = held.roles.warning(source.name) or None
    try:
        snapshot = held.collector.live(source.name, HEALTH_MINUTES, request_id=request_id)
    except StillframeError as error:
        freshness = Freshness(state="UNAVAILABLE", reason=error.reason)
        return SourceHealth(source=source.name, freshness=freshness, role_warning=warning)
    return SourceHealth(
        source=source.name,
        freshness=snapshot.provenance.freshness,
        as_of=snapshot.window.to,
        scan_ms=snapshot.provenance.duration_ms,
        role_warning=warning,
    )
