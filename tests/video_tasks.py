"""The task table of contracts.md as it stands in production, with its indexes."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection

from metrics_core import Source
from metrics_core.presets import preset_settings

COLUMNS = """
  id varchar(50) NOT NULL,
  user_id uuid NOT NULL,
  title text,
  prompt text,
  video_url text,
  source_image_url text,
  status varchar(20)
    CHECK (status IN ('queued', 'processing', 'completed', 'failed', 'cancelled')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  processing_at timestamptz,
  completed_at timestamptz,
  failed_at timestamptz,
  cancelled_at timestamptz,
  error_message text,
  engine varchar(20),
  params jsonb,
  progress integer
"""
TABLE = f"""
CREATE TABLE video_tasks ({COLUMNS});
ALTER TABLE video_tasks ADD PRIMARY KEY (id);
CREATE INDEX ON video_tasks (user_id, created_at DESC, id DESC);
CREATE INDEX ON video_tasks (user_id, status, created_at DESC, id DESC);
CREATE INDEX ON video_tasks (processing_at) WHERE processing_at IS NOT NULL;
CREATE INDEX ON video_tasks (completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX ON video_tasks (failed_at) WHERE failed_at IS NOT NULL;
"""
ROWS = """
INSERT INTO video_tasks (
  id, user_id, status, created_at, updated_at, processing_at, completed_at, failed_at
)
SELECT
  't' || n,
  gen_random_uuid(),
  CASE WHEN n > total - 10 THEN 'queued' WHEN n % 20 = 0 THEN 'failed' ELSE 'completed' END,
  at,
  at,
  CASE WHEN n <= total - 10 THEN at + interval '3 s' END,
  CASE WHEN n <= total - 10 AND n % 20 <> 0 THEN at + interval '6 s' END,
  CASE WHEN n <= total - 10 AND n % 20 = 0 THEN at + interval '6 s' END
FROM (SELECT {rows} AS total) AS size,
  generate_series(1, total) AS n,
  LATERAL (SELECT now() - (total - n) * interval '10 s' AS at) AS moment
"""
"""A task each ten seconds until now; the last ten are queued."""


def make_video_tasks(connection: Connection[tuple[object, ...]], *, rows: int) -> None:
    """The table with so many rows, analysed."""
    connection.execute(TABLE.encode())
    connection.execute(ROWS.format(rows=rows).encode())
    connection.execute("ANALYZE video_tasks")


@contextmanager
def video_tasks_source(
    url: str, connection: Connection[tuple[object, ...]], *, rows: int
) -> Iterator[Source]:
    """The table as a source of its preset; dropped at the end."""
    make_video_tasks(connection, rows=rows)
    try:
        preset = preset_settings("video_tasks", "postgresql")
        yield Source(name="video_tasks", url=url, **preset)
    finally:
        connection.execute("DROP TABLE video_tasks CASCADE")
