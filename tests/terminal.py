"""A command at a terminal: its standard input is one, and answers are typed in advance."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

END_OF_INPUT = "\x04"


@dataclass(frozen=True)
class Done:
    """What a command told, on both streams, and its exit status."""

    told: str
    status: int


@contextmanager
def typed(answers: str) -> Iterator[TextIO]:
    """A terminal at which these answers were typed, and nothing after them."""
    keyboard, terminal = pty.openpty()
    try:
        os.write(keyboard, (answers + END_OF_INPUT).encode())
        with open(terminal, encoding="utf-8") as opened:  # noqa: PTH123  # a descriptor
            yield opened
    finally:
        os.close(keyboard)


def at_terminal(*arguments: str, answers: str, env: dict[str, str] | None = None) -> Done:
    """Runs a command with these answers, and nothing after them."""
    with _started(arguments, env or {}) as (process, keyboard):
        os.write(keyboard, (answers + END_OF_INPUT).encode())
        told, _ = process.communicate(timeout=60)
    return Done(told, process.returncode)


def interrupted(*arguments: str, after: str) -> Done:
    """Runs a command, and presses Ctrl-C once it has told this.

    Again and again, as one does: between its prompt and its read Python does not heed it.
    """
    told = ""
    with _started(arguments, {}) as (process, _):
        assert process.stdout is not None
        while after not in told:
            read = process.stdout.read(1)
            assert read, told
            told += read
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
        rest, _ = process.communicate()
    return Done(told + rest, process.returncode)


@contextmanager
def _started(
    arguments: tuple[str, ...], env: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env={**os.environ, **env},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(terminal)
    try:
        with process:
            try:
                yield process, keyboard
            finally:
                process.kill()
    finally:
        os.close(keyboard)
