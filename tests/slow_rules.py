"""The figures of the demo's rules by plain loops over its rows; it shares no code with ours."""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

LEAST_TASKS = 20
MINUTE_US = 60_000_000


class Row(NamedTuple):
    """A task; times are microseconds since 1970, 0 where there is none."""

    status: str
    created: int
    started: int
    end: int
    engine: str
    tenant: str


def rows_of(database: Path) -> list[Row]:
    """Every task of the demo."""
    statement = """
    SELECT status, created_at, processing_at, coalesce(completed_at, failed_at, cancelled_at),
           engine, tenant_id
    FROM video_tasks
    """
    connection = sqlite3.connect(database)
    found = [
        Row(s, _us(c), _us(p), _us(f), e, t) for s, c, p, f, e, t in connection.execute(statement)
    ]
    connection.close()
    return sorted(found, key=lambda row: row.created)


def _us(text: str | None) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000) if text else 0


def slow_value(rule: str, at: int, there: list[Row], ended: list[Row]) -> float | None:
    """The figure of the hour before `at`.

    `ended` are the tasks that ended in that hour, `there` those that were there at `at` and had not
    ended, the oldest first.
    """
    figure = rule.partition(" >")[0]
    if figure == "failure_rate":
        return _failure_rate(ended)
    if figure == "failure_rate by tenant_id":
        tenants = {row.tenant for row in ended}
        parts = [[row for row in ended if row.tenant == name] for name in tenants]
        rates = [_failure_rate(part) for part in parts if _runs(part) >= LEAST_TASKS]
        return max((rate for rate in rates if rate is not None), default=None)
    if figure == "p95_ms.time_to_complete by engine":
        engines = {row.engine for row in ended}
        return max((ms for name in engines for ms in _p95_ms(ended, name)), default=None)
    if figure == "no_completed_for":
        return _no_completed_for(at, ended)
    if figure == "backlog_age_seconds":
        return _backlog_age(at, there)
    raise ValueError(f"no slow evaluation of {rule}")


def _runs(ended: list[Row]) -> int:
    return sum(row.status in ("completed", "failed") for row in ended)


def _failure_rate(ended: list[Row]) -> float | None:
    failed = sum(row.status == "failed" for row in ended)
    return round(failed / _runs(ended), 6) if _runs(ended) else None


def _p95_ms(ended: list[Row], engine: str) -> list[int]:
    runs = sorted(
        (row.end - row.started) // 1_000
        for row in ended
        if row.status == "completed" and row.engine == engine
    )
    return [runs[min(len(runs) * 95 // 100, len(runs) - 1)]] if len(runs) >= LEAST_TASKS else []


def _no_completed_for(at: int, ended: list[Row]) -> float:
    completed = [row.end for row in ended if row.status == "completed"]
    if not completed:
        return 3600.0
    end_of_minute = (max(completed) // MINUTE_US + 1) * MINUTE_US
    return max(at - end_of_minute, 0) / 1_000_000


def _backlog_age(at: int, there: list[Row]) -> float:
    """The first that waits has waited longest."""
    for row in there:
        if not 0 < row.started < at:
            return (at - row.created) // 1_000 / 1_000
    return 0.0
