"""A disk that is full or read-only, for real: nothing is acknowledged that was not stored."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from metrics_core import Archive, Snapshot
from metrics_core.archive_verify import verify_archive
from metrics_core.errors import ArchiveFull, ArchiveReadOnly
from tests.archived import COMMAND, NOON, filled, small_snapshot

DISK_KB = 400
NOBODY = 65_534


@pytest.fixture(name="snapshot")
def taken(tmp_path: Path) -> Snapshot:
    return small_snapshot(tmp_path)


@pytest.fixture(name="disk")
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 400 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = mount("-t", "tmpfs", "-o", f"size={DISK_KB}k", "stillframe", str(folder))
    if made is None or made.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {made.stderr if made else 'no mount'}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def mount(*arguments: str) -> subprocess.CompletedProcess[str] | None:
    if shutil.which("mount") is None:
        return None
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)


def test_a_full_disk_is_told_reads_go_on_and_writes_resume(disk: Path, snapshot: Snapshot) -> None:
    archive = Archive(disk / "archive.db")
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(DISK_KB * 1024 // 4))
    acknowledged = stored_until_full(archive, snapshot)
    assert len(acknowledged) > 10
    unstored = snapshot.answering(f"req_{len(acknowledged)}")
    with pytest.raises(ArchiveFull, match=r"the disk of the archive .* is full"):
        archive.append(unstored, COMMAND, now=NOON)
    assert archive.entries_of(unstored.request_id) == ()
    for each in acknowledged:
        assert archive.text(each.digest.document) == each.to_json().encode()
    assert archive.append(acknowledged[0], COMMAND, now=NOON).already is True
    ballast.unlink()
    assert archive.append(unstored, COMMAND, now=NOON).sequence == len(acknowledged) + 1
    assert verify_archive(archive.path).snapshots == len(acknowledged) + 1


def stored_until_full(archive: Archive, snapshot: Snapshot) -> list[Snapshot]:
    acknowledged: list[Snapshot] = []
    with contextlib.suppress(ArchiveFull):
        while True:
            each = snapshot.answering(f"req_{len(acknowledged)}")
            archive.append(each, COMMAND, now=NOON)
            acknowledged.append(each)
    return acknowledged


def test_a_disk_too_full_for_an_archive_is_told(disk: Path, snapshot: Snapshot) -> None:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    with pytest.raises(ArchiveFull):
        Archive(disk / "archive.db").append(snapshot, COMMAND, now=NOON)
    ballast.unlink()
    assert Archive(disk / "archive.db").append(snapshot, COMMAND, now=NOON).sequence == 1


def test_a_read_only_file_system_is_told_reads_go_on_and_writes_resume(
    disk: Path, snapshot: Snapshot
) -> None:
    archive = filled(disk / "archive.db", snapshot, 2)
    mount("-o", "remount,ro", str(disk))
    for place in (archive, Archive(disk / "other.db")):
        with pytest.raises(ArchiveReadOnly):
            place.append(snapshot.answering("req_9"), COMMAND, now=NOON)
    assert verify_archive(archive.path).snapshots == 2
    assert archive.snapshot(archive.page().entries[1].document) == snapshot
    mount("-o", "remount,rw", str(disk))
    assert archive.append(snapshot.answering("req_9"), COMMAND, now=NOON).sequence == 3


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_mode_that_forbids_writing_is_told(snapshot: Snapshot, what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        as_nobody(lambda: write_where_the_mode_forbids_it(folder, snapshot, what))


def as_nobody(work: Callable[[], None]) -> None:
    """Runs the work in a process that is not root's: root may write whatever a mode says."""
    pid = os.fork()
    if pid == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def write_where_the_mode_forbids_it(folder: Path, snapshot: Snapshot, what: str) -> None:
    archive = filled(folder / "archive.db", snapshot, 1)
    archive.path.with_name("archive.db-journal").unlink()
    locked = archive.path if what == "file" else folder
    mode = locked.stat().st_mode
    locked.chmod(mode & ~0o222)
    try:
        with pytest.raises(ArchiveReadOnly):
            archive.append(snapshot.answering("req_9"), COMMAND, now=NOON)
        assert verify_archive(archive.path).snapshots == 1
    finally:
        locked.chmod(mode)
    assert archive.append(snapshot.answering("req_9"), COMMAND, now=NOON).sequence == 2
