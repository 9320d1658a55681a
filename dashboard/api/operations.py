"""The table of operations: each path of the API with its endpoint and its description.

Routes and OpenAPI are both made from it, so that neither can forget one.
"""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard import runtime
from dashboard.api.endpoint import Endpoint
from dashboard.api.health import Health, SourceHealth, health, healthz, readyz
from dashboard.api.openapi import description
from dashboard.api.operation import Operation, WholeNumber
from dashboard.api.prometheus import prometheus
from dashboard.api.query import Query
from dashboard.api.snapshot import DEFAULT_MINUTES, MOST_MINUTES, metrics_snapshot
from metrics_core import Snapshot
from metrics_core.evidence import Freshness
from metrics_core.snapshot import snapshot_json_schema

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
MINUTES = WholeNumber(
    name="minutes",
    meaning="Length of the window in minutes, as ASCII digits.",
    default=DEFAULT_MINUTES,
    most=MOST_MINUTES,
)
METRICS_EXAMPLE = """\
# HELP stillframe_up 1 where the figures of the source are LIVE, else 0.
# TYPE stillframe_up gauge
stillframe_up{source="video_tasks"} 1.0
"""


def openapi(request: Request) -> Response:
    """The description of the API as it is served here: with these sources and dimensions."""
    Query(request.query_params, ())
    held = runtime.current()
    return JSONResponse(
        description(
            OPERATIONS,
            held.sources,
            cookie_name=held.sessions.cookie_name,
            server=request.scope.get("root_path") or "/",
        )
    )


def snapshot_schema(request: Request) -> Response:
    """The JSON Schema of the snapshot document."""
    Query(request.query_params, ())
    return JSONResponse(snapshot_json_schema(), media_type="application/schema+json")


def snapshot_example() -> Any:
    """A snapshot as it was once taken, of a window with the contract's figures."""
    text = files("dashboard.api").joinpath("examples", "metrics-snapshot.json").read_bytes()
    return json.loads(text)


def health_example() -> Any:
    """The health of a Stillframe whose one source is well."""
    example = Health(
        version="0.1.0",
        status="ok",
        sources=(
            SourceHealth(
                source="video_tasks",
                freshness=Freshness(state="LIVE"),
                as_of=datetime(2026, 1, 30, 10, tzinfo=UTC),
                scan_ms=41,
            ),
        ),
        archive=None,
    )
    return example.model_dump(mode="json", by_alias=True)


METRICS_SNAPSHOT = Operation(
    path="/api/admin/metrics-snapshot",
    endpoint=Endpoint(metrics_snapshot),
    name="metricsSnapshot",
    summary="Counts, latencies and leading errors of a window",
    meaning="The window of `minutes` that ends at `to`, or now. All figures come from one "
    "scan, so they agree. The same past window of unchanged rows has the same ETag.",
    body=Snapshot,
    example=snapshot_example(),
    numbers=(MINUTES,),
    asks=("source", "to", "scope"),
    conditional=True,
    unavailable=503,
)
HEALTH = Operation(
    path="/api/admin/health",
    endpoint=Endpoint(health),
    name="health",
    summary="How Stillframe and its sources are",
    meaning="`degraded` where the figures of any source are not LIVE. It is a 200 all the "
    "same: the process is well.",
    body=Health,
    example=health_example(),
)
PROMETHEUS = Operation(
    path="/metrics",
    endpoint=Endpoint(prometheus),
    name="prometheus",
    summary="The figures of now for Prometheus",
    meaning="Gauges of every source, or of the one named: counts of the last `minutes`, "
    "percentiles, ages, the scan, freshness. What cannot be measured is absent.",
    example=METRICS_EXAMPLE,
    media_types=("text/plain", "application/openmetrics-text"),
    numbers=(MINUTES,),
    asks=("source",),
)
OPENAPI = Operation(
    path="/openapi.json",
    endpoint=Endpoint(openapi),
    name="openapi",
    summary="This description",
    meaning="OpenAPI 3.1, with the sources and dimensions that are configured here.",
    body={"type": "object", "required": ["openapi", "info", "paths"]},
    example={"openapi": "3.1.0", "info": {"title": "Stillframe"}, "paths": {}},
)
SNAPSHOT_SCHEMA = Operation(
    path="/schemas/snapshot.json",
    endpoint=Endpoint(snapshot_schema),
    name="snapshotSchema",
    summary="The snapshot's JSON Schema",
    meaning="JSON Schema 2020-12 of the snapshot document, to check downloads with.",
    body={"type": "object", "required": ["$schema", "properties"]},
    media_types=("application/schema+json",),
    example={"$schema": SCHEMA_DIALECT, "title": "Snapshot", "properties": {}},
)
HEALTHZ = Operation(
    path="/healthz",
    endpoint=healthz,
    name="healthz",
    summary="That the process answers",
    meaning="No data at all; needs no secret.",
    media_types=("text/plain",),
    example="ok",
    open=True,
)
READYZ = Operation(
    path="/readyz",
    endpoint=readyz,
    name="readyz",
    summary="That it may be sent visitors",
    meaning="503 until it has warmed up. No data at all; needs no secret.",
    media_types=("text/plain",),
    example="ready",
    open=True,
    unavailable=503,
)
OPERATIONS = (
    METRICS_SNAPSHOT,
    HEALTH,
    PROMETHEUS,
    OPENAPI,
    SNAPSHOT_SCHEMA,
    HEALTHZ,
    READYZ,
)
"""Every operation, in the order in which they are described."""
