"""The demo's settings are a good example, and true."""

import sqlite3
import tomllib
from pathlib import Path
from typing import Any

from dashboard.demo.faults import CATALOGUE
from dashboard.demo.world import HOUR_US, iso
from tests.unit.demo.rows import WORLD, rows


def sources_of(folder: Path) -> dict[str, Any]:
    text = (folder / "stillframe.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["sources"])


def test_the_settings_name_both_sources(folder: Path) -> None:
    sources = sources_of(folder)
    url = f"sqlite:///{folder.resolve() / 'demo.db'}"
    assert list(sources) == ["video_tasks", "agent_events"]
    assert sources["agent_events"] == {"preset": "agent_events", "url": url}
    tasks = sources["video_tasks"]
    assert tasks["default"] is True
    assert tasks["url"] == url
    assert tasks["dimensions"] == ["engine", "tenant_id"]
    assert [(rule["match"], rule["code"]) for rule in tasks["errors"]] == [
        (fault.message, fault.code) for fault in CATALOGUE
    ]


def test_the_select_of_the_settings_yields_task_rows(
    folder: Path, demo: sqlite3.Connection
) -> None:
    cursor = demo.execute(sources_of(folder)["video_tasks"]["sql"])
    assert [column[0] for column in cursor.description] == [
        "id",
        "status",
        "created_at",
        "started_at",
        "finished_at",
        "error",
        "engine",
        "tenant_id",
    ]


def test_a_window_of_the_select_is_found_by_indexes(folder: Path, demo: sqlite3.Connection) -> None:
    sql = sources_of(folder)["video_tasks"]["sql"]
    plan = rows(
        demo,
        f"EXPLAIN QUERY PLAN SELECT * FROM ({sql}) WHERE finished_at >= ? OR created_at >= ?",
        *[iso(WORLD.now_us - HOUR_US)] * 2,
    )
    assert not [step for *_, step in plan if step.startswith("SCAN")]
