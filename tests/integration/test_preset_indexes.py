"""Presets on large tables with the indexes of their systems: none is read whole."""

from collections.abc import Iterator

import psycopg
import pytest

from metrics_core.connect import open_database
from metrics_core.plan import readings
from metrics_core.postgresql import Postgresql
from metrics_core.presets import preset_settings
from metrics_core.scan import wanted_columns
from metrics_core.source import Source
from metrics_core.statement import bounded_select, scan_statement
from tests.databases import Connection
from tests.integration.test_job_systems import WINDOW
from tests.job_tables import drop_schemas, make_in_postgresql, schema_of

ROWS = 20_000
AT = "timestamptz '2026-01-30 10:00Z' - n * interval '10 seconds'"
EACH = f"FROM generate_series(1, {ROWS}) AS n"
AT_EACH = f"{AT} {EACH}"
LARGE = {
    "procrastinate": f"""
        INSERT INTO procrastinate_jobs (id, status) SELECT 100 + n, 'succeeded' {EACH};
        INSERT INTO procrastinate_events (job_id, type, at) SELECT 100+n, 'succeeded', {AT_EACH};
        CREATE INDEX ON procrastinate_jobs (id, lock) WHERE status IN ('todo', 'doing');
        CREATE INDEX ON procrastinate_events (job_id);
        -- Not one of Procrastinate's own, but the one that the preset's header advises.
        CREATE INDEX ON procrastinate_events (at)""",
    "pgqueuer": f"""
        INSERT INTO pgqueuer_log (job_id, status, created) SELECT 100 + n, 'queued', {AT_EACH};
        CREATE INDEX ON pgqueuer_log (created);
        CREATE INDEX ON pgqueuer_log (job_id, created DESC)""",
    "river": f"""
        INSERT INTO river_job (state, created_at, finalized_at) SELECT 'completed', {AT}, {AT_EACH};
        CREATE INDEX ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
        CREATE INDEX ON river_job (state, queue, priority, scheduled_at, id)""",
    "good_job": f"""
        INSERT INTO good_jobs (created_at, finished_at) SELECT {AT}, {AT_EACH};
        CREATE INDEX ON good_jobs (created_at);
        CREATE INDEX ON good_jobs (finished_at) WHERE finished_at IS NOT NULL;
        CREATE INDEX ON good_jobs (priority, created_at) WHERE finished_at IS NULL""",
    "solid_queue": f"""
        INSERT INTO solid_queue_jobs (id, created_at, finished_at) SELECT 9 + n, {AT}, {AT_EACH};
        CREATE INDEX ON solid_queue_jobs (finished_at)""",
    "django_celery_results": f"""
        INSERT INTO django_celery_results_taskresult (id, task_id, status, date_done)
        SELECT 100 + n, n::text, 'SUCCESS', {AT_EACH};
        CREATE INDEX ON django_celery_results_taskresult (status);
        CREATE INDEX ON django_celery_results_taskresult (date_done)""",
    "dbos": f"""
        INSERT INTO workflow_status (workflow_uuid, status, created_at, completed_at)
        SELECT 'x' || n, 'SUCCESS', 1769767200000 - n * 10000, 1769767200000 - n * 10000 {EACH};
        CREATE INDEX ON workflow_status (created_at);
        CREATE INDEX ON workflow_status (completed_at)""",
}


@pytest.fixture
def database(postgres_url: str) -> Iterator[Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection
    drop_schemas(postgres_url)


@pytest.mark.parametrize("name", LARGE)
def test_a_large_table_with_its_systems_indexes_is_not_read_whole(
    database: Connection, postgres_url: str, name: str
) -> None:
    make_in_postgresql(database, name, schema_of(name))
    database.execute(f"SET search_path = {schema_of(name)}".encode())
    database.execute(LARGE[name].encode())
    database.execute("ANALYZE")
    settings = preset_settings(name, "postgresql")
    source = Source.model_validate({**settings, "name": name, "url": postgres_url})
    assert whole(source) & large(database) == set()


def large(database: Connection) -> set[str]:
    """The tables of some thousand rows."""
    rows = database.execute("SELECT relname FROM pg_class WHERE reltuples > 1000 AND relkind = 'r'")
    return {str(name) for (name,) in rows.fetchall()}


def whole(source: Source) -> set[str]:
    """The tables that a scan of the window would read from their beginning to their end."""
    with open_database(source) as opened, opened.transaction():
        assert isinstance(opened, Postgresql)
        select = bounded_select(opened, source, WINDOW)
        wanted = wanted_columns(source, opened.columns(select))
        plan = opened.plan(scan_statement(opened, wanted, select, WINDOW, {}))
    return {reading.name for reading in readings(plan) if "Seq Scan" in reading.nodes}
