"""Role findings: their sentences, and the SQL of a proper role."""

from pathlib import Path

import pytest

from metrics_core.connect import open_database
from metrics_core.role import Relation, RoleFindings, named_in, role_findings, role_sql
from metrics_core.role import role_warning as warning
from metrics_core.take import take_snapshot
from tests.builders import HOUR, new_source, row, sqlite_source

SOURCE = new_source(sql="SELECT * FROM tasks")


def relation(name: str, *, owned: bool = False, writable: bool = False) -> Relation:
    quoted = f"public.{name}"
    return Relation(
        schema="public",
        name=name,
        quoted_schema="public",
        quoted=quoted,
        owned=owned,
        writable=writable,
    )


def findings(*relations: Relation, superuser: bool = False, version: int = 180_000) -> RoleFindings:
    return RoleFindings(
        role="app",
        database="queue",
        version_number=version,
        superuser=superuser,
        relations=relations,
    )


def test_a_role_that_can_only_read_has_no_faults() -> None:
    found = findings(relation("tasks"))
    assert found.faults == ()
    assert warning(found, SOURCE) == ""


def test_of_a_superuser_nothing_else_is_said() -> None:
    (fault,) = findings(relation("tasks", owned=True, writable=True), superuser=True).faults
    assert fault == "its role app is a superuser, whom no read-only transaction holds"


def test_owned_and_written_relations_are_named() -> None:
    found = findings(relation("a", owned=True, writable=True), relation("b", writable=True))
    assert found.faults == (
        "its role app owns public.a, so it may lock, change or drop it",
        "its role app may write public.b",
    )


def test_the_warning_says_whether_the_source_is_opened() -> None:
    found = findings(relation("tasks", writable=True))
    refusing = SOURCE.model_copy(update={"unsafe_role": "refuse"})
    assert warning(found, SOURCE) == (
        "source tasks: its role app may write public.tasks. Give it a role that can only read: "
        "GRANT USAGE ON SCHEMA public TO stillframe_reader; "
        "GRANT SELECT ON public.tasks TO stillframe_reader; "
        "`stillframe doctor tasks` prints the rest."
    )
    assert warning(found, refusing).startswith("source tasks is not opened: its role app may")


def test_the_sql_of_a_proper_role() -> None:
    source = SOURCE.model_copy(update={"deadline_seconds": 2.5})
    password = "PASSWORD '<a long random password>'"
    assert role_sql(findings(relation("tasks")), source).splitlines() == [
        f"CREATE ROLE stillframe_reader LOGIN {password} CONNECTION LIMIT 3;",
        "ALTER ROLE stillframe_reader SET default_transaction_read_only = on;",
        "ALTER ROLE stillframe_reader SET statement_timeout = '2500ms';",
        "ALTER ROLE stillframe_reader SET lock_timeout = '100ms';",
        "ALTER ROLE stillframe_reader SET idle_in_transaction_session_timeout = '3s';",
        "ALTER ROLE stillframe_reader SET client_connection_check_interval = '1s';",
        "GRANT CONNECT ON DATABASE queue TO stillframe_reader;",
        "GRANT USAGE ON SCHEMA public TO stillframe_reader;",
        "GRANT SELECT ON public.tasks TO stillframe_reader;",
    ]


def test_an_older_server_is_not_asked_for_what_it_does_not_know() -> None:
    old = role_sql(findings(relation("tasks"), version=130_000), SOURCE)
    assert "client_connection_check_interval" not in old


@pytest.mark.parametrize(
    ("select", "named"),
    [
        ("SELECT * FROM a JOIN public.B USING (id)", ["a", "b"]),
        ("SELECT * FROM ab", ["a", "b"]),
        ('SELECT * FROM "a"', ["a"]),
        ("SELECT * FROM b -- and no other", ["b"]),
    ],
)
def test_grants_stand_on_what_the_select_names_or_else_on_all(
    select: str, named: list[str]
) -> None:
    relations = (relation("a"), relation("b"))
    assert [each.name for each in named_in(select, relations)] == named


def test_an_sqlite_file_has_no_role_to_refuse(tmp_path: Path) -> None:
    rows = [row("a", "queued", created=0)]
    source = sqlite_source(tmp_path, rows, unsafe_role="refuse")
    with open_database(source) as database:
        assert role_findings(database, source) is None
    assert take_snapshot(source, HOUR).tasks.queued == 1
