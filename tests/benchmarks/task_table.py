"""A table of made-up video tasks in PostgreSQL, evenly spread over time, and windows of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from metrics_core import Source, Window
from metrics_core.presets import preset_settings
from tests.video_tasks import COLUMNS

END = datetime(2026, 1, 30, 10, tzinfo=UTC)
DAY = timedelta(days=1)
MAKE = f"CREATE UNLOGGED TABLE video_tasks ({COLUMNS}) WITH (autovacuum_enabled = off)"
FILL = """
INSERT INTO video_tasks (
  id, user_id, title, prompt, status, created_at, updated_at, processing_at, completed_at,
  failed_at, cancelled_at, error_message, engine, params, progress
)
SELECT
  'vt_' || md5(n::text), '00000000-0000-0000-0000-000000000001', 'A title', 'A prompt',
  outcome, began, began + wait + run,
  began + wait,
  CASE outcome WHEN 'completed' THEN began + wait + run END,
  CASE outcome WHEN 'failed' THEN began + wait + run END,
  CASE outcome WHEN 'cancelled' THEN began + wait + run END,
  CASE WHEN outcome = 'failed' THEN
    CASE n %% 4
      WHEN 0 THEN 'Video generation timed out. Please try again.'
      WHEN 1 THEN 'Service busy. Please wait and retry.'
      WHEN 2 THEN 'Invalid prompt. Check content guidelines.'
      ELSE 'shard ' || n %% 97 || ' refused after ' || n %% 1013 || ' ms'
    END
  END,
  CASE n %% 3 WHEN 0 THEN 'runway' WHEN 1 THEN 'luma' ELSE 'mock' END,
  '{}', 100
FROM (
  SELECT
    n,
    %(end)s::timestamptz - n * (%(day)s::interval / %(rows_a_day)s) AS began,
    (1 + n %% 29) * interval '211 ms' AS wait,
    (1 + n %% 89) * interval '987 ms' AS run,
    CASE WHEN n %% 50 < 46 THEN 'completed' WHEN n %% 50 < 49 THEN 'failed' ELSE 'cancelled' END
      AS outcome
  FROM generate_series(%(rows)s, 1, -1) AS n
) AS made
"""
FINISH = (
    "CREATE INDEX ON video_tasks (created_at)",
    "CREATE INDEX ON video_tasks (completed_at) WHERE completed_at IS NOT NULL",
    "CREATE INDEX ON video_tasks ((coalesce(completed_at, failed_at, cancelled_at)))",
    "VACUUM ANALYZE video_tasks",
    "CHECKPOINT",
)
FLOOR = """
COPY (
  SELECT id, status, created_at, processing_at,
    coalesce(completed_at, failed_at, cancelled_at), error_message, engine
  FROM video_tasks
  WHERE created_at < '{to}'
    AND (coalesce(completed_at, failed_at, cancelled_at) IS NULL
      OR coalesce(completed_at, failed_at, cancelled_at) >= '{from_}'
      OR created_at >= '{from_}')
) TO '/dev/null' (FORMAT binary)
"""
"""PostgreSQL's own binary COPY of exactly the columns and rows that the source's SELECT yields."""

Connection = psycopg.Connection[Any]


def make_table(connection: Connection, *, rows: int, rows_a_day: int) -> None:
    """Fills the table with tasks of which one day, counted back from END, holds `rows_a_day`."""
    connection.execute(MAKE)
    values = {"end": END, "day": DAY, "rows": rows, "rows_a_day": rows_a_day}
    connection.execute(FILL, values)
    for statement in FINISH:
        connection.execute(statement)


def new_source(url: str) -> Source:
    """The preset for this table, with a deadline that no benchmark meets."""
    settings = preset_settings("video_tasks", "postgresql")
    return Source.model_validate(
        {**settings, "name": "video_tasks", "url": url, "deadline_seconds": 60}
    )


def new_windows(minutes: int) -> Iterator[Window]:
    """Windows of this length, each of which ends a minute before the one before it."""
    end = END
    while True:
        yield Window.ending(end, minutes=minutes)
        end -= timedelta(minutes=1)


def read_floor(connection: Connection, window: Window) -> None:
    """Lets the server copy the window's rows to where they are thrown away."""
    statement = FLOOR.format(from_=window.start.isoformat(), to=window.end.isoformat())
    connection.execute(statement)
