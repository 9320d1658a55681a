"""A Stillframe that is really served, in a process of its own on a loopback port."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = "correct-horse-battery-7"
PASSWORD = "quiet-otter-lantern-42"
START = (
    "from dashboard.serving import serve; "
    "from dashboard.settings import settings_from_environment; "
    "serve(settings_from_environment(), port=0)"
)


@dataclass(frozen=True, kw_only=True)
class Served:
    """Where it answers, and its process."""

    port: int
    process: "subprocess.Popen[str]"

    @property
    def megabytes(self) -> float:
        """Its resident memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20


@contextmanager
def served(config: Path, log: Path, *, archives: bool = True) -> Iterator[Served]:
    """Serves the sources of the settings file until the block ends; its log goes to a file.

    Without an archive nothing is recorded, and no scan is made but for who looks.
    """
    archive = {"STILLFRAME_ARCHIVE": str(log.with_name("archive.db"))} if archives else {}
    environ = {
        **os.environ,
        **archive,
        "STILLFRAME_CONFIG": str(config),
        "STILLFRAME_PASSWORD": PASSWORD,
        "STILLFRAME_ADMIN_SECRET": SECRET,
    }
    with log.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, "-c", START],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=lines,
            text=True,
        )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told.startswith("Stillframe is at "), log.read_text()
        yield Served(port=int(told.rstrip().rpartition(":")[2]), process=process)
    finally:
        process.terminate()
        process.communicate(timeout=20)
