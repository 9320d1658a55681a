"""A command at a terminal: its standard input is one, and answers are typed in advance."""

import os
import pty
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

END_OF_INPUT = "\x04"


@dataclass(frozen=True)
class Done:
    """What a command told, on both streams, and its exit status."""

    told: str
    status: int


def at_terminal(*arguments: str, answers: str, env: dict[str, str] | None = None) -> Done:
    """Runs a command with these answers, and nothing after them."""
    process, keyboard = _started(arguments, env or {})
    try:
        os.write(keyboard, (answers + END_OF_INPUT).encode())
        told, _ = process.communicate(timeout=60)
    finally:
        os.close(keyboard)
    return Done(told, process.returncode)


def interrupted(*arguments: str, after: str) -> Done:
    """Runs a command, and presses Ctrl-C once it has told this."""
    process, keyboard = _started(arguments, {})
    try:
        assert process.stdout is not None
        told = ""
        while after not in told:
            read = process.stdout.read(1)
            assert read, told
            told += read
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    finally:
        os.close(keyboard)
    return Done(told + rest, process.returncode)


def _started(arguments: tuple[str, ...], env: dict[str, str]) -> tuple[subprocess.Popen[str], int]:
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env={**os.environ, **env},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path.cwd(),
    )
    os.close(terminal)
    return process, keyboard
