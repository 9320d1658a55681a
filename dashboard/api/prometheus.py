"""GET /metrics: the figures of each source as Prometheus text, from the snapshots that all see.

What cannot be measured is absent: it is neither 0 nor NaN. Counts are gauges of a window, not
counters, so alert on them as they are, without rate().
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from dashboard import logs, runtime
from dashboard.api.health import ArchiveHealth, archive_health
from dashboard.api.query import Query
from metrics_core import Snapshot, Source, StillframeError
from metrics_core.sides import FLOWS, LATENCIES, WAITING
from metrics_core.states import OPEN_STATES

QUANTILES = {"p50": "0.5", "p95": "0.95", "p99": "0.99"}
MS = 1_000

Sample = tuple[tuple[str, ...], float | None]
"""The values of a gauge's labels, but for its source, and what was measured."""


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """One gauge, read from a snapshot of each source."""

    name: str
    text: str
    labels: tuple[str, ...] = ()
    samples: Callable[[Snapshot], Iterable[Sample]]


def prometheus(request: Request, query: Query) -> Response:
    """All sources, or the one named; over the last `minutes` where a figure is of a window."""
    sources = runtime.current().sources.values()
    asked = list(sources) if query.get("source") is None else [query.source()]
    minutes, request_id = query.number("minutes"), logs.request_id.get()
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        taken = pool.map(lambda source: _latest(source, minutes, request_id), asked)
        found = {source.name: snapshot for source, snapshot in zip(asked, taken, strict=True)}
    registry = CollectorRegistry()
    registry.register(_Collected(found))
    text, kind = _written(registry, request.headers.get("Accept", ""))
    return Response(text, headers={"Content-Type": kind})


def _written(registry: CollectorRegistry, accept: str) -> tuple[bytes, str]:
    """The text in the form that is asked for, and its media type."""
    try:
        encode, kind = choose_encoder(accept)
        return encode(registry), kind
    except TypeError:  # the library compares a version that is a word with numbers
        encode, kind = choose_encoder("")
        return encode(registry), kind


def _latest(source: Source, minutes: int, request_id: str | None) -> Snapshot | None:
    try:
        return runtime.current().collector.live(source.name, minutes, request_id=request_id)
    except StillframeError:
        return None


class _Collected(Collector):
    """What one request brought together, in the form that the library writes."""

    def __init__(self, snapshots: Mapping[str, Snapshot | None]) -> None:
        self._snapshots = snapshots

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("stillframe_build_info", "Always 1.", labels=["version"])
        build.add_metric([version("stillframe")], 1)
        yield build
        up = GaugeMetricFamily(
            "stillframe_up",
            "1 where the figures of the source are LIVE, else 0.",
            labels=["source"],
        )
        for source, snapshot in self._snapshots.items():
            up.add_metric([source], float(snapshot is not None and _is_live(snapshot)))
        yield up
        yield from _archive(archive_health(runtime.current().archive))
        yield _rules(self._snapshots)
        for gauge in GAUGES:
            yield self._family(gauge)

    def _family(self, gauge: Gauge) -> Metric:
        family = GaugeMetricFamily(gauge.name, gauge.text, labels=["source", *gauge.labels])
        for source, snapshot in self._snapshots.items():
            for labels, value in gauge.samples(snapshot) if snapshot else ():
                if value is not None:
                    family.add_metric([source, *labels], value)
        return family


def _archive(health: ArchiveHealth | None) -> Iterator[Metric]:
    """Nothing where no archive is set."""
    if health is None:
        return
    text = "1 where the archive can be read and took the latest snapshot, else 0."
    yield GaugeMetricFamily("stillframe_archive_up", text, value=health.state == "OK")
    if health.records is not None:
        text = "Records in the archive's chain."
        yield GaugeMetricFamily("stillframe_archive_records", text, value=health.records)


def _rules(sources: Iterable[str]) -> Metric:
    """Rules of which it is known."""
    text = "1 where the rule of the flight recorder holds, else 0."
    family = GaugeMetricFamily("stillframe_rule_holds", text, labels=["source", "rule"])
    for source in sources:
        for state in runtime.current().recorder.states(source):
            if state.holds is not None:
                family.add_metric([source, state.rule.text], float(state.holds))
    return family


def _is_live(snapshot: Snapshot) -> bool:
    return snapshot.provenance.freshness.state == "LIVE"


def _window_seconds(snapshot: Snapshot) -> Iterator[Sample]:
    yield (), snapshot.window.minutes * 60


def _age(snapshot: Snapshot) -> Iterator[Sample]:
    yield (), (datetime.now(UTC) - snapshot.window.to).total_seconds()


def _flows(snapshot: Snapshot) -> Iterator[Sample]:
    for name in FLOWS:
        yield (name,), getattr(snapshot.tasks, name)


def _states(snapshot: Snapshot) -> Iterator[Sample]:
    for name in OPEN_STATES:
        yield (name,), getattr(snapshot.tasks, name)


def _failure_rate(snapshot: Snapshot) -> Iterator[Sample]:
    yield (), snapshot.failure_rate


def _percentiles(snapshot: Snapshot) -> Iterator[Sample]:
    for name in LATENCIES:
        latency = getattr(snapshot.latency, f"{name}_ms")
        for percentile, quantile in QUANTILES.items():
            ms = getattr(latency, percentile)
            yield (name, quantile), None if ms is None else ms / MS


def _latency_samples(snapshot: Snapshot) -> Iterator[Sample]:
    for name in LATENCIES:
        yield (name,), getattr(snapshot.latency, f"{name}_ms").samples


def _oldest(snapshot: Snapshot) -> Iterator[Sample]:
    for state in WAITING:
        ms = getattr(snapshot.backlog, state).oldest_age_ms
        yield (state,), None if ms is None else ms / MS


def _top_errors(snapshot: Snapshot) -> Iterator[Sample]:
    for error in snapshot.top_errors:
        yield (error.code,), error.count


def _scan_seconds(snapshot: Snapshot) -> Iterator[Sample]:
    yield (), snapshot.provenance.duration_ms / MS


def _scan_rows(snapshot: Snapshot) -> Iterator[Sample]:
    yield (), snapshot.provenance.rows_scanned


GAUGES = (
    Gauge(
        name="stillframe_figures_age_seconds",
        text="How long ago the window of the figures ended.",
        samples=_age,
    ),
    Gauge(
        name="stillframe_window_seconds",
        text="Length of the window that flow, latency and errors are of.",
        samples=_window_seconds,
    ),
    Gauge(
        name="stillframe_window_tasks",
        text="Tasks that were created or ended in the window.",
        labels=("flow",),
        samples=_flows,
    ),
    Gauge(
        name="stillframe_tasks",
        text="Tasks that are in this state at the window's end, whenever they were created.",
        labels=("state",),
        samples=_states,
    ),
    Gauge(
        name="stillframe_failure_rate",
        text="failed / (completed + failed) in the window, 0 to 1.",
        samples=_failure_rate,
    ),
    Gauge(
        name="stillframe_latency_seconds",
        text="Percentiles over the tasks that completed in the window.",
        labels=("latency", "quantile"),
        samples=_percentiles,
    ),
    Gauge(
        name="stillframe_latency_samples",
        text="How many tasks the percentiles are of.",
        labels=("latency",),
        samples=_latency_samples,
    ),
    Gauge(
        name="stillframe_backlog_oldest_age_seconds",
        text="Age of the oldest task in this state at the window's end.",
        labels=("state",),
        samples=_oldest,
    ),
    Gauge(
        name="stillframe_top_errors",
        text="Failures in the window by error code, the five largest.",
        labels=("code",),
        samples=_top_errors,
    ),
    Gauge(
        name="stillframe_scan_seconds",
        text="How long the scan behind the figures took.",
        samples=_scan_seconds,
    ),
    Gauge(
        name="stillframe_scan_rows",
        text="Rows that the scan behind the figures read.",
        samples=_scan_rows,
    ),
)
