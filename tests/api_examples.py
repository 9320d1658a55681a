"""The snapshot that the API's description shows: of tasks that give the contract's own figures.

`python -m tests.api_examples` writes it anew, as is due when the document's model has changed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from metrics_core import Snapshot, Window, take_snapshot
from tests.builders import sqlite_source

FILE = Path(__file__).parents[1] / "dashboard" / "api" / "examples" / "metrics-snapshot.json"
TO = datetime(2026, 1, 30, 10, tzinfo=UTC)
MESSAGES = {
    "INVALID_PROMPT": "Invalid prompt. Check content guidelines.",
    "ENGINE_TIMEOUT": "Video generation timed out. Please try again.",
}
COUNTS = {"completed": 80, "failed": 5, "cancelled": 2, "processing": 3, "queued": 10}
TO_PROCESSING_MS = [3_000] * 40 + [5_000] + [9_914] * 34 + [9_924] + [12_000] * 4
TO_COMPLETE_MS = [20_000] * 40 + [25_000] + [35_286] * 34 + [35_276] + [45_000] * 4


def example_snapshot(folder: Path) -> Snapshot:
    """Taken now, of the hour before 10:00, from a new SQLite file in the folder."""
    source = sqlite_source(
        folder,
        list(_tasks()),
        name="video_tasks",
        dimensions=("engine",),
        errors=[{"match": text, "code": code} for code, text in MESSAGES.items()],
    )
    return take_snapshot(source, Window.ending(TO, minutes=60), request_id="req_xxx")


def _tasks() -> Iterator[dict[str, object]]:
    statuses = [status for status, count in COUNTS.items() for _ in range(count)]
    for number, status in enumerate(statuses):
        created = TO - timedelta(minutes=59) + timedelta(seconds=34 * number)
        yield {
            "id": f"task-{number:03}",
            "status": status,
            "created_at": created,
            **_times(number, status, created),
            "error": list(MESSAGES.values())[number % 2] if status == "failed" else None,
            "engine": "mock" if number % 4 == 0 else "runway",
        }


def _times(number: int, status: str, created: datetime) -> dict[str, datetime | None]:
    if status == "queued":
        return {"started_at": None, "finished_at": None}
    started = created + timedelta(milliseconds=TO_PROCESSING_MS[number % 80])
    finished = started + timedelta(milliseconds=TO_COMPLETE_MS[number % 80])
    return {"started_at": started, "finished_at": None if status == "processing" else finished}


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        FILE.write_text(example_snapshot(Path(name)).to_json(), encoding="utf-8")
