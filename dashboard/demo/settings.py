"""The settings file of the demo, written to be read by somebody who will write an own one."""

import json
from pathlib import Path

from dashboard.demo.faults import CATALOGUE

SETTINGS_NAME = "stillframe.toml"

TEMPLATE = '''\
# What Stillframe looks at: one block a source, and a source is one table of tasks.

[sources.video_tasks]
default = true

# An address that holds a password does not belong in this file: write url = "env:DATABASE_URL".
url = {url}

# One trusted SELECT: it gives the columns of your table the names that Stillframe knows. Only id
# and status are required; a figure whose column is missing is shown as not measurable.
sql = """
SELECT id, status, created_at,
       processing_at AS started_at,
       coalesce(completed_at, failed_at, cancelled_at) AS finished_at,
       error_message AS error, engine, tenant_id
FROM video_tasks
"""

# All times in this table are texts in UTC. Told so, SQLite finds the tasks of a window by indexes
# (on created_at and on finished_at as selected above) and need not read the rest of the table.
utc_texts = true

# Further columns of the SELECT to filter and to break down by.
dimensions = ["engine", "tenant_id"]

# Statuses of yours that are called otherwise: statuses = {{ queued = ["waiting", "new"] }}

# Which code an error message stands for: that of the first rule whose text (or regular expression)
# is found in it. A message that begins with its code, such as "DISK_FULL: ...", needs no rule.
errors = [
{errors}
]

# The flight recorder: the snapshot of the hour before goes into the archive by itself when one of
# these begins to hold, and when it is over.
record_when = [
  "backlog_age_seconds > 300",
  "no_completed_for > 300",
  "failure_rate > 0.09",
  "p95_ms.time_to_complete by engine > 95000",
  "failure_rate by tenant_id > 0.08",
]

# A table that Stillframe knows needs no SELECT.
[sources.agent_events]
preset = "agent_events"
url = {url}
'''


def settings_text(database: Path) -> str:
    """The text of a settings file for a demo's database."""
    rules = (f"  {{ match = {_toml(f.message)}, code = {_toml(f.code)} }}," for f in CATALOGUE)
    url = f"sqlite:///{database.resolve().as_posix()}"
    return TEMPLATE.format(url=_toml(url), errors="\n".join(rules))


def _toml(text: str) -> str:
    """A basic string of TOML; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
