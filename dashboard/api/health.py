"""Whether the process lives, is ready, and how its sources are."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import logs, runtime
from dashboard.api.query import Query
from dashboard.archiving import Archiving
from dashboard.flight_recorder import RuleState
from metrics_core import Source, StillframeError
from metrics_core.evidence import Freshness
from metrics_core.record import Count, Ms, Record, Utc

HEALTH_MINUTES = 60


class RuleHealth(Record):
    """A rule of the flight recorder, and its figure at the last look; null: not measurable.

    `HOLDS` from the snapshot that was recorded when it began to the one when it had ended.
    """

    rule: str
    state: Literal["HOLDS", "CALM", "UNKNOWN"]
    value: float | None
    of: str | None


class SourceHealth(Record):
    """How one source is: how fresh its figures are, of when, and what its role may do too much.

    `rules` are those of its `record_when`.
    """

    source: str
    freshness: Freshness
    as_of: Utc | None = None
    scan_ms: Ms | None = None
    role_warning: str | None = None
    rules: tuple[RuleHealth, ...] = ()


class ArchiveHealth(Record):
    """How the archive does; its path is nobody's business here.

    `FAILING` where it cannot be read, or did not take the latest snapshot; `last_error` tells why a
    snapshot was not archived last, since the start. `records` and `head` are those of its chain:
    its length and its last hash, null where it cannot be read.
    """

    state: Literal["OK", "FAILING"]
    records: Count | None
    head: str | None
    last_error: str | None = None
    last_error_at: Utc | None = None


class Health(Record):
    """How Stillframe is; `archive` is null where none is set.

    `degraded` where the figures of any source are not LIVE, or the archive is FAILING.
    """

    version: str
    status: Literal["ok", "degraded"]
    sources: tuple[SourceHealth, ...]
    archive: ArchiveHealth | None


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
    archive = archive_health(held.archive)
    is_live = all(one.freshness.state == "LIVE" for one in found)
    is_well = is_live and (archive is None or archive.state == "OK")
    report = Health(
        version=version("stillframe"),
        status="ok" if is_well else "degraded",
        sources=tuple(found),
        archive=archive,
    )
    return Response(report.model_dump_json(by_alias=True), media_type="application/json")


def archive_health(archive: Archiving) -> ArchiveHealth | None:
    """The state of the process's archive; None where none is set."""
    if not archive.is_set:
        return None
    head = archive.head()
    at, error = archive.last_failure or (None, None)
    return ArchiveHealth(
        state="FAILING" if head is None or archive.is_failing else "OK",
        records=head.sequence if head else None,
        head=head.hash if head else None,
        last_error=error,
        last_error_at=at,
    )


def _source_health(source: Source, *, request_id: str | None) -> SourceHealth:
    held = runtime.current()
    rules = tuple(_rule_health(state) for state in held.recorder.states(source.name))
    known = SourceHealth(
        source=source.name,
        freshness=Freshness(state="UNAVAILABLE"),
        role_warning=held.roles.warning(source.name) or None,
        rules=rules,
    )
    try:
        snapshot = held.collector.live(source.name, HEALTH_MINUTES, request_id=request_id)
    except StillframeError as error:
        freshness = Freshness(state="UNAVAILABLE", reason=error.reason)
        return known.model_copy(update={"freshness": freshness})
    seen = {
        "freshness": snapshot.provenance.freshness,
        "as_of": snapshot.window.to,
        "scan_ms": snapshot.provenance.duration_ms,
    }
    return known.model_copy(update=seen)


def _rule_health(state: RuleState) -> RuleHealth:
    words: dict[bool | None, Literal["HOLDS", "CALM", "UNKNOWN"]]
    words = {True: "HOLDS", False: "CALM", None: "UNKNOWN"}
    found = state.found
    return RuleHealth(
        rule=state.rule.text,
        state=words[state.holds],
        value=found.value if found else None,
        of=found.of if found else None,
    )
