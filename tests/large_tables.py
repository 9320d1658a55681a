"""Large tables of known job systems, each with the indexes that the system itself makes.

A task was created each ten seconds until the hour before ten ended, and ended five seconds later;
a few hand-made ones are open. Made in bulk: unlogged, analysed once.
"""

from psycopg import sql

from metrics_core.presets import preset_settings
from metrics_core.source import Source
from tests import agent_events, video_tasks
from tests.databases import Connection
from tests.job_tables import SYSTEMS, make_in_postgresql, schema_of

LARGE_SYSTEMS = ("agent_events", *SYSTEMS, "video_tasks")
EACH = "FROM generate_series(1, {rows}) AS n"
BEGAN = "timestamptz '2026-01-30 10:00Z' - n * interval '10 s'"
ENDED = f"{BEGAN} + interval '5 s'"
NAIVE_BEGAN = BEGAN.replace("timestamptz", "timestamp").replace("Z", "")
NAIVE_ENDED = f"{NAIVE_BEGAN} + interval '5 s'"
BEGAN_MS = "1769767200000 - n * bigint '10000'"
PGBOSS_JOB = f"""
    INSERT INTO job (name, state, created_on, start_after, started_on, completed_on)
    SELECT 'mail', 'completed', {BEGAN}, {BEGAN}, {BEGAN}, {ENDED} {EACH}"""
PGBOSS_INDEX = """
    CREATE INDEX job_i11 ON job_common (name, priority DESC, created_on, start_after)
    WHERE state < 'active'"""
ROWS = {
    # An event each five minutes: it looks back eight days.
    "agent_events": f"""
    INSERT INTO agent_events (
      event_id, event_version, event_type, occurred_at, tenant_id, workspace_id, project_id, run_id,
      agent_id, workflow_id, trace_id, span_id, payload)
    SELECT gen_random_uuid(), '1', CASE n % 2 WHEN 0 THEN 'run.started' ELSE 'run.completed' END,
      {BEGAN} * 30, 't', 'w', 'p', 'run' || n / 2, 'a', 'f', 'x' || n, 's', '{{{{}}}}' {EACH}""",
    "airflow_dag_run": f"""
    INSERT INTO dag_run (id, dag_id, run_id, state, queued_at, run_after, start_date, end_date)
    SELECT 100 + n, 'etl', 'r' || n, 'success', {BEGAN}, {BEGAN}, {BEGAN}, {ENDED} {EACH}""",
    "airflow_task_instance": f"""
    INSERT INTO task_instance (
      id, run_id, state, scheduled_dttm, queued_dttm, start_date, end_date, updated_at)
    SELECT 'x' || n, 'r' || n, 'success', {BEGAN}, {BEGAN}, {BEGAN}, {ENDED}, {ENDED} {EACH}""",
    "celery": f"""
    INSERT INTO celery_taskmeta (id, task_id, status, date_done)
    SELECT 100 + n, 'x' || n, 'SUCCESS', {NAIVE_ENDED} {EACH}""",
    "dbos": f"""
    INSERT INTO workflow_status (workflow_uuid, status, created_at, updated_at, completed_at)
    SELECT 'x' || n, 'SUCCESS', {BEGAN_MS}, {BEGAN_MS} + 5000, {BEGAN_MS} + 5000 {EACH}""",
    "django_celery_results": f"""
    INSERT INTO django_celery_results_taskresult (id, task_id, status, date_created, date_done)
    SELECT 100 + n, 'x' || n, 'SUCCESS', {BEGAN}, {ENDED} {EACH}""",
    "django_q2": f"""
    INSERT INTO django_q_task (id, started, stopped, success)
    SELECT 'x' || n, {BEGAN}, {ENDED}, true {EACH}""",
    "django_tasks_db": f"""
    INSERT INTO django_tasks_database_dbtaskresult (
      id, status, enqueued_at, started_at, finished_at)
    SELECT gen_random_uuid(), 'SUCCESSFUL', {BEGAN}, {BEGAN}, {ENDED} {EACH}""",
    "good_job": f"""
    INSERT INTO good_jobs (created_at, performed_at, finished_at)
    SELECT {NAIVE_BEGAN}, {NAIVE_BEGAN}, {NAIVE_ENDED} {EACH}""",
    "graphile_worker": f"""
    INSERT INTO _private_jobs (id, attempts, max_attempts, created_at, run_at)
    SELECT 100 + n, 25, 25, {BEGAN}, {BEGAN} {EACH}""",
    "oban": f"""
    INSERT INTO oban_jobs (state, inserted_at, scheduled_at, attempted_at, completed_at)
    SELECT 'completed', {NAIVE_BEGAN}, {NAIVE_BEGAN}, {NAIVE_BEGAN}, {NAIVE_ENDED} {EACH}""",
    "pgboss": PGBOSS_JOB,
    "pgboss_10": PGBOSS_JOB.replace("INSERT INTO job", "INSERT INTO archive"),
    "pgqueuer": f"""
    INSERT INTO pgqueuer_log (job_id, status, created)
    SELECT 100 + n, 'queued', {BEGAN} {EACH};
    INSERT INTO pgqueuer_log (job_id, status, created)
    SELECT 100 + n, 'successful', {ENDED} {EACH}""",
    "prefect": f"""
    INSERT INTO flow_run_state (id, type) SELECT 'z' || n, 'COMPLETED' {EACH};
    INSERT INTO flow_run (
      id, state_id, state_type, created, expected_start_time, start_time, end_time)
    SELECT 'x' || n, 'z' || n, 'COMPLETED', {BEGAN}, {BEGAN}, {BEGAN}, {ENDED} {EACH}""",
    "procrastinate": f"""
    INSERT INTO procrastinate_jobs (id, status) SELECT 100 + n, 'succeeded' {EACH};
    INSERT INTO procrastinate_events (job_id, type, at) SELECT 100 + n, 'deferred', {BEGAN} {EACH};
    INSERT INTO procrastinate_events (job_id, type, at) SELECT 100 + n, 'succeeded', {ENDED} {EACH}
    """,
    "river": f"""
    INSERT INTO river_job (state, created_at, scheduled_at, attempted_at, finalized_at)
    SELECT 'completed', {BEGAN}, {BEGAN}, {BEGAN}, {ENDED} {EACH}""",
    "solid_queue": f"""
    INSERT INTO solid_queue_jobs (id, created_at, scheduled_at, finished_at)
    SELECT 100 + n, {NAIVE_BEGAN}, {NAIVE_BEGAN}, {NAIVE_ENDED} {EACH}""",
    "video_tasks": f"""
    INSERT INTO video_tasks (
      id, user_id, status, created_at, updated_at, processing_at, completed_at)
    SELECT 'x' || n, gen_random_uuid(), 'completed', {BEGAN}, {ENDED}, {BEGAN}, {ENDED} {EACH}""",
}
INDEXES = {
    "airflow_dag_run": """
    CREATE INDEX ON dag_run (run_after);
    CREATE INDEX ON dag_run (dag_id, state);
    CREATE INDEX ON dag_run (state, dag_id) WHERE state = 'running'""",
    "airflow_task_instance": """
    CREATE INDEX ON task_instance (state);
    CREATE INDEX ON task_instance (dag_id, state);
    CREATE INDEX ON task_instance (dag_id, task_id, run_id, state)""",
    # From release 5.7 on.
    "celery": "CREATE INDEX ON celery_taskmeta (date_done)",
    "dbos": """
    CREATE INDEX ON workflow_status (created_at);
    CREATE INDEX ON workflow_status (completed_at)""",
    "django_celery_results": """
    CREATE INDEX ON django_celery_results_taskresult (status);
    CREATE INDEX ON django_celery_results_taskresult (date_created);
    CREATE INDEX ON django_celery_results_taskresult (date_done)""",
    "django_tasks_db": """
    CREATE INDEX ON django_tasks_database_dbtaskresult (queue_name);
    CREATE INDEX ON django_tasks_database_dbtaskresult (backend_name)""",
    "good_job": """
    CREATE INDEX ON good_jobs (created_at);
    CREATE INDEX ON good_jobs (finished_at) WHERE finished_at IS NOT NULL;
    CREATE INDEX ON good_jobs (priority, created_at) WHERE finished_at IS NULL""",
    # Those of Python; Elixir's begin with state, as the last one does.
    "oban": """
    CREATE INDEX ON oban_jobs (completed_at) WHERE state = 'completed';
    CREATE INDEX ON oban_jobs (cancelled_at) WHERE state = 'cancelled';
    CREATE INDEX ON oban_jobs (discarded_at) WHERE state = 'discarded';
    CREATE INDEX ON oban_jobs (state, queue, priority, scheduled_at, id)""",
    "pgboss": PGBOSS_INDEX,
    "pgboss_10": PGBOSS_INDEX,
    "pgqueuer": """
    CREATE INDEX ON pgqueuer_log (created);
    CREATE INDEX ON pgqueuer_log (status);
    CREATE INDEX ON pgqueuer_log (job_id, created DESC)""",
    "prefect": """
    CREATE INDEX ON flow_run (end_time DESC);
    CREATE INDEX ON flow_run (start_time);
    CREATE INDEX ON flow_run (state_type);
    CREATE INDEX ON flow_run (expected_start_time)""",
    "procrastinate": """
    CREATE INDEX ON procrastinate_jobs (queue_name);
    CREATE INDEX ON procrastinate_jobs (id, lock) WHERE status IN ('todo', 'doing');
    CREATE INDEX ON procrastinate_events (job_id)""",
    "river": """
    CREATE INDEX ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
    CREATE INDEX ON river_job (state, queue, priority, scheduled_at, id);
    CREATE INDEX ON river_job (kind)""",
    "solid_queue": """
    CREATE INDEX ON solid_queue_jobs (finished_at);
    CREATE INDEX ON solid_queue_jobs (queue_name, finished_at);
    CREATE INDEX ON solid_queue_jobs (scheduled_at, finished_at);
    CREATE INDEX ON solid_queue_failed_executions (job_id);
    CREATE INDEX ON solid_queue_claimed_executions (job_id);
    CREATE INDEX ON solid_queue_scheduled_executions (job_id)""",
}
OWN_TABLES = {"agent_events": agent_events.TABLE, "video_tasks": video_tasks.TABLE}
TABLES = """
SELECT c.oid::regclass::text
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r'
"""


def make_large_table(connection: Connection, name: str, *, rows: int) -> None:
    """The system's tables with so many tasks, in its usual schema."""
    schema = schema_of(name)
    if name in OWN_TABLES:
        connection.execute(OWN_TABLES[name].encode())
    else:
        make_in_postgresql(connection, name, schema)
    connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
    connection.execute("SET timezone = 'UTC'")
    for (table,) in connection.execute(TABLES, [schema]).fetchall():
        connection.execute(f"ALTER TABLE {table} SET UNLOGGED".encode())
    connection.execute(ROWS[name].format(rows=rows).encode())
    connection.execute(INDEXES.get(name, "").encode())
    connection.execute("RESET search_path")
    connection.execute("ANALYZE")


def preset_source(name: str, url: str) -> Source:
    """The preset as a source of that database."""
    settings = preset_settings(name, "postgresql")
    return Source.model_validate({**settings, "name": name, "url": url})
