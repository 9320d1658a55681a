"""The process that keeps the demo's queue alive, as the page's process sees it.

It is a process of its own, not a thread, because two SQLite libraries must never open one file in
one process: the page reads through ADBC's, and Python brings another. POSIX locks belong to a
process, so neither would see the other's, and readers would read what is half written.
"""

import sys
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired
from types import TracebackType
from typing import Self

STOP_SECONDS = 5
IMPORT_FROM = Path(__file__).resolve().parents[2]


class DemoWriter:
    """Lets the demo in a folder live on, from where its database stands, until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._process: Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process; it ends when its standard input does, so also if we are killed."""
        self._process = Popen(  # noqa: S603 our own module, in a folder of ours
            [sys.executable, "-m", "dashboard.demo", str(self._folder)],
            stdin=PIPE,
            cwd=IMPORT_FROM,
            start_new_session=True,  # Ctrl-C is for us: we stop it in order
        )

    def stop(self) -> None:
        """Returns when the last transaction is over."""
        if self._process is None:
            return
        try:
            self._process.communicate(timeout=STOP_SECONDS)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
