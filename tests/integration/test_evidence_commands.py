"""The commands about evidence as a shell runs them: output, exit status, one clear line a fault."""

import json
from pathlib import Path

import pytest

from metrics_core import Archive, Snapshot, verified
from metrics_core.archive_verify import verify_archive
from tests.databases import SqliteTable
from tests.integration.test_commands import assert_refused, run

TO = "2026-01-30T10:00:00Z"
EARLIER = "2026-01-30T09:00:00Z"
COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "engine", "error")


@pytest.fixture(name="folder")
def with_source(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a source in whose last hour 40 tasks failed, and an archive's path."""
    table = SqliteTable(empty_folder / "queue.db")
    table.load([], COLUMNS)
    table.run(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39) "
        "INSERT INTO task_table (id, status, created_at, started_at, finished_at, engine, error) "
        "SELECT 't' || i, 'failed', printf('2026-01-30T09:%02d:00Z', i), "
        "printf('2026-01-30T09:%02d:01Z', i), printf('2026-01-30T09:%02d:02Z', i), "
        "'runway', 'runway said no' FROM n"
    )
    (empty_folder / "stillframe.toml").write_text(
        f'[sources.tasks]\nurl = "{table.url}"\ndimensions = ["engine"]\n'
        f'sql = "SELECT {", ".join(COLUMNS)} FROM task_table"\n'
    )
    monkeypatch.setenv("STILLFRAME_ARCHIVE", str(empty_folder / "archive.db"))
    return empty_folder


def taken(name: str, *arguments: str, to: str = TO) -> Snapshot:
    done = run("snapshot", "--to", to, "--output", name, *arguments)
    assert (done.returncode, done.stdout) == (0, "")
    return Snapshot.from_json(Path(name).read_bytes())


def test_a_snapshot_is_archived_with_its_note_and_its_metrics_line(folder: Path) -> None:
    done = run("snapshot", "--to", TO, "--archive", "--note", "look at this")
    archive = Archive(folder / "archive.db")
    (entry,) = archive.page().entries
    assert done.returncode == 0
    assert archive.text(entry.document) == done.stdout.encode()
    assert (entry.reason, entry.note, entry.self_declared) == ("command", "look at this", True)
    metrics, archived = done.stderr.splitlines()
    assert archived == f"archived: record 1, head {archive.head().hash}"
    assert entry.metrics_line is not None
    kept = entry.metrics_line.removeprefix("[METRICS] ")
    assert metrics.endswith(f"{kept} archived=yes head={archive.head().hash}")


def test_a_snapshot_that_is_not_archived_tells_the_head_of_the_archive(folder: Path) -> None:
    assert run("snapshot", "--to", TO).stderr.endswith(f" archived=no head={'0' * 64}\n")
    run("snapshot", "--to", TO, "--archive")
    head = Archive(folder / "archive.db").head().hash
    assert run("snapshot", "--to", TO).stderr.endswith(f" archived=no head={head}\n")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("no/such/a.db", "there is no folder no/such"),
        ("stillframe.toml", "stillframe.toml is not an archive of Stillframe"),
        ("", "no archive is set: name its file by STILLFRAME_ARCHIVE"),
    ],
)
def test_a_snapshot_that_cannot_be_archived_is_printed_all_the_same(
    folder: Path, path: str, why: str
) -> None:
    done = run("snapshot", "--to", TO, "--archive", env={"STILLFRAME_ARCHIVE": path})
    assert Snapshot.from_json(done.stdout).tasks.failed == 40
    assert done.stderr.splitlines()[-1].startswith("stillframe: not archived: ")
    assert why in done.stderr
    assert done.returncode == 1


def test_a_note_without_an_archive_is_wrong_usage(folder: Path) -> None:
    assert_refused(run("snapshot", "--note", "x"), 2, "--note is kept in the archive")


def test_a_redacted_snapshot_is_what_leaves_and_what_is_archived(folder: Path) -> None:
    hidden = taken("a.json", "--redact", "engine, error", "--archive")
    assert hidden.redacted == ("engine", "error")
    assert "runway" not in Path("a.json").read_text()
    assert Archive(folder / "archive.db").page().entries[0].document == hidden.digest.document
    assert_refused(run("snapshot", "--redact", "tenant"), 2, "'tenant' cannot be redacted")


def test_files_verify_each_for_itself(folder: Path) -> None:
    whole, hidden = taken("a.json"), taken("b.json", "--redact", "error")
    done = run("verify", "a.json", "b.json")
    assert done.stdout.splitlines() == [
        f"VERIFIED  a.json: {whole.request_id}, document {whole.digest.document}",
        f"VERIFIED  b.json: {hidden.request_id}, without error, document {hidden.digest.document}",
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_wrong_with_a_file_is_said(folder: Path) -> None:
    taken("a.json")
    Path("b.json").write_text(Path("a.json").read_text().replace('"failed": 40', '"failed": 4'))
    Path("c.json").write_text(Path("a.json").read_text().replace("\n", "\r\n"))
    done = run("verify", "a.json", "b.json", "c.json", "none.json")
    said = done.stdout.splitlines()
    assert [line.split(" ")[0] for line in said] == ["VERIFIED", "NOT", "NOT", "NOT"]
    assert said[1] == (
        "NOT VERIFIED  b.json: what was measured was changed: digest.content does not fit it"
    )
    assert said[3] == "NOT VERIFIED  none.json: cannot be read: No such file or directory"
    assert done.returncode == 1


def test_an_archive_verifies_up_to_a_pinned_head(folder: Path) -> None:
    taken("a.json", "--archive")
    pinned = Archive(folder / "archive.db").head().hash
    taken("b.json", "--archive")
    done = run("verify", "--archive", "--expect-head", pinned)
    head = Archive(folder / "archive.db").head().hash
    assert done.stdout == (
        f"VERIFIED  {folder / 'archive.db'}: 2 records, 1 after the expected, 2 snapshots, "
        f"0 of them pruned, head {head}\n"
    )
    assert done.returncode == 0
    other = "1" * 64
    told = f"NOT VERIFIED  archive.db: the expected head {other} is not in the chain"
    assert_refused(run("verify", "--archive", "archive.db", "--expect-head", other), 1, told)


def test_a_head_that_was_not_pasted_whole_is_no_cut_tail(folder: Path) -> None:
    taken("a.json", "--archive")
    head = Archive(folder / "archive.db").head().hash
    done = run("verify", "--archive", "--expect-head", head[:-1])
    assert_refused(done, 2, "--expect-head takes a head of 64 signs 0 to 9 and a to f")


@pytest.mark.parametrize("arguments", [[], ["a", "--expect-head", "x"], ["a", "--archive", "b"]])
def test_verify_takes_files_or_an_archive(folder: Path, arguments: list[str]) -> None:
    assert_refused(run("verify", *arguments), 2, "verify takes snapshot files, or --archive")


def test_diff_prints_what_changed_as_text_and_as_json(folder: Path) -> None:
    before, after = taken("a.json", to=EARLIER), taken("b.json")
    done = run("diff", "a.json", "b.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"before  requestId={before.request_id} source=tasks" in done.stdout
    assert "  1. " in done.stdout
    assert "runway said no" in done.stdout
    as_json = json.loads(run("diff", "a.json", "b.json", "--format", "json").stdout)
    assert as_json["after"]["requestId"] == after.request_id
    assert len(as_json["changes"]) == done.stdout.count(". ")  # one sentence a change


def test_diff_takes_request_ids_and_digests_of_the_archive(folder: Path) -> None:
    before, after = taken("a.json", "--archive", to=EARLIER), taken("b.json", "--archive")
    from_files = run("diff", "a.json", "b.json").stdout
    assert run("diff", before.request_id, after.digest.document).stdout == from_files
    assert_refused(run("diff", "a.json", "req_none"), 1, "req_none is no file, and is not in the")


def test_what_cannot_be_compared_is_refused_unless_forced(folder: Path) -> None:
    taken("a.json")
    taken("b.json", "--scope", "engine=runway")
    assert_refused(run("diff", "a.json", "b.json"), 1, "their scopes differ")
    forced = run("diff", "--force", "a.json", "b.json")
    assert forced.returncode == 0
    assert "Compared although their scopes differ" in forced.stdout
    assert_refused(run("diff", "stillframe.toml", "a.json"), 1, "not a Stillframe snapshot")
    assert run("diff", "a.json").returncode == 2


def test_the_archive_is_listed_shown_and_pruned(folder: Path) -> None:
    first, second = taken("a.json", "--archive", "--note", "one"), taken("b.json", "--archive")
    listed = run("archive", "list", "--limit", "1")
    assert f"requestId={second.request_id}" in listed.stdout
    assert listed.stderr == "there are more: --before 2\n"
    found = run("archive", "list", "--note", "ONE").stdout
    assert f"requestId={first.request_id} source=tasks " in found
    assert " note=one pruned=false " in found
    shown = run("archive", "show", first.request_id)
    assert shown.stdout == Path("a.json").read_text()
    without = run("archive", "show", first.request_id, "--redact", "engine,error").stdout
    assert verified(without.encode()).redacted == ("engine", "error")
    assert "runway" not in without
    assert run("archive", "prune", "--keep", "1").stdout == "1 bodies pruned\n"
    assert_refused(run("archive", "show", first.request_id), 1, "was pruned from the archive")
    assert_refused(run("archive", "prune"), 2, "say what to prune")
    assert verify_archive(folder / "archive.db").pruned == 1
