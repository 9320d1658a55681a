"""Answers that the API's description shows, in the contracts' own figures where they have some."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from dashboard.api.health import ArchiveHealth, Health, RuleHealth, SourceHealth
from metrics_core.evidence import Freshness
from metrics_core.failures_recent import FailedRun, RecentFailures
from metrics_core.overview import Overview

END = datetime(2026, 2, 7, 22, tzinfo=UTC)
PROMETHEUS_TEXT = """\
# HELP stillframe_up 1 where the figures of the source are LIVE, else 0.
# TYPE stillframe_up gauge
stillframe_up{source="video_tasks"} 1.0
"""


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
                rules=(RuleHealth(rule="failure_rate > 0.2", state="CALM", value=0.0588, of=None),),
            ),
        ),
        archive=ArchiveHealth(state="OK", records=128, head="5f" * 32),
    )
    return example.model_dump(mode="json", by_alias=True)


def overview_example() -> Any:
    """A day's runs of one tenant."""
    example = Overview(
        window_start=END - timedelta(hours=24),
        window_end=END,
        window_hours=24,
        filters={"window_hours": 24, "tenant_id": "t1"},
        total_runs=120,
        successful_runs=114,
        failed_runs=6,
        success_rate=95.0,
        total_cost_usd=3.21,
        avg_latency_ms=8123.4,
    )
    return example.model_dump(mode="json")


def failures_example() -> Any:
    """The one failed run of a tenant."""
    run = FailedRun(
        run_id="run-7",
        agent_id="planner",
        workflow_id="triage",
        error_type="TOOL_TIMEOUT",
        occurred_at=END - timedelta(minutes=3),
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
    )
    example = RecentFailures(
        window_start=END - timedelta(hours=168),
        window_end=END,
        filters={"limit": 50, "tenant_id": "t1"},
        failures=(run,),
    )
    return example.model_dump(mode="json")
