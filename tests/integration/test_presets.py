"""The presets on the real tables: the demo's rows, in PostgreSQL with production's types."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dashboard.demo import make_demo
from metrics_core import Source, Window, take_snapshot
from metrics_core.presets import preset_settings
from tests.video_tasks import TABLE

NOW = datetime(2026, 1, 30, 10, tzinfo=UTC)
AGENT_EVENTS = """
CREATE TABLE agent_events (
  id bigserial,
  event_id uuid UNIQUE,
  event_type text,
  occurred_at timestamptz,
  tenant_id text NOT NULL,
  workspace_id text NOT NULL,
  project_id text NOT NULL,
  run_id text NOT NULL,
  agent_id text NOT NULL,
  workflow_id text NOT NULL,
  trace_id text NOT NULL,
  error_type text,
  cost_usd numeric(18, 6),
  payload jsonb NOT NULL
);
CREATE INDEX ON agent_events (run_id);
CREATE INDEX ON agent_events (event_type, occurred_at DESC)
"""
COLUMNS = {
    "video_tasks": "id, user_id, status, created_at, updated_at, processing_at, completed_at, "
    "failed_at, cancelled_at, error_message, engine",
    "agent_events": "id, event_id, event_type, occurred_at, tenant_id, workspace_id, project_id, "
    "run_id, agent_id, workflow_id, trace_id, error_type, cost_usd, payload",
}


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, seed=7, now=NOW)
    return folder / "demo.db"


@pytest.fixture(scope="module")
def production(demo_file: Path, postgres_url: str) -> Iterator[str]:
    """A PostgreSQL that holds the demo's rows in production's tables."""
    with (
        sqlite3.connect(demo_file) as demo,
        psycopg.connect(postgres_url, autocommit=True) as connection,
    ):
        for table, statement in (("video_tasks", TABLE), ("agent_events", AGENT_EVENTS)):
            connection.execute(statement.encode())
            _copy(demo, connection, table)
            connection.execute(sql.SQL(f"ANALYZE {table}"))
        yield postgres_url
        connection.execute("DROP TABLE video_tasks, agent_events")
    demo.close()


def _copy(
    demo: sqlite3.Connection, connection: psycopg.Connection[tuple[object, ...]], table: str
) -> None:
    target = sql.SQL(f"COPY {table} ({COLUMNS[table]}) FROM STDIN")
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        for row in demo.execute(f"SELECT {COLUMNS[table]} FROM {table}"):
            copy.write_row(row)


def preset(name: str, url: str) -> Source:
    dialect = url.split(":", 1)[0]
    return Source.model_validate({**preset_settings(name, dialect), "name": name, "url": url})


@pytest.mark.parametrize("name", ["video_tasks", "agent_events"])
@pytest.mark.parametrize("hours_ago", [0, 7, 23])
@pytest.mark.parametrize("minutes", [17, 60, 1440])
def test_a_preset_gives_the_same_figures_on_sqlite_and_postgresql(
    demo_file: Path, production: str, name: str, hours_ago: int, minutes: int
) -> None:
    window = Window.ending(NOW - timedelta(hours=hours_ago, microseconds=3), minutes=minutes)
    theirs = take_snapshot(preset(name, production), window)
    ours = take_snapshot(preset(name, f"sqlite:///{demo_file}"), window)
    assert (ours.tasks.completed or 0) > 10
    assert theirs.digest.content == ours.digest.content
    assert theirs.ledger is not None
    assert theirs.ledger.difference == 0


def test_video_tasks_knows_the_codes_of_its_catalogue(production: str) -> None:
    snapshot = take_snapshot(preset("video_tasks", production), Window.ending(NOW, minutes=1440))
    assert snapshot.errors is not None
    assert {
        "ENGINE_TIMEOUT",
        "ENGINE_RATE_LIMITED",
        "ENGINE_UNAVAILABLE",
        "ENGINE_AUTH_ERROR",
        "ENGINE_CIRCUIT_OPEN",
        "INVALID_PROMPT",
        "TASK_TIMEOUT",
        "UNKNOWN_ERROR",
    } <= {group.code for group in snapshot.errors.codes}


def test_agent_events_count_each_run_and_its_money_once(demo_file: Path, production: str) -> None:
    window = Window.ending(NOW, minutes=1440)
    snapshot = take_snapshot(preset("agent_events", production), window)
    with sqlite3.connect(demo_file) as demo:
        events = demo.execute(
            "SELECT event_type, run_id, occurred_at, cost_usd FROM agent_events "
            "ORDER BY occurred_at, id"
        ).fetchall()
    demo.close()
    calls: dict[str, int] = {}
    for kind, run, _, usd in events:
        if kind.startswith("model.call.") and usd is not None:
            calls[run] = calls.get(run, 0) + round(usd * 1_000_000)
    ends: dict[str, tuple[str, str, int]] = {}
    for kind, run, occurred_at, usd in events:
        if kind in ("run.completed", "run.failed") and run not in ends:
            millionths = calls.get(run, 0) if usd is None else round(usd * 1_000_000)
            ends[run] = (kind, occurred_at, millionths)
    begin, end = "2026-01-29T10:00:00", "2026-01-30T10:00:00"
    inside = [entry for entry in ends.values() if begin <= entry[1] < end]
    assert snapshot.tasks.completed == sum(kind == "run.completed" for kind, _, _ in inside)
    assert snapshot.tasks.failed == sum(kind == "run.failed" for kind, _, _ in inside)
    assert snapshot.cost is not None
    assert snapshot.cost.usd == sum(millionths for _, _, millionths in inside) / 1_000_000
