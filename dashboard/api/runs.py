"""The second contract: the overview of runs, and the newest failures, for any source."""

from datetime import UTC, datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from dashboard import logs, runtime
from dashboard.api.conditional import json_answer
from dashboard.api.query import Query
from dashboard.api.snapshot import all_dimensions, asked_snapshot
from metrics_core import Source
from metrics_core.choice import chosen_source
from metrics_core.failures_recent import DEFAULT_LIMIT, LARGEST_LIMIT, recent_failures
from metrics_core.overview import SCOPE_IDS, Answer, overview_of

PRESET = "agent_events"
DEFAULT_HOURS = 24
MOST_HOURS = 168
OVERVIEW_NAMES = ("window_hours", "source", "to")
FAILURES_NAMES = ("limit", "source", "to")


def overview(request: Request) -> Response:
    """How many runs ended in the last `window_hours` before `to` or now, how well and how fast."""
    query = _query(request, OVERVIEW_NAMES)
    source, scope = _source_and_scope(query)
    hours = query.whole_number("window_hours", default=DEFAULT_HOURS, most=MOST_HOURS)
    to = query.instant("to", now=datetime.now(UTC))
    snapshot = asked_snapshot(source, minutes=hours * 60, to=to, scope=scope)
    return _answer(
        request, overview_of(snapshot, hours, scope), snapshot.provenance.freshness.state
    )


def failures(request: Request) -> Response:
    """The newest failed runs before `to` or now."""
    query = _query(request, FAILURES_NAMES)
    source, scope = _source_and_scope(query)
    limit = query.whole_number("limit", default=DEFAULT_LIMIT, most=LARGEST_LIMIT)
    to = query.instant("to", now=datetime.now(UTC))
    found = runtime.current().collector.read(
        source.name,
        ("recent failures", limit, *scope.items()),
        lambda end, request_id: recent_failures(source, end, limit, scope, request_id=request_id),
        to=to,
        request_id=logs.request_id.get(),
    )
    return _answer(request, found, "LIVE")


def _query(request: Request, names: tuple[str, ...]) -> Query:
    sources = runtime.current().sources.values()
    return Query(
        request.query_params, dict.fromkeys((*names, *SCOPE_IDS, *all_dimensions(sources)))
    )


def _source_and_scope(query: Query) -> tuple[Source, dict[str, str]]:
    """An empty scope id is an absent one."""
    sources = runtime.current().sources
    source = chosen_source(sources, query.get("source"), preset=PRESET)
    names = dict.fromkeys((*SCOPE_IDS, *all_dimensions(sources.values())))
    return source, query.scope(source, [name for name in names if query.get(name)])


def _answer(request: Request, answer: Answer, freshness: str) -> Response:
    text = answer.to_json()
    etag = f'"{sha256(text.encode()).hexdigest()}"'
    return json_answer(request, text, etag=etag, freshness=freshness)
