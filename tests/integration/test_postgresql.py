"""What only PostgreSQL has: its types, its timeouts, its refusals, its secrets."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from psycopg import sql

from metrics_core import Window, take_snapshot
from metrics_core.connect import open_database
from metrics_core.errors import DatabaseError, SettingsError, SourceError
from metrics_core.postgresql import Postgresql
from metrics_core.recognise import recognised_sources
from metrics_core.tasks import CODED_TYPE
from tests.databases import Connection, source

TO = datetime(2026, 1, 30, 10, tzinfo=UTC)
HOUR = Window.ending(TO, minutes=60)


def test_types_of_every_kind_are_read(postgres_url: str) -> None:
    select = """
        SELECT gen_random_uuid() AS id, 'completed'::text::"char"::text || 'ompleted' AS status,
          timestamp '2026-01-30 09:10:00' AS created_at,
          date '2026-01-30' AS eligible_at,
          1769764800123::bigint AS started_at,
          timestamptz '2026-01-30 10:50:00+01' AS finished_at,
          1500.7::numeric AS duration_ms, 0.1234567::numeric(18, 7) AS cost_usd,
          '{"kind": "x"}'::jsonb AS payload, 42 AS shard, true AS urgent
    """
    dimensions = ("payload", "shard", "urgent")
    snapshot = take_snapshot(
        source(postgres_url, select, dimensions=dimensions, time_unit="ms"), HOUR
    )
    assert snapshot.tasks.completed == 1
    assert snapshot.latency.time_to_processing_ms.p50 == 600_123
    assert snapshot.latency.time_to_complete_ms.p50 == 1500
    assert snapshot.cost is not None
    assert snapshot.cost.usd == 0.123457
    values = [breakdown.values[0].value for breakdown in snapshot.breakdowns]
    assert values == ['{"kind": "x"}', "42", "true"]


def test_infinite_times_are_no_times(postgres_url: str) -> None:
    select = """
        SELECT 'a' AS id, 'processing' AS status, timestamptz '2026-01-30 09:30:00Z' AS created_at,
          timestamptz '-infinity' AS started_at, timestamptz 'infinity' AS finished_at,
          timestamp 'infinity' AS eligible_at, timestamp '-infinity' AS updated_at
    """
    snapshot = take_snapshot(source(postgres_url, select), HOUR)
    assert snapshot.tasks.processing == 1
    assert snapshot.backlog.processing.unknown_age == 1
    assert [finding.kind for finding in snapshot.quality.findings] == []


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_naive_times_are_read_in_the_zone_of_the_source(postgres_url: str, zone: str) -> None:
    hour = {"UTC": 9, "Europe/Berlin": 10}[zone]
    select = f"""
        SELECT 'a' AS id, 'completed' AS status,
          timestamp '2026-01-30 {hour:02}:00:00' AS created_at,
          timestamp '2026-01-30 {hour:02}:59:59.999999' AS finished_at
    """
    snapshot = take_snapshot(source(postgres_url, select, timezone=zone), HOUR)
    assert (snapshot.tasks.created, snapshot.tasks.completed) == (1, 1)


def test_numbers_as_texts_are_a_wrong_type(postgres_url: str) -> None:
    select = "SELECT 'a' AS id, 'queued' AS status, now()::text AS created_at"
    with pytest.raises(SourceError, match="its column created_at does not hold a time"):
        take_snapshot(source(postgres_url, select), HOUR)


def test_a_statement_past_the_deadline_is_ended(postgres_url: str) -> None:
    select = """
        SELECT pg_sleep(5)::text AS id, 'queued' AS status,
          timestamptz '2026-01-30 09:30:00Z' AS created_at
    """
    with pytest.raises(DatabaseError, match="took longer than the source's deadline") as failure:
        take_snapshot(source(postgres_url, select, deadline_seconds=0.2), HOUR)
    assert failure.value.sqlstate == "57014"


def test_a_locked_table_is_not_waited_for(postgres_url: str, connection: Connection) -> None:
    connection.execute("CREATE TABLE locked (id text, status text, created_at timestamptz)")
    select = "SELECT * FROM locked"
    with connection.transaction():
        connection.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseError, match="a lock on the table was not granted") as failure:
            take_snapshot(source(postgres_url, select), HOUR)
    assert failure.value.sqlstate == "55P03"
    assert take_snapshot(source(postgres_url, select), HOUR).tasks.queued == 0


def test_the_transaction_reads_only_and_repeatably(postgres_url: str) -> None:
    with open_database(source(postgres_url, "SELECT 1", deadline_seconds=2)) as database:
        assert isinstance(database, Postgresql)
        with database.transaction():
            row = database.fetch(
                "SELECT current_setting('transaction_isolation') AS isolation,"
                " current_setting('transaction_read_only') AS read_only,"
                " current_setting('statement_timeout') AS deadline,"
                " current_setting('lock_timeout') AS lock,"
                " current_setting('application_name') AS name",
                {},
            ).to_pylist()
    assert row == [
        {
            "isolation": "repeatable read",
            "read_only": "on",
            "deadline": "2s",
            "lock": "500ms",
            "name": "stillframe",
        }
    ]


def test_no_setting_outlives_the_transaction(postgres_url: str) -> None:
    select = "SELECT 'a' AS id, 'queued' AS status, now() AS created_at, 'x' AS engine"
    scoped = source(postgres_url, select, dimensions=("engine",))
    with open_database(scoped) as database:
        take_snapshot(scoped, HOUR, {"engine": "x"}, database=database)
        left = database.fetch(
            "SELECT current_setting('statement_timeout') AS deadline,"
            " current_setting('random_page_cost') AS page,"
            " current_setting('jit') AS jit,"
            " current_setting('stillframe.scope_0', true) AS scope",
            {},
        ).to_pylist()
    assert left == [{"deadline": "0", "page": "4", "jit": "on", "scope": ""}]


def test_rows_that_appear_while_it_runs_are_not_in_it(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute("CREATE TABLE growing (id text, status text, created_at timestamptz)")
    select = source(postgres_url, "SELECT * FROM growing")
    with open_database(select) as database, database.transaction():
        before = database.fetch("SELECT count(*) AS n FROM growing", {}).to_pylist()
        connection.execute("INSERT INTO growing VALUES ('a', 'queued', now())")
        after = database.fetch("SELECT count(*) AS n FROM growing", {}).to_pylist()
    assert before == after == [{"n": 0}]


LONG_ROWS = "SELECT n, rpad((n % 3)::text, 100, '-') AS text, {} AS part FROM generate_series"
"""100 bytes a row: of some 160,000 the driver makes a batch."""


def test_rows_of_many_batches_are_cast_on_their_way(postgres_url: str) -> None:
    statement = LONG_ROWS.format("n") + "(1, 400000) AS n"
    with open_database(source(postgres_url, "SELECT 1")) as database, database.transaction():
        rows = database.fetch(statement, {}, {"text": CODED_TYPE})
    assert rows["text"].num_chunks > 1
    assert rows["text"].type == CODED_TYPE
    assert rows["n"].to_pylist() == list(range(1, 400_001))
    assert [text[0] for text in rows["text"].to_pylist()] == ["1", "2", "0"] * 133_333 + ["1"]


def test_a_failure_after_the_first_batch_is_told_as_any_other(postgres_url: str) -> None:
    statement = LONG_ROWS.format("1 / (n - 350000)") + "(1, 400000) AS n"
    with (
        open_database(source(postgres_url, "SELECT 1")) as database,
        database.transaction(),
        pytest.raises(DatabaseError, match="cannot be converted or computed") as failure,
    ):
        database.fetch(statement, {}, {"text": CODED_TYPE})
    assert failure.value.sqlstate == "22012"


def test_no_rows_have_the_types_as_well(postgres_url: str) -> None:
    with open_database(source(postgres_url, "SELECT 1")) as database, database.transaction():
        rows = database.fetch("SELECT 'a' AS text WHERE false", {}, {"text": CODED_TYPE})
    assert (rows.num_rows, rows["text"].type) == (0, CODED_TYPE)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ann:s3cr3t-w0rd@127.0.0.1:1/db", "connection refused .at 127.0.0.1:1, "),
        ("postgresql://ann:s3cr3t@-w0rd@127.0.0.1:1/db", "does not name clearly"),
        ("postgresql://ann:s3cr3t-w0rd@no-such-host.invalid/db", "unknown host"),
        ("postgresql://ann:s3cr3t-w0rd%zz@127.0.0.1:1/db", "cannot connect"),
        ("postgres://ann@/db?host=/nowhere&password=s3cr3t-w0rd", "no server socket there"),
    ],
)
def test_a_database_out_of_reach_is_told_without_its_secrets(url: str, told: str) -> None:
    with pytest.raises(DatabaseError, match=told) as failure:
        take_snapshot(source(url, "SELECT 1"), HOUR)
    assert "s3cr3t" not in str(failure.value)
    assert "w0rd" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_a_role_that_may_not_read_is_told(postgres_url: str, connection: Connection) -> None:
    connection.execute("CREATE TABLE private (id text, status text, created_at timestamptz)")
    connection.execute("DROP ROLE IF EXISTS stillframe_stranger")
    connection.execute("CREATE ROLE stillframe_stranger LOGIN")
    role = source(postgres_url, "SELECT * FROM private")
    stranger = role.model_copy(update={"url": _as_role(postgres_url, "stillframe_stranger")})
    try:
        with pytest.raises(DatabaseError, match=r"the role may not read it .*42501"):
            take_snapshot(stranger, HOUR)
    finally:
        connection.execute("DROP ROLE stillframe_stranger")


def _as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}@{host}"))


def test_a_value_that_breaks_the_select_is_not_repeated(
    postgres_url: str, connection: Connection
) -> None:
    connection.execute("CREATE TABLE odd (id text, status text, created_at timestamptz, n text)")
    connection.execute("INSERT INTO odd VALUES ('a', 'queued', now(), 'private words')")
    select = "SELECT id, status, created_at, n::int::text AS engine FROM odd"
    with pytest.raises(DatabaseError, match="SQLSTATE 22P02") as failure:
        take_snapshot(
            source(postgres_url, select, dimensions=("engine",)),
            Window.ending(datetime.now(UTC) + timedelta(minutes=1), minutes=60),
        )
    assert "private" not in str(failure.value)


def test_known_tables_are_recognised_without_settings(
    postgres_url: str, connection: Connection
) -> None:
    with pytest.raises(SettingsError, match="holds no table that Stillframe knows"):
        recognised_sources(postgres_url)
    connection.execute(
        "CREATE TABLE video_tasks (id text, status text, created_at timestamptz,"
        " processing_at timestamptz, completed_at timestamptz, failed_at timestamptz,"
        " cancelled_at timestamptz, error_message text, engine text)"
    )
    try:
        assert list(recognised_sources(postgres_url)) == ["video_tasks"]
    finally:
        connection.execute("DROP TABLE video_tasks")


def test_identifiers_are_quoted(postgres_url: str, connection: Connection) -> None:
    connection.execute(sql.SQL('CREATE TABLE "Odd" (id int, "order" text, created_at date)'))
    select = 'SELECT id, \'queued\' AS status, created_at, "order" FROM "Odd"'
    snapshot = take_snapshot(source(postgres_url, select, dimensions=("order",)), HOUR)
    assert snapshot.breakdowns[0].dimension == "order"


def test_blank_padded_texts_are_read_without_their_blanks(postgres_url: str) -> None:
    select = """
        SELECT 'a' AS id, 'queued'::char(12) AS status,
          timestamptz '2026-01-30 09:30:00Z' AS created_at, 'ab'::char(8) AS engine
    """
    padded = source(postgres_url, select, dimensions=("engine",))
    assert take_snapshot(padded, HOUR, {"engine": "ab"}).tasks.queued == 1


@pytest.mark.parametrize("column", ["created_at", "finished_at"])
@pytest.mark.parametrize("infinite", ["infinity", "-infinity"])
def test_rows_with_an_infinite_time_are_not_lost(
    postgres_url: str, column: str, infinite: str
) -> None:
    times = {"created_at": "2026-01-30 09:30:00Z", "updated_at": "2026-01-30 09:40:00Z"}
    columns = ", ".join(
        f"timestamptz '{time}' AS {name}" for name, time in (times | {column: infinite}).items()
    )
    snapshot = take_snapshot(
        source(postgres_url, f"SELECT 'a' AS id, 'completed' AS status, {columns}"), HOUR
    )
    assert snapshot.tasks.completed == 1


def test_epoch_numbers_in_a_wrong_unit_are_refused(postgres_url: str) -> None:
    select = "SELECT 'a' AS id, 'queued' AS status, 1769764200000::bigint AS created_at"
    with pytest.raises(SourceError, match="epoch numbers are read in time_unit = 's'"):
        take_snapshot(source(postgres_url, select), HOUR)
    assert take_snapshot(source(postgres_url, select, time_unit="ms"), HOUR).tasks.queued == 1


def test_a_column_of_text_is_told_to_be_cast(postgres_url: str) -> None:
    select = "SELECT 'a' AS id, 'queued' AS status, now() AS created_at, NULL AS finished_at"
    with pytest.raises(SourceError, match=r"does not hold a time .it is text: cast it"):
        take_snapshot(source(postgres_url, select), HOUR)
