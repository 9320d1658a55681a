"""Each known job system: found by its tables alone, and counted as its rows say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from metrics_core import Snapshot, Window, take_snapshot
from metrics_core.recognise import recognised_sources
from tests.job_tables import (
    CASES,
    drop_schemas,
    expected,
    make_in_postgresql,
    make_in_sqlite,
    schema_of,
)

WINDOW = Window.ending(datetime(2026, 1, 30, 10, tzinfo=UTC), minutes=60)
BESIDE = {"airflow_dag_run": "airflow_task_instance", "airflow_task_instance": "airflow_dag_run"}


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    yield postgres_url
    drop_schemas(postgres_url)


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path, name: str, dialect: str) -> str:
    """A database that holds the system's tables and no others."""
    if dialect == "sqlite":
        return make_in_sqlite(tmp_path / "queue.db", name)
    server: str = request.getfixturevalue("empty_database")
    with psycopg.connect(server, autocommit=True) as connection:
        make_in_postgresql(connection, name, schema_of(name))
    return server


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_a_system_is_found_and_its_figures_are_exact(url: str, name: str, dialect: str) -> None:
    sources = recognised_sources(url)
    assert {*sources} == {name, BESIDE.get(name, name)}
    found, wanted = take_snapshot(sources[name], WINDOW), expected(name, dialect)
    tasks = {k: "null" if v is None else v for k, v in found.tasks.model_dump().items()}
    assert {k: v for k, v in tasks.items() if k in wanted["tasks"] or v != "null"} == wanted[
        "tasks"
    ]
    assert codes(found) == wanted.get("errors", {})
    lacking = [each.figure for each in found.quality.not_measurable]
    assert sorted(lacking) == sorted(wanted.get("not_measurable", ()))
    assert p95(found) == wanted.get("p95", {})


def codes(found: Snapshot) -> dict[str, int]:
    return {each.code: each.count for each in found.errors.codes} if found.errors else {}


def p95(found: Snapshot) -> dict[str, int]:
    """Both latencies, where there is one."""
    latencies = {
        "time_to_processing": found.latency.time_to_processing_ms.p95,
        "time_to_complete": found.latency.time_to_complete_ms.p95,
    }
    return {name: ms for name, ms in latencies.items() if ms is not None}
