"""The second contract: the overview of runs, and the newest failures, for any source."""

from datetime import UTC, datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from dashboard import logs, runtime
from dashboard.api.conditional import json_answer
from dashboard.api.query import Query
from dashboard.api.snapshot import asked_snapshot
from dashboard.metrics_line import tell_metrics
from metrics_core import Source
from metrics_core.failures_recent import recent_failures
from metrics_core.overview import Answer, overview_of

PRESET = "agent_events"


def overview(request: Request, query: Query) -> Response:
    """How many runs ended in the last `window_hours` before `to` or now, how well and how fast."""
    source, scope = _source_and_scope(query)
    hours, to = query.number("window_hours"), query.to(now=datetime.now(UTC))
    snapshot = asked_snapshot(source, minutes=hours * 60, to=to, scope=scope)
    tell_metrics(snapshot, runtime.current().archive.stamp())
    return _answer(
        request, overview_of(snapshot, hours, scope), snapshot.provenance.freshness.state
    )


def failures(request: Request, query: Query) -> Response:
    """The newest failed runs before `to` or now."""
    source, scope = _source_and_scope(query)
    limit, to = query.number("limit"), query.to(now=datetime.now(UTC))
    found = runtime.current().collector.read(
        source.name,
        ("recent failures", limit, *scope.items()),
        lambda end, request_id: recent_failures(source, end, limit, scope, request_id=request_id),
        to=to,
        request_id=logs.request_id.get(),
    )
    return _answer(request, found, "LIVE")


def _source_and_scope(query: Query) -> tuple[Source, dict[str, str]]:
    """An empty scope id is an absent one."""
    source = query.source(preset=PRESET)
    return source, query.scope(source, blanks=False)


def _answer(request: Request, answer: Answer, freshness: str) -> Response:
    text = answer.to_json()
    etag = f'"{sha256(text.encode()).hexdigest()}"'
    return json_answer(request, text, etag=etag, freshness=freshness)
