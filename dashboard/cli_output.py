"""Output of the commands: bytes as they are, into a file or to standard output."""

import sys
from pathlib import Path

from metrics_core.errors import StillframeError


def put_out(data: bytes, output: Path | None = None) -> None:
    """Write all of it. StillframeError where the file cannot be written."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise StillframeError(f"cannot write {output}: {error.strerror}") from None
