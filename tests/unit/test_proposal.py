"""The proposal for a table that Stillframe does not know, from hand-made facts."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from metrics_core.column_roles import roles_of
from metrics_core.database import Kind
from metrics_core.proposal import Order, Proposal, StatusValue
from metrics_core.source import Status
from metrics_core.table_facts import Column, TableFacts, Texts
from metrics_core.table_fit import Fit, fit, ranked
from metrics_core.window import epoch_us
from tests.builders import TEN

NOW = epoch_us(TEN)
NEW_YORK = ZoneInfo("America/New_York")


def text(name: str, *texts: str | None, **more: object) -> Column:
    return column(name, texts, "text", "text", **more)


def instant(name: str, *texts: str | None) -> Column:
    return column(name, texts, "instant", "timestamp with time zone")


def number(name: str, *texts: str | None, **more: object) -> Column:
    return column(name, texts, "number", "bigint", numeric=True, **more)


def column(name: str, texts: Texts, kind: Kind, declared: str, **more: object) -> Column:
    facts = {"name": name, "texts": texts, "kind": kind, "type": declared}
    return Column(**{**facts, **more})  # type: ignore[arg-type]


def table(*columns: Column, name: str = "jobs", dialect: str = "postgresql") -> TableFacts:
    return TableFacts(
        dialect=dialect,
        schema="public",
        name=name,
        visible=True,
        columns=columns,
        size=max(len(each.texts) for each in columns),
        complete=True,
    )


def fitted(*columns: Column, zone: str = "UTC", **more: str) -> Fit:
    return fit(table(*columns, **more), now=NOW, server_zone=ZoneInfo(zone))


def proposed(*columns: Column, **more: str) -> Proposal:
    found = fitted(*columns, **more)
    assert found.fits, found.faults
    assert found.proposal is not None
    return found.proposal


def select(*columns: Column, **more: str) -> list[str]:
    """The SELECT's lines between its first and its last."""
    return [line.strip().rstrip(",") for line in proposed(*columns, **more).sql.split("\n")[1:-1]]


T1, T2, T3 = (f"2026-01-30 09:{minute}:00+00" for minute in (10, 20, 30))
ID = number("id", "1", "2", "3", is_key=True)
STATE = text("state", "done", "running", "waiting")
CREATED = instant("created", T1, T2, T3)


def test_each_column_gets_its_use_and_the_evidence() -> None:
    found = proposed(
        ID,
        STATE,
        instant("inserted", T1, T1, T3),
        instant("began", T2, T2, None),
        instant("done", T1, None, None),
        text("reason", "boom", None, None),
        text("payload", "x" * 80, "y" * 80, "z" * 80),
        name="work_items",
    )
    assert found.sql == (
        'SELECT\n  "id" AS id,\n  "state" AS status,\n  "inserted" AS created_at,\n'
        '  "began" AS started_at,\n  "done" AS finished_at,\n  "reason" AS error\n'
        'FROM "work_items"'
    )
    assert found.settings() == {
        "sql": found.sql,
        "dimensions": [],
        "statuses": {"queued": ["waiting"], "processing": ["running"], "completed": ["done"]},
    }
    assert list(found.orders()) == [
        Order(first="created_at", second="started_at", holds=2, rows=2),
        Order(first="started_at", second="finished_at", holds=0, rows=1),
    ]
    assert found.values[0] == StatusValue(
        native="done", rows=1, started=1, finished=1, error=1, known="completed", likely="completed"
    )
    assert found.missing == ()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("created_at", "created_at"),
        ("enqueuedAt", "created_at"),
        ("dateSubmitted", "created_at"),
        ("started_on", "started_at"),
        ("picked_up_at", "started_at"),
        ("StartTime", "started_at"),
        ("completed_ts", "finished_at"),
        ("end date", "finished_at"),
        ("run_at", "eligible_at"),
        ("not_before", "eligible_at"),
        ("updatedat", "updated_at"),
    ],
)
def test_a_time_is_known_by_its_name(name: str, role: str) -> None:
    found = roles_of(table(ID, STATE, instant(name, T1, T2, T3))).times
    assert {role: [time.column.name for time in times] for role, times in found.items()} == {
        role: [name]
    }


@pytest.mark.parametrize("name", ["expires_at", "lease_until", "last_heartbeat", "birthday"])
def test_other_times_are_none_of_a_task(name: str) -> None:
    times = proposed(ID, STATE, CREATED, instant(name, T1, T2, T3)).roles.times
    assert [*times] == ["created_at"]


def test_ends_of_different_outcomes_are_one_end() -> None:
    ends = [instant(f"{what}_at", T1, None, None) for what in ("completed", "failed", "cancelled")]
    lines = select(ID, STATE, CREATED, *ends)
    assert lines[-1] == 'coalesce("completed_at", "failed_at", "cancelled_at") AS finished_at'
    lines = select(ID, STATE, CREATED, *ends, instant("finished_at", T1, None, None))
    assert lines[-1] == '"finished_at" AS finished_at'


def test_epoch_numbers_have_the_unit_that_puts_them_into_this_century() -> None:
    found = proposed(
        ID,
        STATE,
        number("created", "1769767200000", "1769767200000", "1769767200000"),
        number("started", "1769767200", "1769767200", None),
        number("finished", "1769767200000", "0", "-1"),
    )
    assert found.settings()["time_unit"] == "ms"
    assert found.sql.split("\n")[3:6] == [
        '  "created" AS created_at,',
        '  "started" * 1000 AS started_at,',
        '  CASE WHEN "finished" > 0 THEN "finished" END AS finished_at',
    ]
    assert [order.holds for order in found.orders()] == [2, 1]


def test_numbers_that_are_no_times_are_none() -> None:
    found = fitted(ID, STATE, number("created", "17", "18", "19"))
    assert found.faults == (
        "no column of times is named like created, started, finished or updated",
    )


def test_an_empty_column_is_one_of_times_only_by_a_type_that_may_hold_them() -> None:
    types: dict[str, Kind] = {"interval": "other", "point": "other", "bigint": "number"}
    empty = [column(f"{name} done", (), kind, name) for name, kind in types.items()]
    (found,) = roles_of(table(ID, STATE, CREATED, *empty)).times["finished_at"]
    assert (found.column.type, found.form, found.unit) == ("bigint", "number", None)


@pytest.mark.parametrize(
    ("newest", "zone", "expected"),
    [
        ("2026-01-30 04:59:00", "America/New_York", "America/New_York"),
        ("2026-01-30 09:59:00", "America/New_York", "UTC"),
        ("2026-01-30 03:00:00", "America/New_York", "UTC"),
        ("2026-01-30 10:59:00", "Europe/Berlin", "Europe/Berlin"),
        ("2026-01-30 09:59:00", "UTC", "UTC"),
    ],
)
def test_naive_times_are_utc_unless_the_newest_is_of_now_by_the_servers_zone(
    newest: str, zone: str, expected: str
) -> None:
    naive = column("created", (newest, None, None), "naive", "timestamp without time zone")
    assert proposed(ID, STATE, naive, zone=zone).settings()["timezone"] == expected


def test_an_end_of_open_tasks_is_taken_away() -> None:
    line = select(ID, STATE, CREATED, instant("finished", T3, T3, None))[-1]
    assert line == """CASE WHEN "state" IN ('done') THEN "finished" END AS finished_at"""


def test_nothing_is_said_of_open_tasks_before_it_is_known_which_are_open() -> None:
    found = proposed(number("id", "1", "2", "3", "4", is_key=True), CODES, *TIMES)
    assert not found.guarded
    assert not found.with_meanings({"2": "completed", "3": "failed"}).guarded
    assert found.with_meanings({"2": "completed", "3": "processing"}).guarded


CODES = number("status", "0", "1", "2", "3")
TIMES = (
    instant("created", T1, T1, T1, T1),
    instant("started", None, T2, T2, T2),
    instant("finished", None, None, T3, T3),
    text("error", None, None, None, "boom"),
)


def test_what_codes_mean_is_not_taken_for_known() -> None:
    found = proposed(number("id", "1", "2", "3", "4", is_key=True), CODES, *TIMES)
    assert found.meanings == {}
    assert {value.native: value.likely for value in found.unclear} == {
        "0": "queued",
        "1": "processing",
        "2": "completed",
        "3": "failed",
    }
    named: dict[str, Status] = {"2": "completed", "0": "queued"}
    told = found.with_meanings(named)
    assert told.settings()["statuses"] == {"queued": ["0"], "completed": ["2"]}
    assert [value.native for value in told.unclear] == ["1", "3"]


def test_without_a_status_the_times_tell_it() -> None:
    found = proposed(number("id", "1", "2", "3", "4", is_key=True), *TIMES)
    assert found.sql.split("\n")[2:8] == [
        "  CASE",
        """    WHEN ("finished" IS NOT NULL) AND CAST("error" AS text) <> '' THEN 'failed'""",
        """    WHEN "finished" IS NOT NULL THEN 'completed'""",
        """    WHEN "started" IS NOT NULL THEN 'processing'""",
        "    ELSE 'queued'",
        "  END AS status,",
    ]


def test_an_empty_table_is_known_by_names_types_and_labels() -> None:
    found = proposed(
        number("id", is_key=True),
        column("state", (), "other", "job_state", labels=("new", "busy", "ok", "bad")),
        instant("created"),
        instant("finished"),
    )
    statuses = {"queued": ["new"], "processing": ["busy"], "completed": ["ok"]}
    assert found.settings()["statuses"] == statuses
    assert [value.native for value in found.unclear] == ["bad"]


def test_texts_of_times_are_cast_where_the_database_would_not_read_them() -> None:
    texts = text("created", "2026-01-30T09:10:00Z", "2026-01-30T09:20:00Z", "")
    assert select(ID, STATE, texts)[-1] == (
        """CAST(nullif("created", '') AS timestamptz) AS created_at"""
    )
    anything = column("created", ("2026-01-30 09:10",) * 3, "any", "TEXT")
    assert select(ID, STATE, anything, dialect="sqlite")[-1] == '"created" AS created_at'


def test_columns_of_few_values_are_dimensions_under_names_that_may_be() -> None:
    rows = 12
    found = proposed(
        number("id", *map(str, range(rows)), is_key=True),
        text("state", *(["done", "queued"] * 6)),
        instant("created", *([T1] * rows)),
        text("queue", *(["a", "b"] * 6)),
        text("Größe", *(["xs", "xl"] * 6)),
        text("limit", *(["1"] * 6), *(["2"] * 6)),
        text("user", *map(str, range(rows))),
        number("priority", *(["1", "2"] * 6)),
        number("retries", *(["1", "2"] * 6)),
    )
    assert {name: each.name for name, each in found.dimensions.items()} == {
        "queue": "queue",
        "Gr_e": "Größe",
        "limit_2": "limit",
        "priority": "priority",
    }
    assert found.sql.endswith(
        '  "queue",\n  "Größe" AS "Gr_e",\n  "limit" AS "limit_2",\n  "priority"\nFROM "jobs"'
    )


def test_the_error_is_the_text_and_its_code_a_column_of_its_own() -> None:
    found = proposed(
        ID,
        STATE,
        CREATED,
        number("error_count", "0", "1", "2"),
        text("error_type", "A", None, None),
        text("last_error", "x", None, None),
        text("error_message", '{"message": "x"}', None, None),
    )
    assert found.sql.split("\n")[4:6] == [
        '  "error_message" AS error,',
        '  "error_type" AS error_code',
    ]
    assert found.settings()["error_format"] == "json_object"


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ((STATE, CREATED), "no column tells its rows apart"),
        ((ID, CREATED), "no column holds a few words like queued, running, done or failed"),
        ((ID, text("state", "CA", "NY", "TX"), CREATED), "its column state holds 'CA', 'NY', 'TX'"),
        ((ID, STATE, instant(":window_to created", T1)), "one of its names holds :window_from or"),
        ((number("id"), text("state"), instant("created")), "it is empty, and has no times named"),
    ],
)
def test_what_is_no_table_of_tasks_is_told_why(columns: Sequence[Column], fault: str) -> None:
    (told,) = fitted(*columns).faults
    assert told.startswith(fault)


def test_a_table_with_more_of_a_task_is_the_better_one() -> None:
    orders = fitted(ID, text("status", "pending", "done", "done"), CREATED, name="orders")
    work = fitted(ID, STATE, CREATED, instant("started", T1, None, None), name="work")
    towns = fitted(ID, text("name", "x", "y", "z"), name="towns")
    assert [each.table.name for each in ranked([towns, orders, work])] == [
        "work",
        "orders",
        "towns",
    ]


def test_a_row_number_stands_for_a_key_where_there_is_none() -> None:
    facts = table(text("state", "done"), text("created", T1), dialect="sqlite")
    keyless = TableFacts(**{**vars(facts), "row_id": "rowid"})
    found = fit(keyless, now=NOW, server_zone=ZoneInfo("UTC")).proposal
    assert found is not None
    assert found.sql.startswith("SELECT\n  rowid AS id,\n")


def test_a_key_of_several_columns_is_one_id() -> None:
    keys = [number(name, "1", "2", "3", is_key=True) for name in ("shard", "seq")]
    line = select(*keys, STATE, CREATED)[0]
    assert line == """CAST("shard" AS text) || '/' || CAST("seq" AS text) AS id"""
