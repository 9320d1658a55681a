"""The doctor on a real PostgreSQL: what it proposes is what the planner then uses."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dashboard import doctor_text as layout
from metrics_core import Source
from metrics_core.doctor import Diagnosis, diagnosis
from metrics_core.doctor_report import report_of
from metrics_core.errors import DatabaseError, DatabaseHangs, SourceError
from metrics_core.index_advice import TableAdvice
from metrics_core.presets import preset_settings
from tests.databases import Connection, source
from tests.roles import as_role, new_role
from tests.video_tasks import video_tasks_source

ENDED = "COALESCE(completed_at, failed_at, cancelled_at)"


@pytest.fixture
def video_tasks(postgres_url: str, connection: Connection) -> Iterator[Source]:
    """The real table with 40,000 rows, of which 360 are of the last hour."""
    with video_tasks_source(postgres_url, connection, rows=40_000) as made:
        yield made


def examined(source: Source) -> Diagnosis:
    return diagnosis(source, now=datetime.now(UTC))


def tables(source: Source) -> tuple[TableAdvice, ...]:
    plan = examined(source).plan
    assert plan is not None
    return plan.tables


def doctor_text(found: Diagnosis) -> str:
    return layout.doctor_text(report_of(found))


def test_the_real_table_is_read_whole_until_it_has_the_proposed_indexes(
    video_tasks: Source, connection: Connection
) -> None:
    (before,) = tables(video_tasks)
    assert (before.table, before.rows, before.whole) == ("public.video_tasks", 40_000, True)
    proposed = [need.sql for need in before.missing]
    assert proposed == [
        "CREATE INDEX CONCURRENTLY ON public.video_tasks (created_at);",
        f"CREATE INDEX CONCURRENTLY ON public.video_tasks (({ENDED}));",
    ]
    for statement in [*proposed, "ANALYZE public.video_tasks"]:
        connection.execute(statement.encode())
    (after,) = tables(video_tasks)
    assert (after.whole, after.missing, after.nodes) == (False, (), ("Bitmap Heap Scan",))
    assert set(after.indexes) == {need.index for need in after.needs}
    assert [need.expression for need in after.needs] == ["created_at", ENDED]


def test_one_index_of_the_two_is_not_enough(video_tasks: Source, connection: Connection) -> None:
    connection.execute("CREATE INDEX by_creation ON video_tasks (created_at DESC)")
    (advice,) = tables(video_tasks)
    assert [need.index for need in advice.needs] == ["by_creation", None]
    text = doctor_text(examined(video_tasks))
    assert "NOT GOOD: public.video_tasks (about 40,000 rows)" in text
    assert "created_at has an index: by_creation." in text
    assert "ON public.video_tasks (created_at);" not in text


def test_partial_indexes_do_not_count(video_tasks: Source, connection: Connection) -> None:
    connection.execute("CREATE INDEX ON video_tasks (created_at) WHERE status = 'queued'")
    (advice,) = tables(video_tasks)
    assert [need.index for need in advice.needs] == [None, None]


def test_the_text_about_the_real_table(video_tasks: Source) -> None:
    text = doctor_text(examined(video_tasks))
    assert "source    video_tasks\nserver    PostgreSQL " in text
    assert "clock     good: it is " in text
    assert "role      NOT SAFE: its role " in text
    assert "\n    GRANT SELECT ON public.video_tasks TO stillframe_reader;\n" in text
    assert f"\n    CREATE INDEX CONCURRENTLY ON public.video_tasks (({ENDED}));\n" in text


def test_a_refused_role_is_examined_all_the_same(video_tasks: Source) -> None:
    refusing = video_tasks.model_copy(update={"unsafe_role": "refuse"})
    assert "NOT SAFE" in doctor_text(examined(refusing))


def test_a_small_table_needs_nothing_yet(postgres_url: str, connection: Connection) -> None:
    with video_tasks_source(postgres_url, connection, rows=1000) as small:
        text = " ".join(doctor_text(examined(small)).split())
    assert "good: public.video_tasks (about 1,000 rows)" in text
    assert "To do: it is small. Once it has grown, outside of a transaction" in text


def test_a_table_that_was_never_analysed_says_so(postgres_url: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE fresh (id text, status text, created_at date, finished_at date)"
    )
    text = doctor_text(examined(source(postgres_url, "SELECT * FROM fresh")))
    assert "its size is unknown to the server" in text
    assert "    ANALYZE public.fresh;" in text


def test_odd_names_and_aliases_are_proposed_as_an_index_takes_them(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute(
        'CREATE TABLE "Odd tasks" ("Id" int, "user" text, "Made.at" timestamp, "done at" bigint)'
    )
    connection.execute(
        """INSERT INTO "Odd tasks" SELECT n, 'x', timestamp '2020-01-01' + n * interval '1 min', n
           FROM generate_series(1, 20000) AS n"""
    )
    connection.execute('ANALYZE "Odd tasks"')
    select = """
        SELECT "user"."Id" AS id, 'completed' AS status, "user"."Made.at" AS created_at,
          "user"."Made.at" + "user"."done at" * interval '1 s' AS finished_at
        FROM "Odd tasks" AS "user"
    """
    (before,) = tables(source(postgres_url, select))
    assert before.missing[0].expression == '"Made.at"'
    for need in before.missing:
        connection.execute(need.sql.encode())
    connection.execute('ANALYZE "Odd tasks"')
    (after,) = tables(source(postgres_url, select))
    assert (len(after.needs), after.missing, after.whole) == (2, (), False)


def test_each_partition_gets_its_own_indexes(postgres_url: str, connection: Connection) -> None:
    columns = "id text, status text, created_at timestamptz, finished_at timestamptz"
    connection.execute(f"CREATE TABLE months ({columns}) PARTITION BY LIST (status)".encode())
    for status in ("completed", "failed"):
        partition = f"CREATE TABLE month_{status} PARTITION OF months FOR VALUES IN ('{status}')"
        connection.execute(partition.encode())
    advice = tables(source(postgres_url, "SELECT * FROM months"))
    assert [table.table for table in advice] == ["public.month_completed", "public.month_failed"]
    for table in advice:
        assert [need.expression for need in table.missing] == ["created_at", "finished_at"]


def test_what_no_index_can_serve_is_told(postgres_url: str, connection: Connection) -> None:
    connection.execute("CREATE TABLE event (task text, kind text, at timestamptz)")
    connection.execute(
        "INSERT INTO event SELECT n % 5000, 'x', now() FROM generate_series(1, 10000) AS n"
    )
    connection.execute("ANALYZE event")
    select = """
        SELECT task AS id, 'completed' AS status, min(at) AS created_at, max(at) AS finished_at
        FROM event GROUP BY task
    """
    found = examined(source(postgres_url, select))
    assert found.plan is not None
    assert found.plan.tables[0].needs == ()
    text = " ".join(doctor_text(found).split())
    assert "the window's condition does not reach this table" in text


def test_without_finished_at_every_scan_reads_everything(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute("CREATE TABLE endless (id text, status text, created_at timestamptz)")
    found = examined(source(postgres_url, "SELECT * FROM endless"))
    assert found.bounded is False
    assert "To do: give the SELECT a column finished_at" in doctor_text(found)


def test_the_preset_of_agent_events_can_be_examined(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE agent_events (id bigserial, event_type text, occurred_at timestamptz,"
        " tenant_id text, workspace_id text, project_id text, run_id text, agent_id text,"
        " workflow_id text, trace_id text, error_type text, cost_usd numeric(18, 6), payload jsonb)"
    )
    preset = preset_settings("agent_events", "postgresql")
    try:
        found = tables(Source(name="agents", url=postgres_url, **preset))
    finally:
        connection.execute("DROP TABLE agent_events")
    assert [table.table for table in found] == ["public.agent_events"]


def test_a_select_that_takes_too_long_is_given_up(postgres_url: str) -> None:
    """Its columns and its plan are told all the same: for these nothing of it is run."""
    select = (
        "SELECT pg_sleep(60)::text AS id, 'queued' AS status, now() - interval '1 h' AS created_at"
    )
    found = examined(source(postgres_url, select, deadline_seconds=0.5))
    assert "took longer than" in found.unread["sample"]
    text = doctor_text(found)
    assert "the SELECT reads no table" in text
    assert "rows      NOT GOOD: no sample of them was read: source tasks" in text


def test_no_row_is_read_by_a_role_that_is_refused(video_tasks: Source) -> None:
    found = examined(video_tasks.model_copy(update={"unsafe_role": "refuse"}))
    assert found.sample is None
    assert 'unsafe_role = "refuse"' in found.unread["sample"]


def test_a_sample_tells_what_is_odd(postgres_url: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE odd (id int, status text, created_at timestamp, finished_at timestamp)"
    )
    connection.execute(
        """INSERT INTO odd SELECT n, CASE WHEN n > 3 THEN 'completed' ELSE 'weird' END,
           now() AT TIME ZONE 'UTC' - n * interval '1 min',
           CASE WHEN n > 3 THEN now() AT TIME ZONE 'UTC' - n * interval '61 s' END
           FROM generate_series(1, 40) AS n"""
    )
    found = examined(source(postgres_url, "SELECT * FROM odd"))
    assert found.sample is not None
    assert (found.sample.rows, found.sample.complete, found.sample.minutes) == (40, True, 60)
    assert found.sample.nulls == {"status": 0, "created_at": 0, "finished_at": 3}
    assert {f.kind: f.count for f in found.sample.quality.findings} == {
        "unknown_status": 3,
        "end_before_beginning": 37,
    }
    assert found.times_of("naive") == ("created_at", "finished_at")
    assert found.latest is not None
    assert "the latest of them is" in doctor_text(found)


def test_naive_times_of_another_zone_lie_ahead_of_now(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute("CREATE TABLE east (id int, status text, created_at timestamp)")
    connection.execute(
        """INSERT INTO east SELECT n, 'queued', now() AT TIME ZONE 'Asia/Tokyo' - n * interval '1 h'
           FROM generate_series(1, 20) AS n"""
    )
    text = " ".join(doctor_text(examined(source(postgres_url, "SELECT * FROM east"))).split())
    assert "NOT GOOD: the latest of them lies 7 h 59 min ahead of now" in text
    right = source(postgres_url, "SELECT * FROM east", timezone="Asia/Tokyo")
    assert "the latest of them is 1 h ago." in " ".join(doctor_text(examined(right)).split())


def test_row_level_security_is_told(postgres_url: str, connection: Connection) -> None:
    connection.execute("CREATE TABLE guarded (id int, status text, created_at timestamptz)")
    connection.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
    connection.execute("ALTER TABLE guarded FORCE ROW LEVEL SECURITY")
    with new_role(connection, "seeing_little"):
        connection.execute("GRANT SELECT ON guarded TO seeing_little")
        url = as_role(postgres_url, "seeing_little")
        found = examined(source(url, "SELECT * FROM guarded"))
    assert found.row_security == ("public.guarded",)
    assert "\n    CREATE POLICY stillframe_reader ON public.guarded FOR SELECT" in doctor_text(
        found
    )


def test_a_select_that_fails_and_a_lock_are_told(postgres_url: str, connection: Connection) -> None:
    with pytest.raises(SourceError, match="its SELECT fails"):
        examined(source(postgres_url, "SELECT * FROM nowhere_at_all"))
    connection.execute("CREATE TABLE held (id text, status text, created_at timestamptz)")
    with connection.transaction():
        connection.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseError, match="a lock on the table") as failure:
            examined(source(postgres_url, "SELECT * FROM held"))
    assert not isinstance(failure.value, DatabaseHangs)
