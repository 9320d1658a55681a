"""What the doctor prints about each finding, and what to do."""

import json
import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard.doctor_text import doctor_text
from metrics_core.clock import Skew
from metrics_core.doctor import Diagnosis
from metrics_core.doctor_report import report_of
from metrics_core.evidence import Finding, NotMeasurable, Quality
from metrics_core.index_advice import IndexNeed, ScanPlan, TableAdvice, index_sql
from metrics_core.last_task import LastTask
from metrics_core.role import RoleFindings
from metrics_core.row_sample import RowSample
from tests.builders import TEN, at, new_source

READER = RoleFindings(
    role="reader", database="queue", version_number=180_000, superuser=False, relations=()
)


def diagnosis(
    *tables: TableAdvice,
    skew_ms: float = 0,
    doubt_ms: float = 1,
    role: RoleFindings | None = READER,
    **facts: Any,
) -> Diagnosis:
    """A source without a fault but for what is given."""
    given: dict[str, Any] = {
        "source": new_source(),
        "at": TEN,
        "server": "PostgreSQL 18.4",
        "skew": Skew(
            ahead=timedelta(milliseconds=skew_ms), uncertainty=timedelta(milliseconds=doubt_ms)
        ),
        "role": role,
        "kinds": {"id": "other", "status": "text", "created_at": "instant", "finished_at": "any"},
        "plan": ScanPlan(expected_rows=70, tables=tables) if role else None,
        "sample": sample(),
    }
    return Diagnosis(**{**given, **facts})


def sample(*findings: Finding, **facts: Any) -> RowSample:
    """Thirty rows, all that lived in the last hour."""
    quality = Quality(findings=findings, not_measurable=facts.pop("not_measurable", ()))
    given: dict[str, Any] = {"minutes": 60, "rows": 30, "complete": True, "read_ms": 12}
    return RowSample(**{**given, "nulls": {}, "quality": quality, **facts})


def text(*tables: TableAdvice, **facts: Any) -> str:
    """The text with its lines joined, so that wrapping does not matter."""
    return " ".join(doctor_text(report_of(diagnosis(*tables, **facts))).split())


def need(expression: str = "made", index: str | None = None) -> IndexNeed:
    return IndexNeed(expression=expression, index=index, sql=index_sql("public.t", expression))


def table(
    *needs: IndexNeed,
    rows: int | None = 10**6,
    whole: bool = True,
    servable: bool = False,
    crowded: bool = False,
) -> TableAdvice:
    nodes = ("Seq Scan",) if whole else ("Index Scan",)
    indexes = () if whole else ("by_made",)
    return TableAdvice(
        table="public.t",
        rows=rows,
        nodes=nodes,
        indexes=indexes,
        whole=whole,
        servable=servable,
        crowded=crowded,
        needs=needs,
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
    told = text(role=None, steps=("SCAN tasks", "USE TEMP B-TREE FOR ORDER BY"))
    assert "role good: the file is opened read-only" in told
    assert "index a scan of the last hour reads a whole table (SCAN tasks)." in told
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


def test_a_table_that_is_not_read_whole_misses_no_index() -> None:
    told = text(table(need(), whole=False))
    assert "index good: public.t" in told
    assert "CREATE INDEX" not in told


def test_indexes_that_the_planner_does_not_use() -> None:
    told = text(table(need(index="by_made"), servable=True))
    assert (
        "To do: its indexes could serve. If this does not help, too many of its tasks are" in told
    )
    assert "ANALYZE public.t;" in told


def test_an_estimate_that_the_sample_belies_is_no_excuse() -> None:
    assert "To do: its indexes could serve" in text(
        table(need("a", "i"), servable=True, crowded=True)
    )


def test_reading_all_of_what_the_window_holds_is_good() -> None:
    told = text(table(need(), servable=True, crowded=True), sample=sample(complete=False))
    assert "index good: public.t" in told
    assert told.endswith("verdict good: there is nothing to do.")


def test_a_table_that_the_window_does_not_reach() -> None:
    assert "To do: the window's condition does not reach this table" in text(table())
    of_preset = text(table(), source=new_source(preset="graphile_worker"))
    assert "To do: no index can serve the window of this system: delete what" in of_preset


@pytest.mark.parametrize(
    ("expression", "doubted"),
    [("COALESCE(a, b)", False), ("to_timestamp(a)", True), ("(a)::timestamp", True)],
)
def test_what_may_not_be_immutable_is_said(expression: str, doubted: bool) -> None:
    assert ("PostgreSQL refuses an index on" in text(table(need(expression)))) is doubted


def test_sql_is_never_wrapped() -> None:
    expression = f"COALESCE({', '.join(f'column_{n}' for n in range(30))})"
    found = diagnosis(table(need(expression)))
    assert f"    {index_sql('public.t', expression)}\n" in doctor_text(report_of(found))


def finding(kind: str, value: str | None = None) -> Finding:
    return Finding(kind=kind, value=value, count=3, task_ids=("a", "b"), text=f"{kind}: 3.")


def test_columns_and_those_not_selected_are_told() -> None:
    told = text()
    assert "columns id, status (text), created_at (time with zone), finished_at. Not" in told
    assert "Not selected: eligible_at, started_at, updated_at, duration_ms, error" in told


def test_an_unknown_status_is_to_be_mapped() -> None:
    told = text(sample=sample(finding("unknown_status", "weird")))
    assert "NOT GOOD: unknown_status: 3. For example: a, b." in told
    assert 'under [sources.tasks], as: statuses = { queued = ["weird"] }' in told
    assert told.endswith("verdict there is something to do about: rows.")


def test_unknown_statuses_make_one_line_that_can_replace_the_one_there() -> None:
    found = sample(finding("unknown_status", "ok"), finding("unknown_status", "weird"))
    told = text(sample=found, source=new_source(statuses={"queued": ("pending",)}))
    line = 'statuses = { queued = ["pending", "weird"], completed = ["ok"] }'
    assert told.count("statuses = {") == told.count(line) == 2
    assert tomllib.loads(line)


def test_no_value_of_a_row_can_command_a_terminal_or_end_a_quotation() -> None:
    odd = finding("unknown_status", 'a"\x1b[2J\u009b').model_copy(update={"task_ids": ("\x1b[3J",)})
    told = text(sample=sample(odd))
    assert told.isprintable()
    assert "For example: \\u001b[3J." in told
    assert 'statuses = { queued = ["a\\"\\u001b[2J\\u009b"] }' in told


def test_columns_without_values_are_counted() -> None:
    told = text(sample=sample(nulls={"created_at": 2, "started_at": 30, "finished_at": 0}))
    assert "of 30 rows of the last hour, without a value: created_at 2, started_at 30." in told
    assert (
        "started_at: none of 30 rows of the last hour has a value. If none ever has: lacks" in told
    )


@pytest.mark.parametrize(
    ("latest", "told"),
    [
        (at(-180), "times the latest of them is 3 min ago."),
        (at(7200), "NOT GOOD: the latest of them lies 2 h ahead of now"),
    ],
)
def test_times_of_a_wrong_zone_lie_ahead(latest: Any, told: str) -> None:
    found = LastTask(at=latest, since=TEN, before=TEN)
    assert told in text(latest=found, kinds={"created_at": "instant"})


def test_the_zone_that_is_assumed_is_told() -> None:
    told = text(kinds={"created_at": "naive", "finished_at": "naive"}, zone="Europe/Berlin")
    assert "times created_at and finished_at have no zone: they are read as UTC." in told
    assert "The server's own zone is Europe/Berlin." in told


def test_a_scan_is_timed_and_the_rows_expected_are_told() -> None:
    assert "scan 30 rows of the last hour came in 12 ms. index" in text()
    partly = text(sample=sample(complete=False, rows=10_000))
    assert "scan the first 10,000 rows of the last hour came in 12 ms. The server expects" in partly
    assert "about 70 in the last hour." in partly


def test_a_scan_that_would_be_refused_is_a_fault() -> None:
    told = text(source=new_source(max_rows=69), sample=sample(complete=False))
    assert "NOT GOOD: the first 30 rows of the last hour came in" in told
    assert "Over max_rows = 69 it is refused." in told


def test_rows_that_were_not_read_say_why() -> None:
    told = text(sample=None, unread={"sample": "the source refuses its role"})
    assert "rows NOT GOOD: no sample of them was read: the source refuses its role." in told


def test_who_is_refused_for_a_role_is_not_sent_to_be_refused_again() -> None:
    unsafe = replace(READER, superuser=True)
    unread = {"sample": "its role is a superuser"}
    told = text(source=new_source(unsafe_role="refuse"), role=unsafe, sample=None, unread=unread)
    assert "its role is a superuser. To do: connect as a role that can only read: its SQL" in told
    assert "stillframe snapshot" not in told


def test_what_cannot_be_measured_is_told_with_its_reason() -> None:
    missing = NotMeasurable(figure="errors", reason="The source has no error.")
    told = text(sample=sample(not_measurable=(missing,)))
    assert "figures errors is not measurable. The source has no error." in told


def test_row_level_security_is_told_with_a_policy() -> None:
    told = text(row_security=("public.t",))
    assert "rows NOT GOOD: row level security on public.t chooses" in told
    assert "CREATE POLICY stillframe_reader ON public.t FOR SELECT TO stillframe_reader" in told


def test_a_plan_without_a_table_is_none_where_row_level_security_hides_all() -> None:
    assert "index the SELECT reads no table." in text()
    told = text(row_security=("public.t",))
    assert "index not examined: row level security leaves this role no row" in told
    assert "reads no table" not in told


def test_a_preset_tells_its_traps() -> None:
    told = text(source=new_source(preset="oban"))
    assert "preset oban: Oban (Python 0.7.0 seen;" in told
    assert "retention The Pruner deletes ended jobs" in told
    assert "trap Times have no zone: they are UTC." in told


def test_the_report_as_json_has_the_same_remarks() -> None:
    report = report_of(diagnosis(table(need())))
    document = json.loads(report.to_json())
    assert document["good"] is False
    assert document["examinedAt"] == "2026-01-30T10:00:00Z"
    assert document["expectedRows"] == 70
    assert document["sample"] == {"minutes": 60, "rows": 30, "complete": True, "readMs": 12}
    assert document["tables"] == [
        {
            "table": "public.t",
            "estimatedRows": 10**6,
            "readWhole": True,
            "indexes": [],
            "missing": ["CREATE INDEX CONCURRENTLY ON public.t (made);"],
        }
    ]
    faults = [each for each in document["remarks"] if each["level"] == "not_good"]
    assert [(each["about"], each["sql"][-1]) for each in faults] == [("index", "ANALYZE public.t;")]


def test_rules_of_the_flight_recorder_are_told_with_what_keeps_them_from_working() -> None:
    rules = ("failure_rate > 0.2", "p95_ms.time_to_complete > 60000")
    ruled = new_source(record_when=rules)
    assert "rule" not in text()
    said = text(source=ruled)
    assert "rule good: failure_rate > 0.2, over the last hour, once a tick." in said
    assert "good: there is nothing to do." in said
    lacking = NotMeasurable(figure="latency.timeToCompleteMs", reason="It keeps none.")
    blind = text(source=ruled, sample=sample(not_measurable=(lacking,)))
    assert "p95_ms.time_to_complete > 60000: its figure is not measurable, so it never" in blind
    unset = report_of(diagnosis(source=ruled), archive_is_set=False)
    assert not unset.good
    assert "NOT GOOD: no archive is set, so nothing is recorded." in doctor_text(unset)
