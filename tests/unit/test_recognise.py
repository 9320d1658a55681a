"""Recognition of known tables in a database, when there is no settings file."""

import sqlite3
from pathlib import Path

import pytest

from metrics_core.errors import DatabaseError, SettingsError
from metrics_core.recognise import recognised_sources
from metrics_core.take import take_snapshot
from tests.builders import HOUR

VIDEO_TASKS = (
    "CREATE TABLE video_tasks (id, status, created_at, processing_at, completed_at, failed_at, "
    "cancelled_at, error_message, engine)"
)
AGENT_EVENTS = (
    "CREATE TABLE agent_events (id, event_type, occurred_at, run_id, tenant_id, workspace_id, "
    "project_id, agent_id, workflow_id, trace_id, error_type, cost_usd, payload)"
)


def url_of(tmp_path: Path, *statements: str) -> str:
    path = tmp_path / "queue.db"
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("statements", "names"),
    [
        ([VIDEO_TASKS], ["video_tasks"]),
        ([AGENT_EVENTS], ["agent_events"]),
        ([VIDEO_TASKS, AGENT_EVENTS], ["agent_events", "video_tasks"]),
    ],
)
def test_known_tables_are_sources_that_can_be_scanned(
    tmp_path: Path, statements: list[str], names: list[str]
) -> None:
    sources = recognised_sources(url_of(tmp_path, *statements))
    assert list(sources) == names
    assert [take_snapshot(source, HOUR).tasks.created for source in sources.values()] == [0] * len(
        names
    )


def test_a_table_of_that_name_with_other_columns_is_not_taken_for_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no table that Stillframe knows \(agent_events, "):
        recognised_sources(url_of(tmp_path, "CREATE TABLE video_tasks (id, status)"))


def test_a_database_that_does_not_answer_is_not_one_without_tables(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no SQLite file"):
        recognised_sources(f"sqlite:///{tmp_path}/nowhere.db")
