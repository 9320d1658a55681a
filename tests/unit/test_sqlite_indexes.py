"""SQLite's indexes serve the window where all texts of times are in UTC; the figures are equal."""

import random
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from metrics_core.doctor import diagnosis
from metrics_core.doctor_report import doctor_report
from metrics_core.errors import SourceError
from metrics_core.source import Source
from metrics_core.take import take_snapshot
from metrics_core.window import Window
from tests.builders import HOUR, Row, path_of, row, sqlite_source

UTC_FORMS = (
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f+00:00",
    "%Y-%m-%dT%H:%M",
    "%Y%m%dT%H%M%SZ",
    "%Y-%m-%dT%H%M%SZ",
    "%Y-%m-%d %H%M",
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
    assert "SCAN tasks" in steps_of(source)
    index_both(source)
    served, others = steps_of(source), steps_of(source.model_copy(update={"utc_texts": False}))
    assert "SCAN tasks" not in served
    assert {"a", "b"} == set(re.findall(r"USING INDEX (\w+)", "\n".join(served)))
    assert "SCAN tasks" in others


def steps_of(source: Source) -> tuple[str, ...]:
    """How SQLite reads the table for a scan."""
    steps = diagnosis(source, now=HOUR.end).steps
    assert steps is not None
    return steps


def test_the_doctor_says_what_is_read_whole_and_what_would_help(tmp_path: Path) -> None:
    source = sqlite_source(tmp_path, rows_around(HOUR, seed=1))
    in_order = source.model_copy(update={"utc_texts": True})
    whole = "a scan of the last hour reads a whole table (SCAN tasks)."
    assert advice(source)[0] == advice(in_order)[0] == whole
    assert "set utc_texts = true, and index created_at and finished_at" in advice(source)[1]
    assert "utc_texts" not in advice(in_order)[1]
    index_both(source)
    assert advice(in_order) == ("a scan of the last hour reads by a, b.", "")
    assert advice(source)[0] == whole


@pytest.mark.parametrize("table", ["task", "tasks"])
@pytest.mark.parametrize("select", ["SELECT *", "SELECT DISTINCT *"])
def test_the_doctor_tells_a_table_from_what_is_made_of_it(
    tmp_path: Path, table: str, select: str
) -> None:
    source = sqlite_source(tmp_path, rows_around(HOUR, seed=1), sql=f"{select} FROM {table}")
    if table != "tasks":
        with sqlite3.connect(path_of(source)) as connection:
            connection.execute(f"ALTER TABLE tasks RENAME TO {table}")
        connection.close()
    assert advice(source)[0] == f"a scan of the last hour reads a whole table (SCAN {table})."


def advice(source: Source) -> tuple[str, str]:
    """The doctor's remark on indexes, and what to do."""
    remarks = doctor_report(source, now=HOUR.end).remarks
    (found,) = [remark for remark in remarks if remark.about == "index"]
    return found.text, found.to_do or ""


def index_both(source: Source) -> None:
    with sqlite3.connect(path_of(source)) as connection:
        connection.execute("CREATE INDEX a ON tasks (created_at)")
        connection.execute("CREATE INDEX b ON tasks (finished_at)")
    connection.close()


@pytest.mark.parametrize("offset", ["+01:00", "-0030", " +02", "-00:01"])
def test_with_utc_texts_one_with_another_offset_cannot_be_read(tmp_path: Path, offset: str) -> None:
    task = row("a", "failed", created=1, finished=5)
    odd = task | {"id": "b", "created_at": f"2026-01-30T10:00:01{offset}"}
    found = take_snapshot(sqlite_source(tmp_path, [task, odd], utc_texts=True), HOUR)
    assert [(each.kind, each.task_ids) for each in found.quality.findings] == [
        ("unreadable_time", ("b",)),
        ("missing_created_at", ("b",)),
    ]
    assert found.tasks.failed == 2


def test_with_utc_texts_a_column_of_another_offset_is_told_of(tmp_path: Path) -> None:
    task = row("a", "queued", created=1) | {"created_at": "2026-01-30T10:00:01+01:00"}
    with pytest.raises(SourceError, match="in time_unit = 's', texts by utc_texts in UTC only"):
        take_snapshot(sqlite_source(tmp_path, [task], utc_texts=True), HOUR)


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


def test_without_finished_at_the_doctor_asks_for_it_and_for_no_index(tmp_path: Path) -> None:
    task = {"id": "a", "status": "queued", "created_at": "2026-01-30T10:00:01Z"}
    asked = "give the SELECT a column finished_at, null on open tasks."
    assert advice(sqlite_source(tmp_path, [task]))[1] == asked
