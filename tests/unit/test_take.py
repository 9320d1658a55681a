"""Taking a snapshot of an SQLite file: the document as a whole."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from metrics_core.connect import open_database
from metrics_core.errors import DatabaseError, InvalidScope, InvalidWindow, UsageError
from metrics_core.evidence import Viewer
from metrics_core.take import new_request_id, take_snapshot
from metrics_core.window import Window
from tests.builders import HOUR, at, path_of, row, sqlite_source

COLUMNS = (
    "id, status, created_at, eligible_at, started_at, finished_at, updated_at, duration_ms, "
    "error, error_code, cost_usd, queue"
)
TASKS = (
    row("a", "completed", created=0, started=2, finished=12, queue="q", cost_usd=0.5),
    row("b", "failed", created=0, started=2, finished=20, queue="q", error="GPU_OOM: 80"),
    row("c", "queued", created=60, queue="r"),
    row("d", "processing", created=60, started=70, queue="r"),
)


def test_a_snapshot_holds_the_figures_of_its_window(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, dimensions=("queue",))
    document = json.loads(take_snapshot(source, HOUR, request_id="req_1").to_json())
    assert document["window"] == {
        "minutes": 60,
        "from": "2026-01-30T10:00:00Z",
        "to": "2026-01-30T11:00:00Z",
    }
    assert document["requestId"] == "req_1"
    assert document["tasks"] == {
        "created": 4,
        "completed": 1,
        "failed": 1,
        "cancelled": 0,
        "processing": 1,
        "queued": 1,
        "scheduled": 0,
    }
    assert document["latency"] == {
        "timeToProcessingMs": dict.fromkeys(("p50", "p95", "avg", "p99", "max"), 2000)
        | {"samples": 1},
        "timeToCompleteMs": dict.fromkeys(("p50", "p95", "avg", "p99", "max"), 10_000)
        | {"samples": 1},
    }
    assert [(e["code"], e["count"], e["share"]) for e in document["topErrors"]] == [
        ("GPU_OOM", 1, 1.0)
    ]
    assert (document["source"], document["scope"], document["failureRate"]) == ("tasks", {}, 0.5)
    assert document["backlog"]["queued"]["oldestAgeMs"] == 3_540_000
    assert document["ledger"]["openAtTo"] == 2
    assert document["cost"] == {"usd": 0.5, "samples": 1}
    assert document["quality"] == {"findings": [], "notMeasurable": []}


def test_an_empty_table_gives_zeros_and_nulls(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, [], columns=COLUMNS, dimensions=("queue",))
    document = json.loads(take_snapshot(source, HOUR).to_json())
    assert set(document["tasks"].values()) == {0}
    assert set(document["ledger"].values()) == {0}
    nothing = dict.fromkeys(("p50", "p95", "avg", "p99", "max")) | {"samples": 0}
    assert document["latency"] == {"timeToProcessingMs": nothing, "timeToCompleteMs": nothing}
    assert (document["topErrors"], document["failureRate"]) == ([], None)
    assert document["errors"] == {"codes": [], "other": None}
    assert document["cost"] == {"usd": 0.0, "samples": 0}
    assert document["breakdowns"] == [{"dimension": "queue", "values": [], "other": None}]
    assert len(document["series"]) == 60
    assert document["quality"]["findings"] == []
    assert document["provenance"]["rowsScanned"] == 0


def test_rows_that_hold_nothing_are_counted_and_in_no_figure(tmp_path: Path) -> None:
    rows = [dict.fromkeys(COLUMNS.split(", "))] * 3
    found = take_snapshot(sqlite_source(tmp_path, rows), HOUR)
    assert (found.tasks.queued, found.tasks.created) == (0, 0)
    assert [(f.kind, f.count, f.task_ids) for f in found.quality.findings] == [
        ("missing_status", 3, ("", "", ""))
    ]


@pytest.mark.parametrize("named_in_lacks", [True, False])
def test_what_a_source_lacks_is_null_with_a_reason(tmp_path: Path, named_in_lacks: bool) -> None:
    columns = COLUMNS if named_in_lacks else "id, status, finished_at"
    lacks = tuple(name for name in COLUMNS.split(", ")[2:-1] if name != "finished_at")
    source = sqlite_source(
        tmp_path,
        [row("a", "failed", finished=5)],
        columns=columns,
        lacks=lacks * named_in_lacks,
    )
    document = json.loads(take_snapshot(source, HOUR).to_json())
    assert document["tasks"]["failed"] == 1
    assert document["tasks"]["created"] is None
    assert (document["ledger"], document["errors"], document["cost"]) == (None, None, None)
    assert [each["figure"] for each in document["quality"]["notMeasurable"]] == [
        "tasks.created",
        "ledger",
        "latency.timeToProcessingMs",
        "latency.timeToCompleteMs",
        "backlog.queued.oldestAgeMs",
        "backlog.processing.oldestAgeMs",
        "errors",
    ]


def test_a_scope_limits_every_figure_and_stands_sorted_in_the_document(tmp_path: Path) -> None:
    rows = [task | {"x": "1"} for task in TASKS]
    source = sqlite_source(tmp_path, rows, columns=f"{COLUMNS}, x", dimensions=("x", "queue"))
    found = take_snapshot(source, HOUR, {"x": "1", "queue": "r"})
    assert list(found.scope.items()) == [("queue", "r"), ("x", "1")]
    assert (found.tasks.created, found.tasks.failed, found.tasks.queued) == (2, 0, 1)
    assert [part.value for part in found.breakdowns[1].values] == ["r"]


@pytest.mark.parametrize(
    ("scope", "fault"),
    [
        ({"engine": "x"}, "source tasks has no dimension 'engine'; its dimensions: queue"),
        ({"queue": "a\0b"}, "the scope's queue holds a character that no text may hold"),
        ({"queue": "\udcff"}, "the scope's queue holds a character that no text may hold"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(
    tmp_path: Path, scope: dict[str, str], fault: str
) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, dimensions=("queue",))
    with pytest.raises(InvalidScope) as caught:
        take_snapshot(source, HOUR, scope)
    assert str(caught.value) == fault


def test_a_source_without_dimensions_says_so(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS)
    with pytest.raises(InvalidScope, match="its dimensions: none"):
        take_snapshot(source, HOUR, {"queue": "q"})


def test_a_window_before_the_sources_retention_is_not_measurable(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, retention_hours=2)
    live = Window.ending_now(datetime.now(UTC), minutes=60)
    assert take_snapshot(source, live).tasks.failed == 0
    with pytest.raises(InvalidWindow) as caught:
        take_snapshot(source, Window.ending(live.end, minutes=180))
    assert str(caught.value) == (
        "source tasks keeps its tasks for 2 h; a window that begins earlier is not measurable"
    )


@pytest.mark.parametrize("retention_hours", [1e12, float("inf")])
def test_an_endless_retention_forgets_nothing(tmp_path: Path, retention_hours: float) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS, retention_hours=retention_hours)
    assert take_snapshot(source, HOUR).tasks.failed == 1


def test_provenance_tells_how_it_came_about(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS)
    viewer = Viewer(name="ada", self_declared=True)
    found = take_snapshot(source, HOUR, taken_by=viewer).provenance
    assert found.tool.startswith("stillframe ")
    assert found.percentile_method == "sorted[min(n * q // 100, n - 1)]"
    assert found.select_sha256 == source.select_sha256
    assert (found.database, found.rows_scanned, found.live) == ("sqlite", 4, False)
    assert (found.taken_by, found.freshness.state) == (viewer, "LIVE")


def test_equal_rows_have_equal_content_and_two_takings_differ(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS)
    first, second = take_snapshot(source, HOUR), take_snapshot(source, HOUR)
    assert first.digest.content == second.digest.content
    assert first.digest.document != second.digest.document
    assert first.request_id != second.request_id


def test_the_order_of_the_rows_does_not_change_the_content(tmp_path: Path) -> None:
    contents = [
        take_snapshot(
            sqlite_source(tmp_path, rows, columns=COLUMNS, dimensions=("queue",)), HOUR
        ).digest.content
        for rows in (TASKS, TASKS[::-1])
    ]
    assert contents[0] == contents[1]


def test_rows_outside_the_window_do_not_change_its_content(tmp_path: Path) -> None:
    outside = row("x", "failed", created=-99, finished=-1), row("y", "queued", created=3600)
    contents = [
        take_snapshot(sqlite_source(tmp_path, rows, columns=COLUMNS), HOUR).digest.content
        for rows in (TASKS, [*TASKS, *outside])
    ]
    assert contents[0] == contents[1]


def test_one_connection_serves_many_snapshots_and_sees_what_was_committed(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS)
    counts = []
    with open_database(source) as database:
        for _ in range(2):
            counts.append(take_snapshot(source, HOUR, database=database).tasks.failed)
            with sqlite3.connect(path_of(source)) as writer:
                writer.execute("UPDATE tasks SET status = 'failed' WHERE id = 'a'")
            writer.close()
    assert counts == [1, 2]


def test_a_connection_serves_on_after_a_failed_scan(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS)
    strict: dict[str, Any] = {"max_rows": 1}
    with open_database(source) as database:
        with pytest.raises(DatabaseError):
            take_snapshot(source.model_copy(update=strict), HOUR, database=database)
        assert take_snapshot(source, HOUR, database=database).tasks.failed == 1


def test_a_past_window_has_no_finding_of_skewed_clocks(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, TASKS, columns=COLUMNS)
    assert take_snapshot(source, Window.ending(at(60), minutes=1)).quality.findings == ()


def test_request_ids_are_random_and_well_formed() -> None:
    made = {new_request_id() for _ in range(50)}
    assert len(made) == 50
    assert all(len(each) == 28 and each.startswith("req_") for each in made)


@pytest.mark.parametrize("request_id", ["a b", "x" * 65, "a\n", "é"])
def test_a_malformed_request_id_is_refused_before_the_scan(tmp_path: Path, request_id: str) -> None:
    source = sqlite_source(tmp_path, [row("a", "queued", created=0)])
    unreachable = source.model_copy(update={"url": "sqlite:////nowhere.db"})
    with pytest.raises(UsageError, match="a requestId is 1 to 64 letters"):
        take_snapshot(unreachable, HOUR, request_id=request_id)
