"""The log's line about an error of ours: its class, its reason, and the database's SQLSTATE."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard import logs
from metrics_core.errors import DatabaseError, StillframeError, UsageError


def tell_error(
    log: logging.Logger, event: str, error: StillframeError, *, level: int, **more: logs.Value
) -> None:
    """Write the line; `more` stands before what the error says."""
    fields = {**more, "class": type(error).__name__, "reason": str(error)}
    if isinstance(error, DatabaseError) and error.sqlstate:
        fields["sqlstate"] = error.sqlstate
    logs.tell(log, event, fields, level=level)


@contextmanager
def telling(log: logging.Logger, source: str, request_id: str) -> Iterator[None]:
    """Tells of a scan that fails here: where older figures stand in for it, nobody else does."""
    try:
        yield
    except UsageError:
        raise  # the one who asked is told
    except StillframeError as error:
        given = {"requestId": request_id, "source": source}
        tell_error(log, "scan failed", error, level=logging.WARNING, **given)
        raise
