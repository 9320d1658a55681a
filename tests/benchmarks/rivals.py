"""What else people use for such figures: six panels of a dashboard, and a usual Streamlit app."""

from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import Engine, text

from metrics_core import Window

DONE = "completed_at BETWEEN %(from)s AND %(to)s"
CREATED = "created_at BETWEEN %(from)s AND %(to)s"
SLOT = "floor(extract(epoch FROM {}) / 900) * 900 AS time"
WAIT = "extract(epoch FROM processing_at - created_at)"
RUN = "extract(epoch FROM completed_at - processing_at)"
RANKS = f"""
  percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY {WAIT}),
  percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY {RUN})
"""
PANELS = (
    f"SELECT status, count(*) FROM video_tasks WHERE {CREATED} GROUP BY 1",
    f"SELECT {RANKS} FROM video_tasks WHERE {DONE}",
    f"SELECT {SLOT.format('completed_at')}, {RANKS} FROM video_tasks WHERE {DONE} GROUP BY 1",
    f"""
    SELECT {SLOT.format("created_at")}, status, count(*)
    FROM video_tasks WHERE {CREATED} GROUP BY 1, 2 ORDER BY 1
    """,
    f"""
    SELECT regexp_replace(error_message, '[0-9]+', '#', 'g') AS error, count(*)
    FROM video_tasks WHERE status = 'failed' AND {CREATED} GROUP BY 1 ORDER BY 2 DESC LIMIT 5
    """,
    f"SELECT engine, count(*) FROM video_tasks WHERE {CREATED} GROUP BY 1",
)
"""As a Grafana user would write them, one query a panel."""
ROWS = """
SELECT id, status, created_at, processing_at,
  coalesce(completed_at, failed_at, cancelled_at) AS finished_at, error_message, engine
FROM video_tasks
WHERE created_at < :to
  AND (coalesce(completed_at, failed_at, cancelled_at) >= :from OR created_at >= :from)
"""


def six_panels(connection: "psycopg.Connection[Any]", window: Window) -> None:
    """Runs the six queries, one after the other."""
    bounds = {"from": window.start, "to": window.end}
    for panel in PANELS:
        connection.execute(panel, bounds).fetchall()


def usual_app(engine: Engine, window: Window) -> None:
    """Reads the rows into pandas, then computes what the panels show."""
    bounds = {"from": window.start, "to": window.end}
    with engine.connect() as connection:
        tasks = pd.read_sql(text(ROWS), connection, params=bounds)
    tasks["wait"] = (tasks.processing_at - tasks.created_at).dt.total_seconds()
    tasks["run"] = (tasks.finished_at - tasks.processing_at).dt.total_seconds()
    done = tasks[(tasks.status == "completed") & (tasks.finished_at >= window.start)]
    failed = tasks[tasks.status == "failed"]
    slots = done.groupby(done.finished_at.dt.floor("15min"))
    tasks.status.value_counts()
    tasks.engine.value_counts()
    tasks.groupby([tasks.created_at.dt.floor("15min"), "status"]).size()
    failed.error_message.str.replace(r"\d+", "#", regex=True).value_counts().head(5)
    for column in ("wait", "run"):
        for rank in (0.5, 0.95, 0.99):
            done[column].quantile(rank)
            slots[column].quantile(rank)
