"""`python -m dashboard.demo FOLDER`: lives the demo in a folder until standard input ends."""

import sys
from pathlib import Path
from threading import Event, Thread

from dashboard.demo.database import DATABASE_NAME
from dashboard.demo.life import keep_alive


def main(folder: Path) -> None:
    """Does nothing by itself but wait: for the end of the process that started it, or its word."""
    stopping = Event()
    life = Thread(target=keep_alive, args=(folder / DATABASE_NAME, stopping), daemon=True)
    life.start()
    sys.stdin.buffer.read()
    stopping.set()
    life.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
