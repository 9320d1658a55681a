"""No delay: answers leave at once instead of waiting some 40 ms for the client's acknowledgement.

Streamlit binds its socket without naming TCP as the protocol, so asyncio does not recognise it and
leaves Nagle's algorithm on. A connection inherits the option from the socket that accepted it.
"""

import os
import socket
import stat
from pathlib import Path

OPEN_FILES = Path("/dev/fd")
INTERNET = (socket.AF_INET, socket.AF_INET6)


def send_without_delay() -> int:
    """Turns the delay off for every TCP socket on which this process listens; how many they are."""
    numbers = [int(entry.name) for entry in OPEN_FILES.iterdir()] if OPEN_FILES.is_dir() else []
    return sum(_without_delay(number) for number in numbers)


def _without_delay(number: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        copy = os.dup(number)
    except OSError:  # closed meanwhile
        return False
    with socket.socket(fileno=copy) as opened:
        listens = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if not listens or opened.family not in INTERNET:
            return False
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True
