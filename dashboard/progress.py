"""Progress of slow work, on standard error, and only where that is a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TextIO

QUIET_SECONDS = 0.5
STEP_SECONDS = 0.25
CLEAR_LINE = "\r\x1b[2K"


@contextmanager
def progress(label: str, stream: TextIO | None = None) -> Iterator[None]:
    """Shows `label` and the seconds gone by until the work is done, and then removes it again."""
    out = stream or sys.stderr
    if not out.isatty():
        yield
        return
    done = Event()
    shower = Thread(target=_show, args=(label, out, done), daemon=True)
    shower.start()
    try:
        yield
    finally:
        done.set()
        shower.join()


def _show(label: str, out: TextIO, done: Event) -> None:
    started = time.monotonic()
    if done.wait(QUIET_SECONDS):
        return
    while not done.wait(STEP_SECONDS):
        out.write(f"{CLEAR_LINE}{label} … {time.monotonic() - started:.0f} s")
        out.flush()
    out.write(CLEAR_LINE)
    out.flush()
