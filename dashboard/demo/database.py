"""The demo's database: opening it, reading the open tasks, writing what became of them."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.demo.agents import Event
from dashboard.demo.videos import Course, Task, started, task_of
from dashboard.demo.world import World, iso, microseconds_of

DATABASE_NAME = "demo.db"
BUSY_SECONDS = 0.25
PARAMS = '{"seconds":5,"ratio":"16:9"}'

SAVE_TASK = """
INSERT INTO video_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET status = excluded.status, updated_at = excluded.updated_at,
    processing_at = excluded.processing_at, completed_at = excluded.completed_at,
    failed_at = excluded.failed_at, cancelled_at = excluded.cancelled_at,
    error_message = excluded.error_message, progress = excluded.progress
WHERE status <> excluded.status
"""

OPEN_TASKS = """
SELECT id, created_at, processing_at
FROM video_tasks
WHERE status IN ('queued', 'processing')
ORDER BY created_at, id
"""

SAVE_EVENT = """
INSERT INTO agent_events (
    event_id, event_type, occurred_at, ingested_at, tenant_id, workspace_id, project_id, run_id,
    agent_id, workflow_id, trace_id, span_id, parent_span_id, run_status, error_type,
    total_tokens, cost_usd, payload
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def connect(database: Path) -> sqlite3.Connection:
    """A connection for writing to a database that is there.

    A rollback journal, not WAL: SQLite before 3.51.3 can corrupt a WAL database that has several
    connections. A commit of ours then locks readers out for about a millisecond, which their
    busy_timeout waits for; while a reader reads, we wait, but only shortly, since our waiting keeps
    further readers out. synchronous is OFF: after a power cut nobody wants this database back.
    """
    connection = sqlite3.connect(
        f"{database.resolve().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
    )
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One short write; undone as a whole if anything in it fails, its commit included."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def open_tasks(connection: sqlite3.Connection, world: World) -> tuple[list[Task], list[Course]]:
    """The tasks that wait and the courses of those that run, oldest first."""
    waiting, running = [], []
    for task_id, created_at, processing_at in connection.execute(OPEN_TASKS):
        task = task_of(world, task_id, microseconds_of(created_at))
        if processing_at is None:
            waiting.append(task)
        else:
            running.append(started(world, task, microseconds_of(processing_at)))
    return waiting, running


def save_tasks(connection: sqlite3.Connection, courses: Iterable[Course], at_us: int) -> None:
    """Writes tasks as an observer sees them at an instant, who does not know what comes."""
    connection.executemany(SAVE_TASK, (_task_row(course, at_us) for course in courses))


def _task_row(course: Course, at_us: int) -> tuple[object, ...]:
    task = course.task
    status, changed_us = _seen(course, at_us)
    changed_at = iso(changed_us)
    has_started = course.started_us is not None and course.started_us < at_us
    return (
        task.id,
        task.user_id,
        task.tenant_id,
        task.title,
        f"{task.title}, slow camera, soft light",
        status,
        iso(task.created_us),
        changed_at,
        iso(course.started_us) if course.started_us is not None and has_started else None,
        changed_at if status == "completed" else None,
        changed_at if status == "failed" else None,
        changed_at if status == "cancelled" else None,
        course.error if status == "failed" else None,
        task.engine,
        PARAMS,
        100 if status == "completed" else 0,
    )


def _seen(course: Course, at_us: int) -> tuple[str, int]:
    """The status of a task at an instant, and since when it has it."""
    if course.finished_us < at_us:
        return course.status, course.finished_us
    if course.started_us is not None and course.started_us < at_us:
        return "processing", course.started_us
    return "queued", course.task.created_us


def save_events(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Appends events; the table never changes one."""
    connection.executemany(
        SAVE_EVENT, ((*e[:2], iso(e.occurred_us), iso(e.ingested_us), *e[4:]) for e in events)
    )
