"""The scan on SQLite: which rows it brings, in which form, and what it refuses."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from metrics_core.connect import open_database
from metrics_core.errors import ScanTooLarge, SourceError
from metrics_core.scan import Scan, scan
from metrics_core.source import Source
from metrics_core.tasks import NULL, Tasks
from tests.builders import HOUR, Row, at, row, sqlite_source, us

TASK = row("a", "queued", created=5)


def scanned(source: Source, scope: Mapping[str, str] | None = None) -> Scan:
    with open_database(source) as database:
        return scan(database, source, HOUR, scope or {})


def tasks(tmp_path: Path, *rows: Row, scope: Mapping[str, str] | None = None, **kw: Any) -> Tasks:
    return scanned(sqlite_source(tmp_path, rows, **kw), scope).tasks


def fault(tmp_path: Path, *rows: Row, **settings: Any) -> str:
    with pytest.raises(SourceError) as caught:
        tasks(tmp_path, *rows, **settings)
    return str(caught.value)


def ids(found: Tasks) -> list[str]:
    return sorted(found.id.to_pylist())


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    assert fault(tmp_path, {"id": 1, "state": "x"}) == (
        "source tasks: its SELECT has no column status; it has id, state"
    )
    assert fault(tmp_path, TASK, dimensions=("queue",)) == (
        "source tasks: its SELECT has no column queue; it has id, status, created_at"
    )


@pytest.mark.parametrize("lacks", [(), ("updated_at",)])
def test_a_source_needs_a_time_that_places_a_task(tmp_path: Path, lacks: tuple[str, ...]) -> None:
    timed = {"updated_at": 5} if lacks else {}
    assert fault(tmp_path, {"id": 1, "status": "x", "eligible_at": 5, **timed}, lacks=lacks) == (
        "source tasks: its SELECT needs at least one of created_at, started_at, finished_at, "
        f"updated_at; it has id, status, eligible_at{', updated_at' if timed else ''}"
    )


@pytest.mark.parametrize("value", ["soon", "", "30.01.2026", b"2026", 1e300])
def test_a_column_of_no_times_is_refused(tmp_path: Path, value: object) -> None:
    assert fault(tmp_path, TASK | {"created_at": value}) == (
        "source tasks: its column created_at does not hold a time "
        "(epoch numbers are read in time_unit = 's')"
    )


@pytest.mark.parametrize("value", ["12", "abc", b"1"])
def test_a_column_of_no_numbers_is_refused(tmp_path: Path, value: object) -> None:
    assert fault(tmp_path, TASK | {"cost_usd": value}) == (
        "source tasks: its column cost_usd does not hold a number"
    )


def test_a_column_that_the_source_lacks_is_not_looked_at(tmp_path: Path) -> None:
    found = tasks(tmp_path, TASK | {"updated_at": "soon"}, lacks=("updated_at",))
    assert found.updated.tolist() == [NULL]
    assert found.columns == {"id", "status", "created_at", "time_to_processing"}


def test_ten_thousand_rows_of_garbage_do_not_condemn_a_column_that_the_window_can_read(
    tmp_path: Path,
) -> None:
    garbage = [TASK | {"id": i, "created_at": "soon", "cost_usd": "free"} for i in range(10_000)]
    found = tasks(tmp_path, *garbage, TASK | {"cost_usd": 0.5})
    assert found.unreadable.sum() == 10_000
    assert found.cost_usd[~np.isnan(found.cost_usd)].tolist() == [0.5]


def test_a_column_of_nulls_has_any_type(tmp_path: Path) -> None:
    found = tasks(tmp_path, TASK | {"started_at": None, "cost_usd": None, "error": None})
    assert found.started.tolist() == [NULL]
    assert np.isnan(found.cost_usd).tolist() == [True]
    assert found.error.values == ()


def test_an_empty_table_has_no_tasks(tmp_path: Path) -> None:
    columns = "id, status, created_at, finished_at, error, cost_usd, queue"
    found = scanned(sqlite_source(tmp_path, [], columns=columns, dimensions=("queue",)))
    assert (len(found.tasks), found.rows_scanned, found.database) == (0, 0, "sqlite")


def test_the_windows_condition_is_exact(tmp_path: Path) -> None:
    found = tasks(
        tmp_path,
        row("created before to", "queued", created=3599.999999, finished=3599.999999),
        row("created at to", "queued", created=3600, finished=9999),
        row("finished at from", "failed", created=-9, finished=0),
        row("finished before from", "failed", created=-9, finished=-0.000001),
        row("created in, finished before", "failed", created=0, finished=-5),
        {"id": "no times", "status": "queued"},
    )
    assert ids(found) == [
        "created before to",
        "created in, finished before",
        "finished at from",
        "no times",
    ]


def test_the_scope_is_exact_and_a_null_never_equals(tmp_path: Path) -> None:
    queues = ["a", "A", "a ", "", None, 1, b"a"]
    rows = [TASK | {"id": i, "queue": queue} for i, queue in enumerate(queues)]
    for value, expected in {"a": ["0"], "": ["3"], "1": ["5"], "61": ["6"], "b": []}.items():
        given = tasks(tmp_path, *rows, dimensions=("queue",), scope={"queue": value})
        assert ids(given) == expected


def test_two_dimensions_of_a_scope_must_both_fit(tmp_path: Path) -> None:
    rows = [TASK | {"id": f"{x}{y}", "x": x, "y": y} for x in "ab" for y in "ab"]
    given = tasks(tmp_path, *rows, dimensions=("y", "x"), scope={"x": "a", "y": "b"})
    assert ids(given) == ["ab"]


def test_a_viewers_words_are_only_compared(tmp_path: Path) -> None:
    injection = "a' OR '1'='1"
    source = sqlite_source(tmp_path, [TASK | {"queue": "a"}], dimensions=("queue",))
    assert len(scanned(source, {"queue": injection}).tasks) == 0


def test_more_rows_than_max_rows_are_refused_and_as_many_are_not(tmp_path: Path) -> None:
    rows = [TASK | {"id": i} for i in range(3)]
    assert scanned(sqlite_source(tmp_path, rows, max_rows=3)).rows_scanned == 3
    with pytest.raises(ScanTooLarge) as caught:
        scanned(sqlite_source(tmp_path, rows, max_rows=2))
    assert str(caught.value) == (
        "source tasks: the window holds more than max_rows = 2 tasks: ask for a shorter window "
        "or a narrower scope (a sample would be no figure)"
    )


@pytest.mark.parametrize(("hours", "named"), [(0, "Z"), (-8, "-08:00"), (5, "+05:00")])
def test_rows_of_the_hours_after_the_window_are_none_of_it(
    tmp_path: Path, hours: int, named: str
) -> None:
    def created(seconds: float) -> str:
        return f"{at(seconds + 3600 * hours):%Y-%m-%dT%H:%M:%S}{named}"

    task = TASK | {"finished_at": None}
    inside = [task | {"id": "inside", "created_at": created(1800)}]
    later = [task | {"id": i, "created_at": created(3700 + i)} for i in range(3)]
    source = sqlite_source(tmp_path, inside + later, max_rows=1)
    assert ids(scanned(source).tasks) == ["inside"]


def test_a_text_after_more_than_a_thousand_nulls_is_read(tmp_path: Path) -> None:
    rows = [TASK | {"id": i, "error": None, "started_at": None} for i in range(1500)]
    last = TASK | {"id": "x", "error": "boom", "started_at": at(7)}
    found = tasks(tmp_path, *rows, last)
    assert found.error.values == ("boom",)
    assert max(found.started.tolist()) == us(7)


def test_numbers_and_texts_may_stand_side_by_side(tmp_path: Path) -> None:
    found = tasks(
        tmp_path,
        TASK | {"id": 1, "created_at": us(5) / 1e6, "queue": 7},
        TASK | {"id": "b", "created_at": "2026-01-30T10:00:05Z", "queue": "7"},
        TASK | {"id": 1.5, "created_at": us(5) // 1_000_000, "queue": 7.0},
        dimensions=("queue",),
    )
    assert ids(found) == ["1", "1.5", "b"]
    assert set(found.created.tolist()) == {us(5)}
    assert found.dimensions["queue"].values == ("7", "7.0")


def test_an_id_may_be_null_or_bytes(tmp_path: Path) -> None:
    found = tasks(tmp_path, TASK | {"id": None}, TASK | {"id": b"\xff\x00\x1a"})
    assert ids(found) == ["", "ff001a"]


def test_an_error_text_is_cut_to_its_first_and_last_500_characters(tmp_path: Path) -> None:
    whole, longer = "é" * 1000, "a" * 600 + "😀" * 600
    found = tasks(tmp_path, TASK | {"error": whole}, TASK | {"error": longer, "id": "b"})
    assert set(found.error.values) == {whole, "a" * 500 + " … " + "😀" * 500}


def test_numbers_that_are_none_are_null(tmp_path: Path) -> None:
    durations = [1.5, 2**53 - 1, 2**53, -(2**63), float("inf"), None]
    costs = [0.5, 9_007_199_254.740991, 9_007_199_255, -1e300, float("-inf"), None]
    rows = [
        TASK | {"id": i, "duration_ms": duration, "cost_usd": cost}
        for i, (duration, cost) in enumerate(zip(durations, costs, strict=True))
    ]
    found = tasks(tmp_path, *rows)
    assert found.duration_ms[~np.isnan(found.duration_ms)].tolist() == [1.5, 2.0**53 - 1]
    assert found.cost_usd[~np.isnan(found.cost_usd)].tolist() == [0.5, 9_007_199_254.740991]


def test_the_databases_clock_is_compared_with_ours(tmp_path: Path) -> None:
    found = scanned(sqlite_source(tmp_path, [TASK]))
    assert not found.skew.too_large
    assert found.clock.utcoffset() is not None
