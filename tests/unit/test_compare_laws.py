"""The laws of comparing: identity, mirror, one order, definite bytes, and silence about noise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics_core import Comparison, Snapshot, Window, compare, take_snapshot
from metrics_core.comparison import Delta
from tests.builders import HOUR, TEN, row, sqlite_source
from tests.calm_queue import COLUMNS, CalmQueue
from tests.compared import OPPOSITE, QUEUE_COLUMNS, Row, crowd, mirrored, tasks
from tests.databases import SqliteTable
from tests.tables import Case, cases, random_case

Taking = Callable[..., Snapshot]
GENERATED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(name="taken")
def taking(tmp_path: Path) -> Taking:
    """Takes a snapshot of rows; all of them are of one source."""

    def take(rows: Sequence[Row], window: Window = HOUR) -> Snapshot:
        source = sqlite_source(tmp_path, rows, columns=QUEUE_COLUMNS, dimensions=("queue",))
        return take_snapshot(source, window)

    return take


def two_of(case: Case, table: SqliteTable, minutes: int, earlier: int) -> tuple[Snapshot, Snapshot]:
    """Snapshots of two windows of a generated table: its own, and one of other length before it."""
    table.load(case.rows, case.columns)
    end = case.window.end - timedelta(minutes=earlier)
    windows = (Window.ending(end, minutes=minutes), case.window)
    first, second = (take_snapshot(table.source(case), each, case.scope) for each in windows)
    return first, second


def assert_lawful(a: Snapshot, b: Snapshot) -> None:
    there, back = compare(a, b), compare(b, a)
    assert [each.model_copy(update={"text": ""}) for each in back.changes] == [
        mirrored(each) for each in there.changes
    ]
    for one, other in zip(there.deltas, back.deltas, strict=True):
        assert_mirrored(one, other)
    text = there.to_json()
    assert Comparison.model_validate_json(text, strict=True).to_json() == text
    read = [Snapshot.from_json(each.to_json()) for each in (a, b)]
    assert compare(*read).to_json() == text


def assert_mirrored(one: Delta, other: Delta) -> None:
    assert (one.figure, one.unit) == (other.figure, other.unit)
    assert (one.before, one.after) == (other.after, other.before)
    assert (one.n_before, one.n_after) == (other.n_after, other.n_before)
    assert one.meaning == OPPOSITE[other.meaning]
    if one.before is None or one.after is None:
        assert one.difference is one.ratio is None
        assert one.reason
    else:
        assert other.difference is not None
        assert one.difference == -other.difference
        assert one.difference == pytest.approx(one.after - one.before, abs=1e-6)
        assert one.reason is None


def assert_itself(snapshot: Snapshot) -> None:
    compared = compare(snapshot, snapshot)
    assert compared.changes == ()
    assert {each.difference for each in compared.deltas} <= {0, None}
    assert {each.meaning for each in compared.deltas} == {"neutral"}


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_seeded_tables_obey_the_laws(first: int, sqlite_table: SqliteTable) -> None:
    for seed in range(first, first + 50):
        case = random_case(seed, 40)
        a, b = two_of(case, sqlite_table, minutes=(60, 1, 1440)[seed % 3], earlier=seed % 90)
        assert_lawful(a, b)
        assert_itself(a)


@GENERATED
@given(case=cases(), minutes=st.integers(1, 10_080), earlier=st.integers(0, 10_080))
def test_drawn_tables_obey_the_laws(
    case: Case, minutes: int, earlier: int, sqlite_table: SqliteTable
) -> None:
    a, b = two_of(case, sqlite_table, minutes, earlier)
    assert_lawful(a, b)
    assert_itself(b)


def test_changes_stand_in_one_total_order(taken: Taking) -> None:
    before = [*tasks(50), *crowd(3, 40, "c")]
    compared = compare(taken(before), taken(tasks(50)))
    places = [(-each.score, each.kind, each.name) for each in compared.changes]
    assert places == sorted(places)
    assert [each.name for each in compared.changes if each.kind == "error_code"] == [
        *("CODE_000", "CODE_001", "CODE_002"),
    ]


def test_the_order_of_codes_and_values_in_a_snapshot_does_not_matter(taken: Taking) -> None:
    def turned(snapshot: Snapshot) -> Snapshot:
        assert snapshot.errors is not None
        codes = snapshot.errors.codes[::-1]
        parts = [b.model_copy(update={"values": b.values[::-1]}) for b in snapshot.breakdowns]
        errors = snapshot.errors.model_copy(update={"codes": codes})
        return snapshot.model_copy(update={"errors": errors, "breakdowns": tuple(parts[::-1])})

    before = taken([*tasks(90, queue="a"), *crowd(130, 2, "c")])
    after = taken([*tasks(90, queue="b"), *crowd(110, 9, "c"), *tasks(90, name="a", queue="a")])
    assert compare(turned(before), turned(after)) == compare(before, after)


@pytest.mark.parametrize(
    ("queue", "minutes"),
    [
        (CalmQueue(an_hour=20), 60),
        (CalmQueue(an_hour=120), 60),
        (CalmQueue(an_hour=120, sigma=1.5, failure_rate=0.3), 60),
        (CalmQueue(an_hour=600), 15),
    ],
    ids=str,
)
def test_noise_is_not_listed(tmp_path: Path, queue: CalmQueue, minutes: int) -> None:
    """Of pairs of windows between which nothing changed, less than one in twenty lists anything."""
    hours = 30
    rows = list(queue.rows(11, hours))
    source = sqlite_source(tmp_path, rows, columns=COLUMNS, dimensions=("engine", "tenant_id"))
    whole = [Window.ending(TEN + timedelta(hours=h), minutes=60) for h in range(1, hours)]
    taken = [
        take_snapshot(source, replace(w, start=w.end - timedelta(minutes=minutes))) for w in whole
    ]
    pairs = [(i, j) for step in (1, 2, 7) for i, j in enumerate(range(step, hours - 1))]
    alarms = [(i, j) for i, j in pairs if compare(taken[i], taken[j]).changes]
    assert len(pairs) == 77
    assert len(alarms) < 0.05 * len(pairs)


def test_the_other_way_round_everything_is_mirrored(taken: Taking) -> None:
    before = [*tasks(300, queue="a"), *crowd(2, 30, "c"), row("q", "queued", created=3599)]
    waiting = [row(f"q{i}", "queued", created=i) for i in range(90)]
    after = taken(
        [*tasks(90, queue="a", run=50, wait=60), *waiting], Window.ending(HOUR.end, minutes=75)
    )
    there, back = compare(taken(before), after), compare(after, taken(before))
    assert {each.kind for each in there.changes} == {
        "age",
        "backlog",
        "error_code",
        "failure_rate",
        "flow",
        "latency",
    }
    assert [each.model_copy(update={"text": ""}) for each in back.changes] == [
        mirrored(each) for each in there.changes
    ]
