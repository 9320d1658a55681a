"""What the doctor prints about each finding, and what to do."""

from datetime import timedelta

import pytest

from dashboard.doctor_text import doctor_text
from metrics_core.clock import Skew
from metrics_core.doctor import Diagnosis
from metrics_core.index_advice import IndexNeed, TableAdvice, index_sql
from metrics_core.role import RoleFindings
from tests.builders import new_source

READER = RoleFindings(
    role="reader", database="queue", version_number=180_000, superuser=False, relations=()
)


def text(
    *tables: TableAdvice,
    skew_ms: float = 3,
    doubt_ms: float = 1,
    role: RoleFindings | None = READER,
) -> str:
    """The text with its lines joined, so that wrapping does not matter."""
    found = Diagnosis(
        source=new_source(),
        server="PostgreSQL 18.4",
        skew=Skew(
            ahead=timedelta(milliseconds=skew_ms), uncertainty=timedelta(milliseconds=doubt_ms)
        ),
        role=role,
        bounded=True,
        tables=tables,
    )
    return " ".join(doctor_text(found).split())


def need(expression: str = "made", index: str | None = None) -> IndexNeed:
    return IndexNeed(expression=expression, index=index, sql=index_sql("public.t", expression))


def table(*needs: IndexNeed, rows: int | None = 10**6, whole: bool = True) -> TableAdvice:
    nodes = ("Seq Scan",) if whole else ("Index Scan",)
    indexes = () if whole else ("by_made",)
    return TableAdvice(
        table="public.t", rows=rows, nodes=nodes, indexes=indexes, whole=whole, needs=needs
    )


@pytest.mark.parametrize(
    ("skew_ms", "told"),
    [
        (3, "good: it is 3 ms ahead of ours."),
        (-1000, "good: it is 1,000 ms behind ours."),
        (
            -1500,
            "NOT SAFE: it is 1,500 ms behind ours, so live windows end at a wrong time. To do:",
        ),
    ],
)
def test_the_clock(skew_ms: float, told: str) -> None:
    assert f"clock {told}" in text(skew_ms=skew_ms)


def test_a_clock_that_answered_slowly_may_be_right() -> None:
    told = text(skew_ms=-2000, doubt_ms=1500)
    assert "clock good: it is 2,000 ms behind ours, give or take 1,500 ms. role" in told


def test_a_proper_role_is_good_and_its_like_is_shown() -> None:
    told = text()
    assert "role good: reader can only read." in told
    assert "CREATE ROLE stillframe_reader LOGIN" in told


def test_a_database_without_roles() -> None:
    told = text(role=None)
    assert "role good: the file is opened read-only" in told
    assert "index not examined" in told
    assert "CREATE ROLE" not in told


def test_a_table_whose_indexes_serve_needs_nothing() -> None:
    told = text(table(need(index="by_made"), whole=False))
    assert "index good: public.t (about 1,000,000 rows)" in told
    assert "reads a part of it (Index Scan by by_made)" in told
    assert "index" in told.partition("role")[2]
    assert "CREATE INDEX" not in told


def test_a_missing_index_on_a_large_table_is_to_be_made() -> None:
    told = text(table(need(), need("done", index="by_done")))
    assert "index NOT GOOD: public.t" in told
    assert "done has an index: by_done." in told
    assert "CREATE INDEX CONCURRENTLY ON public.t (made); ANALYZE public.t;" in told


def test_indexes_that_the_planner_does_not_use() -> None:
    told = text(table(need(index="by_made")))
    assert "To do: ANALYZE public.t. If that does not help, too many of its tasks are open" in told


def test_a_table_that_the_window_does_not_reach() -> None:
    assert "To do: the window's condition does not reach this table" in text(table())


@pytest.mark.parametrize(
    ("expression", "doubted"),
    [("COALESCE(a, b)", False), ("to_timestamp(a)", True), ("(a)::timestamp", True)],
)
def test_what_may_not_be_immutable_is_said(expression: str, doubted: bool) -> None:
    assert ("PostgreSQL refuses an index on" in text(table(need(expression)))) is doubted


def test_sql_is_never_wrapped() -> None:
    expression = f"COALESCE({', '.join(f'column_{n}' for n in range(30))})"
    found = Diagnosis(
        source=new_source(),
        server="PostgreSQL 18.4",
        skew=Skew(ahead=timedelta(0)),
        role=READER,
        bounded=True,
        tables=(table(need(expression)),),
    )
    assert f"    {index_sql('public.t', expression)}\n" in doctor_text(found)
