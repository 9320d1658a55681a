"""What is true of a task queue: from any task table to one immutable Snapshot. No screen, no HTTP.

What this package exports is an API for others, and stays.
"""

from metrics_core.archive import Archive
from metrics_core.archive_record import Deposit
from metrics_core.compare import compare
from metrics_core.comparison import Comparison
from metrics_core.errors import StillframeError
from metrics_core.redact import redact
from metrics_core.snapshot import Snapshot, snapshot_json_schema
from metrics_core.source import Source
from metrics_core.source_file import load_sources
from metrics_core.take import take_snapshot
from metrics_core.verify import verified
from metrics_core.window import Window

__all__ = [
    "Archive",
    "Comparison",
    "Deposit",
    "Snapshot",
    "Source",
    "StillframeError",
    "Window",
    "compare",
    "load_sources",
    "redact",
    "snapshot_json_schema",
    "take_snapshot",
    "verified",
]
