"""The role check on a real PostgreSQL: who is unsafe, and who is refused and let in again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from dashboard.collector import Collector
from metrics_core import Source, Window, take_snapshot
from metrics_core.connect import open_database
from metrics_core.errors import DatabaseError, UnsafeRole
from metrics_core.failures_recent import recent_failures
from metrics_core.role import PLACEHOLDER, READER, check_role, role_sql, role_warning
from tests.databases import Connection, source
from tests.roles import PASSWORD, as_role, dropped_after, new_role
from tests.video_tasks import video_tasks_source

HOUR = Window.ending(datetime(2026, 1, 30, 10, tzinfo=UTC), minutes=60)
ODD = 'Odd "schema"'


@pytest.fixture
def video_tasks(postgres_url: str, connection: Connection) -> Iterator[Source]:
    with video_tasks_source(postgres_url, connection, rows=100) as made:
        yield made


def faults(source: Source) -> tuple[str, ...]:
    findings = check_role(source)
    assert findings is not None
    return findings.faults


def proper_sql(source: Source) -> str:
    """What `stillframe doctor` prints to an administrator, with a password put in."""
    findings = check_role(source)
    assert findings is not None
    return role_sql(findings, source).replace(PLACEHOLDER, PASSWORD)


def as_reader(source: Source) -> Source:
    return source.model_copy(update={"url": as_role(source.url, READER), "unsafe_role": "refuse"})


def test_a_superuser_is_unsafe(video_tasks: Source) -> None:
    (fault,) = faults(video_tasks)
    assert "is a superuser" in fault


def test_who_may_become_superuser_is_unsafe(video_tasks: Source, connection: Connection) -> None:
    with new_role(connection, "stillframe_climber"):
        connection.execute("GRANT SELECT ON video_tasks TO stillframe_climber")
        superuser = psycopg.sql.Identifier(connection.info.user)
        climb = psycopg.sql.SQL("GRANT {} TO stillframe_climber").format(superuser)
        connection.execute(climb)
        climber = video_tasks.model_copy(
            update={"url": as_role(video_tasks.url, "stillframe_climber")}
        )
        assert "stillframe_climber is a superuser" in faults(climber)[0]


def test_an_owner_is_unsafe(postgres_url: str, connection: Connection) -> None:
    with new_role(connection, "stillframe_owner"):
        connection.execute("CREATE TABLE owned (id text, status text, created_at timestamptz)")
        connection.execute("ALTER TABLE owned OWNER TO stillframe_owner")
        owner = source(as_role(postgres_url, "stillframe_owner"), "SELECT * FROM owned")
        assert faults(owner) == (
            "its role stillframe_owner owns public.owned, so it may lock, change or drop it",
        )


@pytest.mark.parametrize("right", ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "UPDATE (status)"])
def test_a_writer_is_unsafe(video_tasks: Source, connection: Connection, right: str) -> None:
    with new_role(connection, "stillframe_writer"):
        connection.execute(f"GRANT SELECT, {right} ON video_tasks TO stillframe_writer".encode())
        writer = as_role(video_tasks.url, "stillframe_writer")
        assert faults(video_tasks.model_copy(update={"url": writer})) == (
            "its role stillframe_writer may write public.video_tasks",
        )


def test_the_printed_role_is_proper_and_can_take_a_snapshot(
    video_tasks: Source, connection: Connection
) -> None:
    with dropped_after(connection, READER):
        connection.execute(proper_sql(video_tasks).encode())
        reader = as_reader(video_tasks)
        assert faults(reader) == ()
        live = Window.ending_now(datetime.now(UTC) + timedelta(seconds=2))
        assert take_snapshot(reader, live).tasks.queued == 10


def test_the_printed_role_has_its_limits(video_tasks: Source, connection: Connection) -> None:
    with dropped_after(connection, READER):
        connection.execute(proper_sql(video_tasks).encode())
        settings = connection.execute(
            "SELECT rolconnlimit, unnest(rolconfig) FROM pg_roles WHERE rolname = %s", [READER]
        ).fetchall()
        assert settings == [
            (3, "default_transaction_read_only=on"),
            (3, "statement_timeout=5000ms"),
            (3, "lock_timeout=100ms"),
            (3, "idle_in_transaction_session_timeout=3s"),
            (3, "client_connection_check_interval=1s"),
        ]


def test_odd_names_are_quoted(postgres_url: str, connection: Connection) -> None:
    table = '"Odd ""schema"""."Order; --"'
    columns = "(id text, status text, created_at timestamptz)"
    connection.execute('CREATE SCHEMA "Odd ""schema"""')
    connection.execute(f"CREATE TABLE {table} {columns}".encode())
    odd = source(postgres_url, f"SELECT * FROM {table}")
    try:
        with dropped_after(connection, READER):
            connection.execute(proper_sql(odd).encode())
            assert f"GRANT SELECT ON {table} TO {READER};" in proper_sql(odd)
            assert faults(as_reader(odd)) == ()
            assert take_snapshot(as_reader(odd), HOUR).tasks.queued == 0
    finally:
        connection.execute('DROP SCHEMA "Odd ""schema""" CASCADE')


def test_a_grant_stands_on_the_view_and_not_on_what_lies_behind_it(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute("CREATE TABLE behind (id text, status text, created_at timestamptz)")
    connection.execute("CREATE VIEW before_it AS SELECT * FROM behind")
    seen = source(postgres_url, "SELECT id, status, created_at FROM Before_It")
    with dropped_after(connection, READER):
        connection.execute(proper_sql(seen).encode())
        assert "behind" not in proper_sql(seen)
        assert faults(as_reader(seen)) == ()
        assert take_snapshot(as_reader(seen), HOUR).tasks.queued == 0


def test_who_owns_the_table_behind_a_view_is_unsafe(
    postgres_url: str, connection: Connection
) -> None:
    with new_role(connection, "stillframe_owner"):
        connection.execute("CREATE TABLE hidden (id text, status text, created_at timestamptz)")
        connection.execute("CREATE VIEW shown AS SELECT * FROM hidden")
        connection.execute("ALTER TABLE hidden OWNER TO stillframe_owner")
        connection.execute("GRANT SELECT ON shown TO stillframe_owner")
        owner = source(as_role(postgres_url, "stillframe_owner"), "SELECT * FROM shown")
        assert "owns public.hidden" in faults(owner)[0]


def test_a_grant_stands_on_the_parent_of_partitions(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE parted (id text, status text, created_at timestamptz)"
        " PARTITION BY RANGE (created_at)"
    )
    connection.execute(
        "CREATE TABLE part_one PARTITION OF parted FOR VALUES FROM (minvalue) TO (maxvalue)"
    )
    parted = source(postgres_url, "SELECT * FROM parted")
    try:
        with dropped_after(connection, READER):
            connection.execute(proper_sql(parted).encode())
            assert "part_one" not in proper_sql(parted)
            assert take_snapshot(as_reader(parted), HOUR).tasks.queued == 0
    finally:
        connection.execute("DROP TABLE parted")


def test_refuse_refuses_every_way_to_the_data(video_tasks: Source) -> None:
    refusing = video_tasks.model_copy(update={"unsafe_role": "refuse"})
    told = (
        r'^source video_tasks is not opened \(unsafe_role = "refuse"\): its role \w+ is a superuser'
        r".*`stillframe doctor video_tasks` prints the SQL of a role that can only read$"
    )
    with pytest.raises(UnsafeRole, match=told):
        take_snapshot(refusing, HOUR)
    with open_database(refusing) as database, pytest.raises(UnsafeRole, match=told):
        take_snapshot(refusing, HOUR, database=database)
    collector = Collector({"video_tasks": refusing}, tick_seconds=5)
    with pytest.raises(UnsafeRole, match=told):
        collector.live("video_tasks", 60)
    with pytest.raises(UnsafeRole, match=told):
        collector.past("video_tasks", HOUR)
    with pytest.raises(UnsafeRole, match=told):
        recent_failures(refusing, HOUR.end)


def test_warn_opens_the_source(video_tasks: Source) -> None:
    assert video_tasks.unsafe_role == "warn"
    assert take_snapshot(video_tasks, HOUR).source == "video_tasks"


def test_a_role_that_was_mended_is_let_in_without_a_restart(
    video_tasks: Source, connection: Connection
) -> None:
    with new_role(connection, "stillframe_mended"):
        connection.execute("GRANT SELECT, DELETE ON video_tasks TO stillframe_mended")
        url = as_role(video_tasks.url, "stillframe_mended")
        mended = video_tasks.model_copy(update={"url": url, "unsafe_role": "refuse"})
        with pytest.raises(UnsafeRole, match=r"may write public\.video_tasks"):
            take_snapshot(mended, HOUR)
        connection.execute("REVOKE DELETE ON video_tasks FROM stillframe_mended")
        assert take_snapshot(mended, HOUR).source == "video_tasks"


def test_the_warning_is_one_line_with_the_grants(video_tasks: Source) -> None:
    findings = check_role(video_tasks)
    assert findings is not None
    warning = role_warning(findings, video_tasks)
    assert warning.startswith("source video_tasks: its role ")
    assert "GRANT SELECT ON public.video_tasks TO stillframe_reader;" in warning
    assert "\n" not in warning


def test_a_database_out_of_reach_is_no_finding() -> None:
    with pytest.raises(DatabaseError, match="connection refused"):
        check_role(source("postgresql://ann@127.0.0.1:1/db", "SELECT 1"))
