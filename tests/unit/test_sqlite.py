"""SQLite as a source: times of every shape, texts of any bytes, and only reading."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from metrics_core.document import TaskCounts
from metrics_core.errors import DatabaseError, SourceError
from metrics_core.snapshot import Snapshot
from metrics_core.take import take_snapshot
from tests.builders import HOUR, Row, at, path_of, row, sqlite_source, us


def snapshot(tmp_path: Path, *rows: Row, **settings: Any) -> Snapshot:
    return take_snapshot(sqlite_source(tmp_path, rows, **settings), HOUR)


def counts(tmp_path: Path, *rows: Row, **settings: Any) -> TaskCounts:
    return snapshot(tmp_path, *rows, **settings).tasks


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
@pytest.mark.parametrize(
    "type_name", ["", "TEXT", "DATETIME", "DATE", "TIMESTAMP", "BLOB", "INTEGER", "REAL"]
)
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
    with sqlite3.connect(path_of(source)) as connection:
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
    Path(path_of(source)).write_text("hello" * 1000)
    with pytest.raises(DatabaseError, match="its file is not one of SQLite"):
        take_snapshot(source, HOUR)


WITHIN = """
import resource, sys
from pathlib import Path
from tests.builders import HOUR, row, sqlite_source
from metrics_core.take import take_snapshot

pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 2 * 1024**3
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
source = sqlite_source(Path(sys.argv[1]), [row('a', 'queued', created=5)])
print(take_snapshot(source, HOUR).tasks.created)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_scan_reserves_no_memory_that_a_small_machine_has_not(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHIN, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr
