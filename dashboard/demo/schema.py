"""The demo's tables: the two of contracts.md as SQLite has them, and the demo's own clock."""

TABLES = """
CREATE TABLE video_tasks (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL,
    tenant_id     TEXT NOT NULL,
    title         TEXT NOT NULL,
    prompt        TEXT NOT NULL,
    status        TEXT NOT NULL
                  CHECK (status IN ('queued', 'processing', 'completed', 'failed', 'cancelled')),
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    processing_at TEXT,
    completed_at  TEXT,
    failed_at     TEXT,
    cancelled_at  TEXT,
    error_message TEXT,
    engine        TEXT NOT NULL,
    params        TEXT NOT NULL,
    progress      INTEGER NOT NULL
);

CREATE TABLE agent_events (
    id             INTEGER PRIMARY KEY,
    event_id       TEXT NOT NULL,
    event_version  TEXT NOT NULL DEFAULT '1',
    event_type     TEXT NOT NULL,
    occurred_at    TEXT NOT NULL,
    ingested_at    TEXT NOT NULL,
    tenant_id      TEXT NOT NULL,
    workspace_id   TEXT NOT NULL,
    project_id     TEXT NOT NULL,
    run_id         TEXT NOT NULL,
    agent_id       TEXT NOT NULL,
    workflow_id    TEXT NOT NULL,
    trace_id       TEXT NOT NULL,
    span_id        TEXT NOT NULL,
    parent_span_id TEXT,
    run_status     TEXT,
    error_type     TEXT,
    total_tokens   INTEGER,
    cost_usd       NUMERIC,
    payload        TEXT NOT NULL
);

-- The seed and the beginning of the demo's life, and the instant up to which it has been lived.
CREATE TABLE demo (seed INTEGER NOT NULL, now_us INTEGER NOT NULL, lived_until_us INTEGER NOT NULL);
"""

# Made after the history, which is quicker. The last three of video_tasks are more than production
# has: for the two halves of the window's condition, and for the worker that looks for open tasks.
INDEXES = """
CREATE INDEX video_tasks_user ON video_tasks (user_id, created_at DESC, id DESC);
CREATE INDEX video_tasks_user_status ON video_tasks (user_id, status, created_at DESC, id DESC);
CREATE INDEX video_tasks_processing ON video_tasks (processing_at) WHERE processing_at IS NOT NULL;
CREATE INDEX video_tasks_completed ON video_tasks (completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX video_tasks_failed ON video_tasks (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX video_tasks_created ON video_tasks (created_at);
CREATE INDEX video_tasks_finished
    ON video_tasks (coalesce(completed_at, failed_at, cancelled_at));
CREATE INDEX video_tasks_open
    ON video_tasks (created_at, id) WHERE status IN ('queued', 'processing');

CREATE UNIQUE INDEX agent_events_event ON agent_events (event_id);
CREATE INDEX agent_events_tenant ON agent_events (tenant_id, occurred_at DESC);
CREATE INDEX agent_events_workspace ON agent_events (workspace_id, occurred_at DESC);
CREATE INDEX agent_events_project ON agent_events (project_id, occurred_at DESC);
CREATE INDEX agent_events_type ON agent_events (event_type, occurred_at DESC);
CREATE INDEX agent_events_run ON agent_events (run_id);
CREATE INDEX agent_events_trace ON agent_events (trace_id);
"""
