"""Presets on large tables with the indexes of their systems: none is read whole for no reason.

Where a system has no index that serves the window the doctor names one, and with that it is served.
`python -m tests.benchmarks.preset_plans` does the same with a million rows in each table.
"""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from metrics_core import Window, take_snapshot
from metrics_core.index_advice import ScanPlan
from tests.databases import Connection
from tests.job_tables import drop_schemas, make_in_postgresql, schema_of
from tests.large_tables import LARGE_SYSTEMS, make_large_table, preset_source
from tests.planned import WINDOW, named, planned, read_whole

ROWS = 10_000
NOTHING_SERVES = ("graphile_worker",)
"""It keeps no ended tasks: what is read is the backlog."""
NAMED = {
    "airflow_dag_run": ["end_date", "queued_at"],
    "airflow_task_instance": ["CASE", "COALESCE(scheduled_dttm, queued_dttm)"],
    "celery": ["status"],
    "django_q2": ["started", "stopped"],
    "django_tasks_db": ["enqueued_at", "finished_at"],
    "pgboss": ["completed_on", "created_on"],
    "pgboss_10": ["completed_on", "created_on"],
    "prefect": ["created"],
    "procrastinate": ["at"],
    "video_tasks": ["created_at", "COALESCE(completed_at, failed_at, cancelled_at)"],
}
"""What the doctor names for an index, of systems that have none that serves the window."""

BOUNDED_INSIDE = ("celery", "django_celery_results", "oban", "river", "solid_queue")


@pytest.fixture
def database(postgres_url: str) -> Iterator[Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection
    drop_schemas(postgres_url)


@pytest.fixture
def plan(database: Connection, postgres_url: str, name: str) -> ScanPlan:
    make_large_table(database, name, rows=ROWS)
    return planned(preset_source(name, postgres_url))


@pytest.mark.parametrize("name", [n for n in LARGE_SYSTEMS if n not in (*NAMED, *NOTHING_SERVES)])
def test_a_system_that_has_an_index_is_read_by_it(plan: ScanPlan, name: str) -> None:
    assert read_whole(plan) == []
    assert named(plan) == []


@pytest.mark.parametrize("name", NAMED)
def test_where_a_system_has_none_the_doctor_names_one_that_serves(
    database: Connection, postgres_url: str, plan: ScanPlan, name: str
) -> None:
    proposed = [need.expression for table in plan.tables for need in table.missing if table.large]
    assert read_whole(plan) != []
    assert len(proposed) == len(NAMED[name])
    for found, start in zip(proposed, NAMED[name], strict=True):
        assert found.startswith(start)
    for statement in [*named(plan), "ANALYZE"]:
        database.execute(statement.encode())
    after = planned(preset_source(name, postgres_url))
    assert read_whole(after) == []
    assert named(after) == []


ELIXIRS = """
DROP INDEX oban_jobs_completed_at_idx, oban_jobs_cancelled_at_idx, oban_jobs_discarded_at_idx;
CREATE INDEX ON oban_jobs (state, cancelled_at);
CREATE INDEX ON oban_jobs (state, discarded_at)
"""


def test_an_index_may_begin_with_what_is_fixed_beside(
    database: Connection, postgres_url: str
) -> None:
    make_large_table(database, "oban", rows=ROWS)
    database.execute(ELIXIRS.encode())
    missing = "CREATE INDEX CONCURRENTLY ON public.oban_jobs (completed_at);"
    assert named(planned(preset_source("oban", postgres_url))) == [missing]


UNINDEXED = """
DROP INDEX oban_jobs_completed_at_idx, oban_jobs_cancelled_at_idx, oban_jobs_discarded_at_idx,
  oban_jobs_state_queue_priority_scheduled_at_id_idx
"""


def test_an_index_that_postgresql_would_refuse_is_not_named_where_others_serve(
    database: Connection, postgres_url: str
) -> None:
    """An end that depends on a state as text is not immutable; the columns behind it serve."""
    make_large_table(database, "oban", rows=ROWS)
    database.execute(UNINDEXED.encode())
    statements = named(planned(preset_source("oban", postgres_url)))
    assert not [statement for statement in statements if "CASE" in statement]
    for statement in [*statements, "ANALYZE"]:
        database.execute(statement.encode())
    assert read_whole(planned(preset_source("oban", postgres_url))) == []


@pytest.mark.parametrize("name", BOUNDED_INSIDE)
@pytest.mark.parametrize("minutes_earlier", [0, 30, 90])
def test_bounds_inside_of_a_preset_change_no_figure(
    database: Connection, postgres_url: str, name: str, minutes_earlier: int
) -> None:
    make_in_postgresql(database, name, schema_of(name))
    bounded = preset_source(name, postgres_url)
    select, where, _ = bounded.sql.partition("\nWHERE ")
    assert where
    unbounded = bounded.model_copy(update={"sql": select})
    window = Window.ending(WINDOW.end - timedelta(minutes=minutes_earlier), minutes=60)
    contents = {take_snapshot(source, window).digest.content for source in (bounded, unbounded)}
    assert len(contents) == 1


@pytest.mark.parametrize("name", NOTHING_SERVES)
def test_what_no_index_can_serve_gets_none_named(plan: ScanPlan, name: str) -> None:
    assert len(read_whole(plan)) == 1
    assert named(plan) == []
