"""`stillframe report` as a shell runs it."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from metrics_core import Archive, Deposit
from tests.builders import TEN
from tests.exhibits import altered, burning, calm
from tests.integration.test_commands import assert_refused, run


@pytest.fixture
def files(empty_folder: Path) -> Path:
    """The working directory, with calm.json, burning.json and one that was altered."""
    here, hour = empty_folder, burning(empty_folder)
    (here / "calm.json").write_bytes(calm(here).data)
    (here / "burning.json").write_bytes(hour.data)
    (here / "altered.json").write_bytes(altered(hour, source="other"))
    return here


def test_report_writes_a_page(files: Path) -> None:
    done = run("report", "burning.json", "--output", "incident.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    html = (files / "incident.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "<title>Incident report: tasks, 10:00:00 to 11:00:00, 30 Jan 2026 UTC</title>" in html


def test_report_writes_the_evidence_and_again_the_same(files: Path) -> None:
    document = json.loads((files / "burning.json").read_bytes())
    line = f"[METRICS] at=1 level=info requestId={document['requestId']} rows=1"
    (files / "log").write_text(f"noise\n{line}\nnoise\n", encoding="utf-8")
    given = ("report", "calm.json", "burning.json", "--log", "log", "--output")
    for name in ("incident.zip", "again.ZIP"):
        assert run(*given, name).returncode == 0
    data = (files / "incident.zip").read_bytes()
    assert data == (files / "again.ZIP").read_bytes()
    with ZipFile(BytesIO(data)) as archive:
        (log,) = (name for name in archive.namelist() if name.endswith("/metrics.log"))
        assert archive.read(log).decode() == f"{line}\n"


def test_a_log_without_the_line_is_told(files: Path) -> None:
    (files / "log").write_text("noise\n", encoding="utf-8")
    done = run("report", "calm.json", "--log", "log", "--output", "incident.html")
    assert done.returncode == 0
    assert done.stderr.startswith("stillframe: no [METRICS] line of req_")


def test_an_altered_snapshot_is_told_or_refused(files: Path) -> None:
    done = run("report", "altered.json", "--output", "incident.html")
    assert done.returncode == 0
    assert done.stderr.startswith(
        "stillframe: snapshot: NOT VERIFIED. What was measured was changed"
    )
    assert "NOT VERIFIED" in (files / "incident.html").read_text(encoding="utf-8")
    done = run("report", "altered.json", "--refuse-unverified", "--output", "other.html")
    assert_refused(done, 1, "altered.json is not verified. What was measured was changed")
    assert not (files / "other.html").exists()


def test_a_report_of_the_archive_says_why_it_was_kept(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = burning(files).snapshot
    line = f"[METRICS] requestId={hour.request_id} rows=1"
    deposit = Deposit(reason="command", note="disks went", incident="OPS-4711", metrics_line=line)
    receipt = Archive(files / "archive.db").append(hour, deposit, now=TEN)
    monkeypatch.setenv("STILLFRAME_ARCHIVE", "archive.db")
    done = run("report", "calm.json", hour.request_id, "--output", "incident.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    html = (files / "incident.html").read_text(encoding="utf-8")
    for said in ("disks went", "OPS-4711", receipt.hash, line, "it comes out of a file"):
        assert said in html
    done = run("report", "req_none", "--output", "x.html")
    assert_refused(done, 1, "req_none is no file, and is not in the archive")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["burning.json", "--output", "x.pdf"], 2, "ends in .html or .zip, not x.pdf"),
        (["none.json", "--output", "x.html"], 1, "cannot read none.json: No such file"),
        (["none.toml", "--output", "x.html"], 1, "none.toml: not a Stillframe snapshot"),
        (["calm.json", "--output", "no/x.zip"], 1, "cannot write no/x.zip: No such file"),
        (["calm.json", "altered.json", "--output", "x.zip"], 1, "; --force compares them anyway"),
        (["calm.json"], 2, "Missing option '--output'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    files: Path, arguments: list[str], status: int, told: str
) -> None:
    (files / "none.toml").write_text("[sources]\n", encoding="utf-8")
    assert_refused(run("report", *arguments), status, told)
