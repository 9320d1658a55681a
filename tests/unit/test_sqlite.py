"""SQLite as a source: times of every shape, texts of any bytes, and only reading."""

import random
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from metrics_core.connect import open_database
from metrics_core.document import TaskCounts
from metrics_core.errors import DatabaseError, SourceError
from metrics_core.scan import wanted_columns
from metrics_core.snapshot import Snapshot
from metrics_core.source import Source
from metrics_core.statement import bounded_select, scan_statement
from metrics_core.take import take_snapshot
from metrics_core.window import Window
from tests.builders import HOUR, Row, at, row, sqlite_source, us


def snapshot(tmp_path: Path, *rows: Row, **settings: Any) -> Snapshot:
    return take_snapshot(sqlite_source(tmp_path, rows, **settings), HOUR)


def counts(tmp_path: Path, *rows: Row, **settings: Any) -> TaskCounts:
    return snapshot(tmp_path, *rows, **settings).tasks


def path_of(url: str) -> str:
    return url.removeprefix("sqlite:///")


@pytest.mark.parametrize(
    ("written", "settings"),
    [
        ("2026-01-30T10:00:05Z", {}),
        ("2026-01-30 10:00:05", {}),
        ("2026-01-30T11:00:05+01:00", {}),
        ("2026-01-30 11:00:05", {"timezone": "Europe/Berlin"}),
        ("2026-01-30T05:00:05.000000", {"timezone": "America/New_York"}),
        (us(5) // 1_000_000, {}),
        (us(5) / 1_000_000, {}),
        (us(5) // 1_000, {"time_unit": "ms"}),
        (us(5), {"time_unit": "us"}),
        (us(5) * 1_000, {"time_unit": "ns"}),
    ],
)
@pytest.mark.parametrize("type_name", ["", "TEXT", "DATETIME", "INTEGER", "REAL"])
def test_a_time_is_read_in_any_shape_and_from_a_column_of_any_type(
    tmp_path: Path, written: object, settings: dict[str, Any], type_name: str
) -> None:
    if type_name == "TEXT":
        written = "2026-01-30T10:00:05Z"  # a column of type TEXT turns numbers into texts
    columns = f"id, status, created_at {type_name}, started_at {type_name}, finished_at {type_name}"
    task = dict.fromkeys(("created_at", "started_at", "finished_at"), written)
    found = snapshot(tmp_path, {"id": "a", "status": "failed", **task}, columns=columns, **settings)
    assert found.errors is None
    assert (found.tasks.created, found.tasks.failed) == (1, 1)
    assert [i for i, part in enumerate(found.series) if part.tasks.failed] == [0]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Kiritimati"])
@pytest.mark.parametrize("shape", ["text", "epoch"])
def test_edges_of_the_window_are_exact_to_the_microsecond(
    tmp_path: Path, zone: str, shape: str
) -> None:
    def written(seconds: float) -> object:
        return at(seconds).isoformat() if shape == "text" else us(seconds)

    settings = {"time_unit": "us", "timezone": zone}
    rows = [
        {"id": f"{end}", "status": "failed", "created_at": written(-9), "finished_at": written(end)}
        for end in (-0.000001, 0, 3599.999999, 3600)
    ]
    assert counts(tmp_path, *rows, **settings).failed == 2


@pytest.mark.parametrize(
    "garbage", ["soon", "", "12345", "1/30/2026", "now", "NOW", "subsec", b"\xff", 1e300, -1e300]
)
@pytest.mark.parametrize("column", ["created_at", "finished_at"])
@pytest.mark.parametrize("utc_texts", [False, True])
@pytest.mark.parametrize("type_name", ["", "DATETIME"])
def test_a_row_with_a_time_that_cannot_be_read_is_counted_and_not_dropped(
    tmp_path: Path, garbage: object, column: str, utc_texts: bool, type_name: str
) -> None:
    good = row("good", "failed", created=1, started=2, finished=3, updated=4)
    columns = ", ".join(f"{name} {type_name * name.endswith('_at')}" for name in good)
    if garbage == "12345" and type_name:
        garbage = "12345x"  # its column makes a number of it, which is a time
    rows = (good, good | {"id": "bad", column: garbage})
    found = snapshot(tmp_path, *rows, columns=columns, utc_texts=utc_texts)
    kinds = {each.kind: each.task_ids for each in found.quality.findings}
    assert found.tasks.failed == 2
    assert kinds == {"unreadable_time": ("bad",), f"missing_{column}": ("bad",)}


@pytest.mark.parametrize("column", ["id", "status", "error", "error_code", "queue"])
def test_a_text_that_is_not_utf_8_is_shown_with_replacement_characters(
    tmp_path: Path, column: str
) -> None:
    texts = {"error": "x", "error_code": "E", "queue": "q"}
    task = row("a", "failed", created=1, finished=2, **texts)
    source = sqlite_source(tmp_path, [task, task], dimensions=("queue",))
    with sqlite3.connect(path_of(source.url)) as connection:
        connection.execute(f"UPDATE tasks SET {column} = CAST(x'ff41' AS TEXT) WHERE rowid = 2")
    connection.close()
    found = take_snapshot(source, HOUR)
    assert found.tasks.failed == (1 if column == "status" else 2)
    assert "\ufffdA" in found.to_json()


def test_a_message_of_bytes_is_read_as_text(tmp_path: Path) -> None:
    task = row("a", "failed", created=1, finished=2, error="Überlauf".encode())
    (top,) = snapshot(tmp_path, task).top_errors
    assert top.sample_message == "Überlauf"


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC * FROM tasks", 'near "*": syntax error'),
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("SELECT id, status, created FROM tasks", "no such column: created"),
        ("DELETE FROM tasks", 'near "DELETE": syntax error'),
        ("SELECT * FROM tasks; SELECT 1", 'near ";": syntax error'),
        ("SELECT *, error -> 'x' AS queue FROM tasks", "malformed JSON"),
    ],
)
def test_a_select_that_fails_is_told_in_the_databases_words(
    tmp_path: Path, sql: str, told: str
) -> None:
    source = sqlite_source(tmp_path, [row("a", "failed", created=1, error="{")], sql=sql)
    with pytest.raises(SourceError) as caught:
        take_snapshot(source.model_copy(update={"dimensions": ("queue",) * ("JSON" in told)}), HOUR)
    assert str(caught.value) == f"source tasks: its SELECT fails: {told}"


def test_a_select_may_end_with_a_comment_or_a_semicolon(tmp_path: Path) -> None:
    for sql in ("SELECT * FROM tasks -- all", "SELECT * FROM tasks;\n"):
        assert counts(tmp_path, row("a", "queued", created=1), sql=sql).queued == 1


def test_a_select_may_use_the_window(tmp_path: Path) -> None:
    sql = "SELECT * FROM tasks WHERE created_at >= strftime('%Y-%m-%dT%H:%M:%SZ', :window_from)"
    rows = row("a", "queued", created=-5), row("b", "queued", created=5)
    assert counts(tmp_path, *rows, sql=sql).queued == 1


def test_a_file_that_is_no_database_is_not_blamed_on_the_select(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, [row("a", "queued", created=1)])
    Path(path_of(source.url)).write_text("hello" * 1000)
    with pytest.raises(DatabaseError, match="its file is not one of SQLite"):
        take_snapshot(source, HOUR)


UTC_FORMS = (
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f+00:00",
    "%Y-%m-%dT%H:%M",
    "%Y%m%dT%H%M%SZ",
    "%Y-%m-%d",
    " %Y-%m-%dT%H:%M:%SZ",
)


def rows_around(window: Window, seed: int) -> list[Row]:
    """Tasks from three days before the window to one after it, their times in every UTC form."""
    rng = random.Random(seed)

    def written() -> object:
        near = rng.choice((window.start, window.end)) + timedelta(seconds=rng.choice((-1, 0, 1)))
        far = window.end + timedelta(seconds=rng.randint(-3 * 86_400, 86_400))
        time = rng.choice((near, far))
        forms = (*(time.strftime(form) for form in UTC_FORMS), time.timestamp(), "soon", b"x", None)
        return rng.choice(forms)

    return [
        {"id": str(number), "status": rng.choice(("failed", "queued", "completed"))}
        | {name: written() for name in ("created_at", "started_at", "finished_at")}
        for number in range(300)
    ]


@pytest.mark.parametrize("type_name", ["", "TEXT", "DATETIME", "INTEGER"])
@pytest.mark.parametrize("hour", [0, 10])
def test_with_utc_texts_the_figures_are_the_same(tmp_path: Path, type_name: str, hour: int) -> None:
    window = Window.ending(datetime(2026, 1, 30, hour, tzinfo=UTC), minutes=90)
    columns = f"id, status, created_at {type_name}, started_at {type_name}, finished_at {type_name}"
    source = sqlite_source(tmp_path, rows_around(window, seed=hour), columns=columns)
    in_order = source.model_copy(update={"utc_texts": True})
    found, again = take_snapshot(source, window), take_snapshot(in_order, window)
    assert again.digest.content == found.digest.content
    assert found.tasks.failed
    assert found.provenance.definitions_sha256 != again.provenance.definitions_sha256


def test_with_utc_texts_indexes_serve_the_window(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, rows_around(HOUR, seed=1), utc_texts=True)
    assert "SCAN tasks" in plan_of(source)
    with sqlite3.connect(path_of(source.url)) as connection:
        connection.execute("CREATE INDEX a ON tasks (created_at)")
        connection.execute("CREATE INDEX b ON tasks (finished_at)")
    connection.close()
    served, others = plan_of(source), plan_of(source.model_copy(update={"utc_texts": False}))
    assert "SCAN tasks" not in served
    assert {"a", "b"} == set(re.findall(r"USING INDEX (\w+)", "\n".join(served)))
    assert "SCAN tasks" in others


def plan_of(source: Source) -> list[str]:
    """How SQLite reads the table for a scan."""
    with open_database(source) as database, database.transaction():
        select = bounded_select(database, source, HOUR)
        wanted = wanted_columns(source, database.columns(select))
        statement = scan_statement(database, wanted, select, HOUR, {})
        rows = database.fetch(f"EXPLAIN QUERY PLAN {statement}", {})
    return [str(step) for step in rows["detail"].to_pylist()]


@pytest.mark.parametrize("offset", ["+01:00", "-0030", " +02", "-00:01"])
def test_with_utc_texts_one_with_another_offset_cannot_be_read(tmp_path: Path, offset: str) -> None:
    task = row("a", "failed", created=1, finished=5)
    odd = task | {"id": "b", "created_at": f"2026-01-30T10:00:01{offset}"}
    found = snapshot(tmp_path, task, odd, utc_texts=True)
    assert [(each.kind, each.task_ids) for each in found.quality.findings] == [
        ("unreadable_time", ("b",)),
        ("missing_created_at", ("b",)),
    ]
    assert found.tasks.failed == 2


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"timezone": "Europe/Berlin"}, "naive times are read as of Europe/Berlin, not of UTC"),
        ({"url": "postgresql://x"}, "only in SQLite are times read from texts"),
    ],
)
def test_utc_texts_where_they_cannot_be_are_refused(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        sqlite_source(tmp_path, [row("a", "queued", created=1)], utc_texts=True, **settings)
