"""Builders for unit tests: rows, tasks, figures and SQLite sources of the hour after ten."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from metrics_core.figures import Figures
from metrics_core.quality import classified
from metrics_core.source import OPTIONAL_COLUMNS, STATUSES, TIME_TO_PROCESSING, Source
from metrics_core.states import lifetimes, lived
from metrics_core.tasks import NULL, UNMAPPED, Coded, Tasks
from metrics_core.window import Window, epoch_us, utc_text

TEN = datetime(2026, 1, 30, 10, tzinfo=UTC)
HOUR = Window.ending(TEN + timedelta(hours=1), minutes=60)
"""From ten to eleven: sixty bins of a minute."""

TIMES = ("created", "eligible", "started", "finished", "updated")
Row = Mapping[str, object]


def at(seconds: float) -> datetime:
    """So many seconds after ten o'clock."""
    return TEN + timedelta(seconds=seconds)


def us(seconds: float) -> int:
    """The same as microseconds since the epoch."""
    return epoch_us(at(seconds))


def row(name: str | None, status: str | None, **values: object) -> dict[str, object]:
    """A task row; created, started ... are seconds after ten, other columns are as they are."""
    times = {f"{key}_at": at(float(str(values[key]))) for key in TIMES if key in values}
    others = {key: value for key, value in values.items() if key not in TIMES}
    return {"id": name, "status": status, **times, **others}


def new_source(**settings: Any) -> Source:
    """A source whose only dimension is queue, and whose database is never opened."""
    given = {"name": "tasks", "url": "sqlite://", "sql": "SELECT 1", "dimensions": ("queue",)}
    return Source(**{**given, **settings})


def tasks_of(*rows: Row, source: Source | None = None, lacks: Collection[str] = ()) -> Tasks:
    """The rows in canonical form; the source has every column but those that it lacks."""
    source = source or new_source()
    mapped = [source.status_of.get(str(each["status"])) for each in rows]
    return Tasks(
        id=pa.array([each["id"] or "" for each in rows], pa.large_string()),
        status=np.array([STATUSES.index(s) if s else UNMAPPED for s in mapped], np.int8),
        native_status=_coded(rows, "status"),
        created=_instants(rows, "created_at"),
        eligible=_instants(rows, "eligible_at"),
        started=_instants(rows, "started_at"),
        finished=_instants(rows, "finished_at"),
        updated=_instants(rows, "updated_at"),
        duration_ms=_doubles(rows, "duration_ms"),
        cost_usd=_doubles(rows, "cost_usd"),
        error=_coded(rows, "error"),
        error_code=_coded(rows, "error_code"),
        dimensions={name: _coded(rows, name) for name in source.dimensions},
        unreadable=np.array([bool(each.get("unreadable")) for each in rows], np.bool_),
        columns=frozenset({"id", "status", *OPTIONAL_COLUMNS, TIME_TO_PROCESSING}) - {*lacks},
    )


def figures_of(
    *rows: Row, window: Window = HOUR, lacks: Collection[str] = (), **settings: Any
) -> Figures:
    """The figures of the rows that lived in the window."""
    source = new_source(**settings)
    found = tasks_of(*rows, source=source, lacks=lacks)
    tasks = found.where(classified(found))
    life = lifetimes(tasks)
    alive = lived(life, epoch_us(window.start), epoch_us(window.end))
    return Figures(source, window, tasks.where(alive), life.where(alive))


def sqlite_source(
    tmp_path: Path, rows: Sequence[Row], *, columns: str | None = None, **settings: Any
) -> Source:
    """A source of `SELECT * FROM tasks` in a new SQLite file; `columns` as in CREATE TABLE.

    Datetimes are written as ISO text with a Z.
    """
    path = tmp_path / "tasks.db"
    names = list(dict.fromkeys(name for each in rows for name in each))
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE tasks ({columns or ', '.join(names)})")
    for each in rows:
        marks = ", ".join("?" * len(each))
        statement = f"INSERT INTO tasks ({', '.join(each)}) VALUES ({marks})"
        connection.execute(statement, [_plain(value) for value in each.values()])
    connection.commit()
    connection.close()
    given = {"url": f"sqlite:///{path}", "sql": "SELECT * FROM tasks", "dimensions": ()}
    return new_source(**{**given, **settings})


def path_of(source: Source) -> str:
    """Where the SQLite file of a source is."""
    return source.url.removeprefix("sqlite:///")


def _plain(value: object) -> object:
    return utc_text(value) if isinstance(value, datetime) else value


def _instants(rows: Sequence[Row], name: str) -> NDArray[np.int64]:
    times = [each.get(name) for each in rows]
    return np.array([epoch_us(t) if isinstance(t, datetime) else NULL for t in times], np.int64)


def _doubles(rows: Sequence[Row], name: str) -> NDArray[np.float64]:
    return np.array([each.get(name, np.nan) for each in rows], np.float64)


def _coded(rows: Sequence[Row], name: str) -> Coded:
    return Coded.of(pa.chunked_array([pa.array([each.get(name) for each in rows], pa.string())]))
