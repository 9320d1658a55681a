"""The evidence ZIP: whole, verifiable with what every machine has, and the same bytes each time."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from dashboard.report import Exhibit, Incident, evidence_zip, read_exhibit, report_html
from metrics_core import Snapshot
from tests.exhibits import altered, hostile

WRITE = """
import sys
from pathlib import Path
from dashboard.report import Incident, evidence_zip, read_exhibit
exhibits = [read_exhibit(Path(name).read_bytes()) for name in sys.argv[1:]]
sys.stdout.buffer.write(evidence_zip(Incident.of(*exhibits, log_lines=["[METRICS] x"])))
"""
WORLDS = (
    {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
    {"TZ": "Asia/Kolkata", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "77", "HOME": "/nowhere"},
)


def unpacked(incident: Incident, folder: Path) -> Path:
    """The one folder that the archive holds."""
    with ZipFile(BytesIO(evidence_zip(incident))) as archive:
        assert archive.testzip() is None
        archive.extractall(folder / "unpacked")
    (inside,) = (folder / "unpacked").iterdir()
    return inside


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum on the PATH")
    command = [program, "-c", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_archive_holds_all_the_evidence(both: Incident, tmp_path: Path) -> None:
    folder = unpacked(both, tmp_path)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    parts = ("snapshot.json", "series.csv", "errors.csv", "breakdowns.csv", "tasks.csv")
    each = {f"{side}/{name}" for side in ("before", "after") for name in parts}
    assert names == {"README.txt", "SHA256SUMS", "report.html", "comparison.json", *each}
    for side in both.sides:
        data = (folder / side.folder / "snapshot.json").read_bytes()
        assert data == side.snapshot.to_json().encode()
        assert Snapshot.from_json(data).digest == side.snapshot.digest
    assert (folder / "report.html").read_text(encoding="utf-8") == report_html(both)


def test_an_altered_snapshot_is_kept_as_it_was_given(burning_hour: Exhibit, tmp_path: Path) -> None:
    data = altered(burning_hour, source="other")
    folder = unpacked(Incident.of(read_exhibit(data)), tmp_path)
    assert (folder / "snapshot" / "snapshot.json").read_bytes() == data


def test_the_log_lines_are_in_the_archive_as_they_are(
    burning_hour: Exhibit, tmp_path: Path
) -> None:
    line = f"[METRICS] at=1 level=info requestId={burning_hour.snapshot.request_id} said=ü"
    incident = Incident.of(burning_hour, log_lines=["other", line])
    log = unpacked(incident, tmp_path) / "metrics.log"
    assert log.read_text(encoding="utf-8") == f"{line}\n"


@pytest.mark.parametrize("name", ["report.html", "after/snapshot.json", "before/series.csv"])
def test_sha256sum_verifies_the_archive(both: Incident, tmp_path: Path, name: str) -> None:
    folder = unpacked(both, tmp_path)
    done = checked(folder)
    assert (done.returncode, done.stderr) == (0, "")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert done.stdout.count(": OK\n") == len(files) - 1
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    done = checked(folder)
    assert done.returncode == 1
    assert f"{name}: FAILED\n" in done.stdout


def test_the_commands_in_the_report_verify_the_snapshots(both: Incident, tmp_path: Path) -> None:
    folder, html = unpacked(both, tmp_path), report_html(both)
    commands = [unescape(each) for each in re.findall(r"<pre>(python3 .*?)</pre>", html)]
    assert len(commands) == 2
    for command, side in zip(commands, both.sides, strict=True):
        here = command.replace("python3", sys.executable, 1)
        done = subprocess.run(["sh", "-c", here], cwd=folder, capture_output=True, check=True)
        assert done.stdout.decode().strip() == side.snapshot.digest.document
        assert f"{side.exhibit.sha256}  {side.folder}/snapshot.json" in html


def test_the_same_snapshots_give_the_same_bytes_anywhere(both: Incident, tmp_path: Path) -> None:
    names = [tmp_path / f"{side.folder}.json" for side in both.sides]
    for name, side in zip(names, both.sides, strict=True):
        name.write_bytes(side.exhibit.data)
    root = str(Path(__file__).resolve().parents[3])
    written = [
        subprocess.run(
            [sys.executable, "-c", WRITE, *map(str, names)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": root, **world},
            capture_output=True,
            check=True,
        ).stdout
        for world in WORLDS
    ]
    assert written[0] == written[1] == evidence_zip(both)


def test_the_archive_depends_on_no_compressor_and_no_clock(tmp_path: Path) -> None:
    with ZipFile(BytesIO(evidence_zip(Incident.of(hostile(tmp_path))))) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == ZIP_STORED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert re.fullmatch(
                r"stillframe-evidence-[0-9a-f]{16}(/[A-Za-z0-9._]+)+", entry.filename
            )
