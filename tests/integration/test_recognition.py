"""Recognition: all job systems in one database, under other names, and none where there is none."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from metrics_core import Source, Window, load_sources, take_snapshot
from metrics_core.errors import SettingsError
from metrics_core.recognise import recognised_sources
from tests.databases import Connection
from tests.integration.test_job_systems import WINDOW, codes
from tests.job_tables import (
    CASES,
    SYSTEMS,
    drop_schemas,
    expected,
    make_in_postgresql,
    make_in_sqlite,
)
from tests.roles import as_role, new_role
from tests.unrelated_tables import UNRELATED


@pytest.fixture
def database(postgres_url: str) -> Iterator[Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection
    drop_schemas(postgres_url)


def completed(sources: dict[str, Source], name: str) -> int | None:
    return take_snapshot(sources[name], WINDOW).tasks.completed


def test_all_systems_in_one_database_are_found_and_nothing_else(
    database: Connection, postgres_url: str
) -> None:
    places = {name: f"{name} Schema" for name in SYSTEMS if name != "airflow_dag_run"}
    for name, schema in places.items():
        make_in_postgresql(database, name, schema)
    sources = recognised_sources(postgres_url)
    assert {*sources} == {*SYSTEMS}
    for name, source in sources.items():
        wanted = expected(name, "postgresql")
        assert take_snapshot(source, WINDOW).tasks.failed == wanted["tasks"]["failed"], name


def test_all_systems_of_sqlite_in_one_file_are_found_and_nothing_else(tmp_path: Path) -> None:
    names = [name for name, dialect in CASES if dialect == "sqlite"]
    url = make_in_sqlite(tmp_path / "q.db", *(n for n in names if n != "airflow_dag_run"))
    assert [*recognised_sources(url)] == names


def test_one_system_in_several_schemas_is_named_after_them(
    database: Connection, postgres_url: str
) -> None:
    for schema in ("public", "pgboss", "jobs", "jobs!"):
        make_in_postgresql(database, "pgboss", schema)
    sources = recognised_sources(postgres_url)
    names = ["pgboss_jobs", "pgboss_jobs_", "pgboss_pgboss", "pgboss_public"]
    assert [*sources] == names
    assert [completed(sources, name) for name in names] == [1] * 4
    assert 'FROM "jobs!".job' in sources["pgboss_jobs_"].sql


def test_a_prefix_is_a_part_of_the_tables_names(database: Connection, postgres_url: str) -> None:
    make_in_postgresql(database, "pgqueuer", "public")
    database.execute("ALTER TABLE pgqueuer RENAME TO acme_pgqueuer")
    database.execute("ALTER TABLE pgqueuer_log RENAME TO acme_pgqueuer_log")
    sources = recognised_sources(postgres_url)
    assert [*sources] == ["pgqueuer"]
    assert completed(sources, "pgqueuer") == 1
    make_in_postgresql(database, "pgqueuer", "other")
    assert [*recognised_sources(postgres_url)] == ["pgqueuer_other", "pgqueuer_public_acme"]


def test_settings_may_name_schema_and_table(
    database: Connection, postgres_url: str, tmp_path: Path
) -> None:
    make_in_postgresql(database, "celery", 'my "own"')
    database.execute('ALTER TABLE "my ""own""".celery_taskmeta RENAME TO results')
    settings = tmp_path / "stillframe.toml"
    settings.write_text(
        '[sources.tasks]\nurl = "env:U"\npreset = "celery"\nschema = \'my "own"\'\n'
        'table = "results"\n'
    )
    source = load_sources(settings, {"U": postgres_url})["tasks"]
    found = take_snapshot(source, WINDOW)
    assert (found.tasks.completed, codes(found)["ValueError"]) == (2, 2)


def test_the_zone_of_naive_times_is_that_of_the_servers_sessions(
    database: Connection, postgres_url: str
) -> None:
    make_in_postgresql(database, "celery", "public")
    name = sql.Identifier(urlsplit(postgres_url).path[1:])
    zoned = sql.SQL("ALTER DATABASE {} SET timezone = {}")
    database.execute(zoned.format(name, sql.Literal("America/New_York")))
    try:
        source = recognised_sources(postgres_url)["celery"]
    finally:
        database.execute(sql.SQL("ALTER DATABASE {} RESET timezone").format(name))
    assert source.timezone == "America/New_York"
    five_hours_later = Window.ending(WINDOW.end.replace(hour=15), minutes=60)
    assert take_snapshot(source, five_hours_later).tasks.completed == 2


@pytest.mark.parametrize("tables", UNRELATED)
def test_unrelated_tables_are_no_job_system(
    database: Connection, postgres_url: str, tables: str
) -> None:
    database.execute(tables.encode())
    with pytest.raises(SettingsError, match="holds no table that Stillframe knows"):
        recognised_sources(postgres_url)


def test_rows_that_row_level_security_hides_are_told(
    database: Connection, postgres_url: str
) -> None:
    make_in_postgresql(database, "good_job", "public")
    database.execute("ALTER TABLE good_jobs ENABLE ROW LEVEL SECURITY")
    source = recognised_sources(postgres_url)["good_job"]
    assert take_snapshot(source, WINDOW).quality.findings == ()
    with new_role(database, "rls_reader"):
        database.execute("GRANT SELECT ON good_jobs TO rls_reader")
        reader = source.model_copy(update={"url": as_role(postgres_url, "rls_reader")})
        found = take_snapshot(reader, WINDOW)
    assert found.tasks.created == 0
    (finding,) = found.quality.findings
    assert finding.kind == "row_level_security"
    assert finding.text.startswith(
        "0 rows are visible, maybe because of row level security on public.good_jobs: "
    )
