"""The README's curl examples, as they stand, against a Stillframe that is really served."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metrics_core import Archive, Snapshot

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "127.0.0.1:8501"
SECRET = "correct-horse-battery-7"
NOW = datetime.now(UTC)
THEN = datetime(2026, 1, 30, 2, 30, tzinfo=UTC)
COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "error", "engine")

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on the PATH")

Curl = Callable[[str], list[str]]


def examples() -> dict[str, list[str]]:
    """The commands of the section's shell blocks, by the comment above them."""
    section = README.partition("\n## HTTP API\n")[2].partition("\n## ")[0]
    found: dict[str, list[str]] = {}
    for block in re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^# ", block, flags=re.MULTILINE)[1:]:
            title, *commands = part.splitlines()
            found[title] = commands
    return found


EXAMPLES = examples()


@pytest.fixture(scope="module")
def port() -> int:
    """The README's own where it is free, else another."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 8501))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings beside a table of four tasks: of now, of hours ago, and two of the past window."""
    folder = tmp_path_factory.mktemp("readme")
    lately = [NOW - timedelta(hours=2)] * 3
    past = [THEN, THEN, THEN + timedelta(seconds=9)]
    rows = [
        ("a", "queued", NOW - timedelta(minutes=5), None, None, None, "mock"),
        ("b", "completed", *past, None, "runway"),
        ("c", "failed", *past, "ENGINE_TIMEOUT: no answer", "mock"),
        ("d", "failed", *lately, "ENGINE_TIMEOUT: no answer", "mock"),
    ]
    with sqlite3.connect(folder / "queue.db") as connection:
        connection.execute(f"CREATE TABLE tasks ({', '.join(COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        texts = [[_text(value) for value in row] for row in rows]
        connection.executemany(f"INSERT INTO tasks VALUES ({marks})", texts)
    connection.close()
    (folder / "stillframe.toml").write_text(
        f'[sources.video_tasks]\nurl = "sqlite:///{folder / "queue.db"}"\n'
        f'sql = "SELECT {", ".join(COLUMNS)} FROM tasks"\ndimensions = ["engine"]\n'
    )
    return folder


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.fixture(scope="module")
def served(folder: Path, port: int) -> Iterator[None]:
    """`stillframe serve`, from its announcement to the end of the module."""
    environ = {name: value for name, value in os.environ.items() if "STILLFRAME" not in name}
    ours = {
        "STILLFRAME_PASSWORD": "quiet-otter-lantern-42",
        "STILLFRAME_ADMIN_SECRET": SECRET,
        "STILLFRAME_ARCHIVE": str(folder / "archive.db"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environ | ours, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    try:
        told = process.stdout.readline()
        assert told.startswith("Stillframe is at "), (folder / "server.log").read_text()
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def curl(served: None, port: int, tmp_path: Path) -> Curl:
    """`curl(title)`: what each command of that example prints."""

    def run(title: str) -> list[str]:
        return [_printed(command, port, tmp_path) for command in EXAMPLES[title]]

    return run


def _printed(command: str, port: int, folder: Path) -> str:
    assert command.startswith("curl -s ")
    assert ADDRESS in command
    done = subprocess.run(
        ["sh", "-c", command.replace(ADDRESS, f"127.0.0.1:{port}")],
        cwd=folder,
        env={**os.environ, "STILLFRAME_ADMIN_SECRET": SECRET},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_the_last_hour(curl: Curl) -> None:
    (text,) = curl("the last hour")
    snapshot = Snapshot.from_json(text)
    assert snapshot.window.minutes == 60
    assert (snapshot.tasks.queued, snapshot.tasks.completed) == (1, 0)


def test_a_past_window_of_one_engine(curl: Curl) -> None:
    (text,) = curl("a past window, of one engine")
    snapshot = Snapshot.from_json(text)
    assert (snapshot.window.minutes, snapshot.scope) == (90, {"engine": "runway"})
    assert (snapshot.tasks.completed, snapshot.tasks.failed) == (1, 0)
    assert snapshot.latency.time_to_complete_ms.p50 == 9000


def test_the_same_figures_are_sent_once(curl: Curl, tmp_path: Path) -> None:
    saved, again = curl("the same figures again: 304, and no body")
    assert (saved, again) == ("", "304\n")
    snapshot = Snapshot.from_json((tmp_path / "incident.json").read_text())
    assert [(error.code, error.count) for error in snapshot.top_errors] == [("ENGINE_TIMEOUT", 1)]
    assert snapshot.digest.content in (tmp_path / "etag.txt").read_text()


def test_an_answer_is_archived(curl: Curl, folder: Path, tmp_path: Path) -> None:
    (text,) = curl("stored in the archive before it is answered; the headers say so")
    archive = Archive(folder / "archive.db")
    (entry,) = archive.page().entries
    assert archive.text(entry.document) == text.encode()
    assert (entry.note, entry.actor) == ("before the rollback", "deploy job")
    headers = (tmp_path / "headers.txt").read_text().lower()
    assert "x-stillframe-archived: yes" in headers
    assert f"x-stillframe-archive-head: {archive.head().hash}" in headers


def test_the_overview(curl: Curl) -> None:
    (text,) = curl("runs, reliability, cost and latency of the last 24 hours")
    found = json.loads(text)
    runs = (found["total_runs"], found["failed_runs"], found["success_rate"])
    assert (found["window_hours"], *runs) == (24, 1, 1, 0)


def test_the_newest_failures(curl: Curl) -> None:
    (text,) = curl("the newest failures")
    assert '"run_id":"d"' in text.replace(" ", "")
    assert "ENGINE_TIMEOUT" in text
    assert '"run_id":"c"' not in text.replace(" ", "")


def test_health(curl: Curl) -> None:
    (text,) = curl("how fresh each source is")
    health = json.loads(text)
    assert health["status"] == "ok"
    assert [(one["source"], one["freshness"]["state"]) for one in health["sources"]] == [
        ("video_tasks", "LIVE")
    ]


def test_prometheus(curl: Curl) -> None:
    (text,) = curl("for Prometheus")
    lines = text.splitlines()
    assert 'stillframe_up{source="video_tasks"} 1.0' in lines
    assert 'stillframe_tasks{source="video_tasks",state="queued"} 1.0' in lines


def test_a_stranger(curl: Curl) -> None:
    (text,) = curl("a stranger: 401")
    assert json.loads(text)["code"] == "ADMIN_UNAUTHORIZED"


def test_no_example_is_without_a_test() -> None:
    tests = Path(__file__).read_text(encoding="utf-8")
    assert [title for title in EXAMPLES if f'curl("{title}")' not in tests] == []
    assert len(EXAMPLES) >= 8
