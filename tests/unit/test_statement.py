"""The scan's statement: names are quoted, instants are ours, a viewer's words go as values."""

import re
from collections.abc import Mapping

import pytest

from metrics_core.database import Database, Kind
from metrics_core.postgresql import Postgresql
from metrics_core.source import Source
from metrics_core.sqlite import Sqlite
from metrics_core.statement import Wanted, bounded_select, sample_statement, scan_statement
from tests.builders import HOUR, new_source

INJECTION = "x'; DROP TABLE tasks; --"


def database(dialect: str, source: Source) -> Database:
    """A dialect without a connection: it only writes SQL."""
    chosen: Postgresql | Sqlite = (
        Postgresql.__new__(Postgresql) if dialect == "postgresql" else Sqlite.__new__(Sqlite)
    )
    chosen._source = source
    return chosen


def bounded(sql: str, dialect: str = "sqlite") -> str:
    source = new_source(sql=sql)
    return bounded_select(database(dialect, source), source, HOUR)


def scanned(dialect: str, kinds: Mapping[str, Kind], scope: Mapping[str, str] | None = None) -> str:
    source = new_source()
    always: dict[str, Kind] = dict.fromkeys(("id", "status", "queue"), "text")
    wanted = Wanted(source=source, kinds={**always, **kinds})
    return scan_statement(database(dialect, source), wanted, "SELECT 1", HOUR, scope or {})


def where(statement: str) -> str:
    return re.split(r"\n(?:WHERE|LIMIT) ", statement)[1]


def test_windows_are_filled_in_as_texts_for_sqlite() -> None:
    assert bounded("SELECT * FROM t WHERE a >= :window_from AND b < :window_to") == (
        "SELECT * FROM t WHERE a >= '2026-01-30 10:00:00.000000' "
        "AND b < '2026-01-30 11:00:00.000000'"
    )


def test_windows_are_filled_in_as_timestamps_for_postgresql() -> None:
    assert bounded("SELECT :window_to - interval '7 days'", "postgresql") == (
        "SELECT TIMESTAMPTZ '2026-01-30T11:00:00+00:00' - interval '7 days'"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a::text FROM t",
        "SELECT '12:30' FROM t",
        "SELECT a FROM t WHERE b LIKE '100%' AND c % 2 = 0",
        "SELECT '{\"a\": 1}'",
        "SELECT a ? 'b', a -> 'c' ->> 'd' FROM t",
        "SELECT a[1:2] FROM t",
        "SELECT 1 -- the end",
    ],
)
def test_a_select_without_windows_stays_as_it_is(sql: str) -> None:
    assert bounded(sql) == sql
    assert bounded(f"\n {sql.replace(' -- the end', '')};\n") == sql.replace(" -- the end", "")


def test_a_cast_may_follow_a_windows_name() -> None:
    assert bounded("SELECT :window_to::date") == "SELECT '2026-01-30 11:00:00.000000'::date"


@pytest.mark.parametrize("sql", ["SELECT ':x'", "SELECT :window_tomorrow", "SELECT a::window_to"])
def test_no_other_name_is_filled_in(sql: str) -> None:
    assert bounded(sql) == sql


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_viewers_words_never_become_sql(dialect: str) -> None:
    statement = scanned(dialect, {"created_at": "instant"}, {"queue": INJECTION})
    assert "DROP" not in statement
    assert statement == scanned(dialect, {"created_at": "instant"}, {"queue": "other"})


def test_the_scope_is_compared_as_a_value() -> None:
    kinds: dict[str, Kind] = {"updated_at": "instant"}
    assert where(scanned("postgresql", kinds, {"queue": "x"})) == (
        "task.\"queue\" = current_setting('stillframe.scope_0')"
    )
    assert where(scanned("sqlite", {"updated_at": "any"}, {"queue": "x"})).endswith(" = ?")


def test_names_are_quoted_and_the_operators_select_is_a_subquery() -> None:
    statement = scanned("postgresql", {"started_at": "instant"})
    assert statement == (
        'SELECT\n  task."id" AS "id",\n  task."status" AS "status",\n  task."queue" AS "queue",\n'
        '  task."started_at" AS "started_at"\nFROM (\nSELECT 1\n) AS task\n'
        "WHERE true\nLIMIT 5000001"
    )


def test_the_windows_condition_speaks_of_the_columns_that_are_there() -> None:
    begin = "TIMESTAMPTZ '2026-01-30T10:00:00+00:00'"
    end = "TIMESTAMPTZ '2026-01-30T11:00:00+00:00'"
    created: dict[str, Kind] = {"created_at": "instant"}
    finished: dict[str, Kind] = {"finished_at": "instant"}
    assert where(scanned("postgresql", created)) == (
        f'(task."created_at" IS NULL OR (task."created_at" < {end}'
        " OR task.\"created_at\" = 'infinity'))"
    )
    assert where(scanned("postgresql", finished)) == (
        f'(task.finished_at IS NULL OR (task."finished_at" >= {begin}'
        " OR task.\"finished_at\" = '-infinity'))"
    )
    assert where(scanned("postgresql", created | finished)) == (
        f'(task.finished_at IS NULL OR (task."finished_at" >= {begin}'
        " OR task.\"finished_at\" = '-infinity')"
        f' OR (task."created_at" >= {begin} OR task."created_at" = \'-infinity\'))\n'
        f'  AND (task."created_at" IS NULL OR (task."created_at" < {end}'
        " OR task.\"created_at\" = 'infinity'))"
    )


def test_an_error_text_is_cut_in_the_select() -> None:
    statement = scanned("postgresql", {"error": "text", "created_at": "instant"})
    assert (
        'CASE WHEN length(task."error") > 1000 THEN left(task."error", 500) || \' … \' || '
        'right(task."error", 500) ELSE coalesce(task."error", \'\') END AS "error"'
    ) in statement


def test_the_sample_looks_at_a_hundred_rows_of_times_and_numbers_only() -> None:
    source = new_source()
    kinds: dict[str, Kind] = dict.fromkeys(
        ("id", "status", "queue", "created_at", "cost_usd"), "any"
    )
    statement = sample_statement(
        database("sqlite", source), Wanted(source=source, kinds=kinds), "SELECT 1"
    )
    assert re.findall(r'AS "([\w.]+)"', statement) == [
        "created_at",
        "created_at.number",
        "cost_usd",
        "created_at.there",
        "cost_usd.there",
    ]
    assert statement.endswith("LIMIT 100")
