"""The table of operations: each path of the API with what answers it and its description.

Routes and OpenAPI are both made from it, so that neither can forget one.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard import runtime
from dashboard.api.example_answers import (
    PROMETHEUS_TEXT,
    failures_example,
    health_example,
    overview_example,
    snapshot_example,
)
from dashboard.api.health import Health, health, healthz, readyz
from dashboard.api.openapi import description
from dashboard.api.operation import Operation, WholeNumber
from dashboard.api.prometheus import prometheus
from dashboard.api.query import Query
from dashboard.api.runs import failures, overview
from dashboard.api.snapshot import metrics_snapshot
from dashboard.base_path import base_of
from metrics_core import Snapshot
from metrics_core.failures_recent import DEFAULT_LIMIT, LARGEST_LIMIT, RecentFailures
from metrics_core.overview import SCOPE_IDS, Overview
from metrics_core.snapshot import snapshot_json_schema

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
MINUTES = WholeNumber(
    name="minutes",
    meaning="Length of the window in minutes, as ASCII digits.",
    default=60,
    most=1440,
)
HOURS = WholeNumber(
    name="window_hours",
    meaning="Length of the window in hours, as ASCII digits.",
    default=24,
    most=168,
)
LIMIT = WholeNumber(
    name="limit", meaning="The most runs to list.", default=DEFAULT_LIMIT, most=LARGEST_LIMIT
)


def openapi(request: Request, _query: Query) -> Response:
    """The description of the API as it is served here: with these sources and dimensions."""
    held = runtime.current()
    return JSONResponse(
        description(
            OPERATIONS,
            held.sources,
            cookie_name=held.sessions.cookie_name,
            server=base_of(request.scope) or "/",
        )
    )


def snapshot_schema(_request: Request, _query: Query) -> Response:
    """The JSON Schema of the snapshot document."""
    return JSONResponse(snapshot_json_schema(), media_type="application/schema+json")


METRICS_SNAPSHOT = Operation(
    path="/api/admin/metrics-snapshot",
    answer=metrics_snapshot,
    name="metricsSnapshot",
    summary="Counts, latencies and leading errors of a window",
    meaning="The window of `minutes` that ends at `to`, or now. All figures come from one "
    "scan, so they agree. The same past window of unchanged rows has the same ETag. With "
    "`archive=1` the answer is in the archive, on the disk, before it is given; the same document "
    "is stored once.",
    body=Snapshot,
    example=snapshot_example(),
    numbers=(MINUTES,),
    asks=("source", "to", "scope", "archive"),
    conditional=True,
    unavailable=503,
)
HEALTH = Operation(
    path="/api/admin/health",
    answer=health,
    name="health",
    summary="How Stillframe and its sources are",
    meaning="`degraded` where the figures of any source are not LIVE, or the archive is FAILING. "
    "It is a 200 all the same: the process is well.",
    body=Health,
    example=health_example(),
)
OVERVIEW = Operation(
    path="/v1/metrics/overview",
    answer=overview,
    name="metricsOverview",
    summary="How many runs ended, how well, how fast, and what they cost",
    meaning="Runs are tasks that completed or failed in the `window_hours` before `to`, or now. An "
    "empty set is zeros. Equal data and window give equal bytes. An empty scope id is absent.",
    body=Overview,
    example=overview_example(),
    numbers=(HOURS,),
    asks=("source", "to", "scope"),
    scope_ids=SCOPE_IDS,
    conditional=True,
    unavailable=500,
)
RECENT_FAILURES = Operation(
    path="/v1/failures/recent",
    answer=failures,
    name="recentFailures",
    summary="The newest failed runs, newest first",
    meaning="Of the 168 hours before `to`, or now. An empty scope id is absent.",
    body=RecentFailures,
    example=failures_example(),
    numbers=(LIMIT,),
    asks=("source", "to", "scope"),
    scope_ids=SCOPE_IDS,
    conditional=True,
    unavailable=500,
)
PROMETHEUS = Operation(
    path="/metrics",
    answer=prometheus,
    name="prometheus",
    summary="The figures of now for Prometheus",
    meaning="Gauges of every source, or of the one named: counts of the last `minutes`, "
    "percentiles, ages, the scan, freshness. What cannot be measured is absent.",
    example=PROMETHEUS_TEXT,
    media_types=("text/plain", "application/openmetrics-text"),
    numbers=(MINUTES,),
    asks=("source",),
)
OPENAPI = Operation(
    path="/openapi.json",
    answer=openapi,
    name="openapi",
    summary="This description",
    meaning="OpenAPI 3.1, with the sources and dimensions that are configured here.",
    body={"type": "object", "required": ["openapi", "info", "paths"]},
    example={"openapi": "3.1.0", "info": {"title": "Stillframe"}, "paths": {}},
)
SNAPSHOT_SCHEMA = Operation(
    path="/schemas/snapshot.json",
    answer=snapshot_schema,
    name="snapshotSchema",
    summary="The snapshot's JSON Schema",
    meaning="JSON Schema 2020-12 of the snapshot document, to check downloads with.",
    body={"type": "object", "required": ["$schema", "properties"]},
    media_types=("application/schema+json",),
    example={"$schema": SCHEMA_DIALECT, "title": "Snapshot", "properties": {}},
)
HEALTHZ = Operation(
    path="/healthz",
    answer=healthz,
    name="healthz",
    summary="That the process answers",
    meaning="No data at all; needs no secret.",
    media_types=("text/plain",),
    example="ok",
)
READYZ = Operation(
    path="/readyz",
    answer=readyz,
    name="readyz",
    summary="That it may be sent visitors",
    meaning="503 until it has warmed up. No data at all; needs no secret.",
    media_types=("text/plain",),
    example="ready",
    unavailable=503,
)
OPERATIONS = (
    METRICS_SNAPSHOT,
    HEALTH,
    OVERVIEW,
    RECENT_FAILURES,
    PROMETHEUS,
    OPENAPI,
    SNAPSHOT_SCHEMA,
    HEALTHZ,
    READYZ,
)
"""Every operation, in the order in which they are described."""
