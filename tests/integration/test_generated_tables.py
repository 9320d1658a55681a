"""Every member of the document, over generated tables, against the slow reference.

The campaign: `GENERATED_TABLES=1000 pytest tests/integration/test_generated_tables.py`.
"""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings

from metrics_core import Snapshot, take_snapshot
from tests.databases import PostgresTable, SqliteTable, TaskTable
from tests.reference import comparable, reference_content
from tests.tables import Case, cases, random_case

ROWS = 40
TABLES = int(os.environ.get("GENERATED_TABLES", "200"))
CHUNK = 50


def snapshot_of(case: Case, table: TaskTable) -> Snapshot:
    table.load(case.rows, case.columns)
    return take_snapshot(table.source(case), case.window, case.scope)


def assert_like_the_reference(case: Case, snapshot: Snapshot) -> None:
    expected = reference_content(
        case.rows,
        columns=case.columns,
        source=case.source,
        window=case.window,
        scope=case.scope,
    )
    assert comparable(json.loads(snapshot.to_json())) == expected
    assert snapshot.ledger is None or snapshot.ledger.difference == 0


@pytest.mark.parametrize("first", range(0, TABLES, CHUNK))
def test_zoned_times_give_what_the_reference_gives(first: int, sqlite_table: SqliteTable) -> None:
    for seed in range(first, first + CHUNK):
        case = random_case(seed, ROWS, times="aware")
        assert_like_the_reference(case, snapshot_of(case, sqlite_table))


@pytest.mark.parametrize("first", range(0, TABLES, CHUNK))
def test_times_of_any_form_give_what_the_reference_gives(
    first: int, sqlite_table: SqliteTable
) -> None:
    for seed in range(first, first + CHUNK):
        case = random_case(seed, ROWS, times="any")
        assert_like_the_reference(case, snapshot_of(case, sqlite_table))


@pytest.mark.parametrize("first", range(10_000, 10_000 + TABLES // 4, CHUNK))
def test_sqlite_and_postgresql_give_equal_content(
    first: int, sqlite_table: SqliteTable, postgres_table: PostgresTable
) -> None:
    for seed in range(first, first + CHUNK):
        case = random_case(seed, ROWS, times="aware")
        theirs, ours = snapshot_of(case, postgres_table), snapshot_of(case, sqlite_table)
        assert_like_the_reference(case, theirs)
        assert theirs.digest.content == ours.digest.content


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=cases(times="aware"))
def test_drawn_tables_give_what_the_reference_gives(case: Case, sqlite_table: SqliteTable) -> None:
    assert_like_the_reference(case, snapshot_of(case, sqlite_table))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=cases(times="any"))
def test_drawn_tables_with_times_of_any_form_give_what_the_reference_gives(
    case: Case, sqlite_table: SqliteTable
) -> None:
    assert_like_the_reference(case, snapshot_of(case, sqlite_table))
