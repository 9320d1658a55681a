"""Logs: one line an event, as key=value or as JSON. No value can make a second line."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TextIO

Format = Literal["text", "json"]
Value = str | int | float | bool | None

OURS = "stillframe"
# By name, and not by their parents': Streamlit takes the propagation from uvicorn's.
SERVER = ("uvicorn", "uvicorn.error", "asyncio")
BARE = re.compile(r"[A-Za-z0-9_.:/+@%,*()\[\]-]+", re.ASCII)
"""Values that stand as they are; any other is a JSON string of plain ASCII."""

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The requestId of the request that is being answered: it is in every line of it."""


def tell(
    log: logging.Logger,
    event: str,
    fields: Mapping[str, Value] = {},
    *,
    level: int = logging.INFO,
    tag: str | None = None,
) -> None:
    """One line about the event. With a tag, as METRICS, it begins `[METRICS]` instead."""
    log.log(level, event, extra={"stillframe_fields": dict(fields), "stillframe_tag": tag})


def configure(form: Format, *, level: int, stream: TextIO | None = None) -> None:
    """Write our lines and the server's to the stream (standard error) in that form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(form))
    for name, least in ((OURS, level), *[(name, logging.WARNING) for name in SERVER]):
        log = logging.getLogger(name)
        log.handlers[:] = [handler]
        log.propagate = False
        log.setLevel(least)


class LineFormatter(logging.Formatter):
    """A record as one line; a traceback is a value like any other."""

    def __init__(self, form: Format) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        tag = getattr(record, "stillframe_tag", None)
        members = _members(record)
        if self._form == "json":
            return json.dumps({"tag": tag, **members} if tag else members)
        line = key_values(members)
        return f"[{tag}] {line}" if tag else line


def key_values(members: Mapping[str, Value]) -> str:
    """
    >>> key_values({"path": "/v1", "said": 'a "b"\\n\\u2028', "rows": 3, "since": None})
    'path=/v1 said="a \\\\"b\\\\"\\\\n\\\\u2028" rows=3 since=null'
    """
    return " ".join(f"{name}={_text(value)}" for name, value in members.items())


def _text(value: Value) -> str:
    if isinstance(value, str):
        is_bare = BARE.fullmatch(value) and value not in ("null", "true", "false")
        return value if is_bare else json.dumps(value)
    return json.dumps(value)


def _members(record: logging.LogRecord) -> dict[str, Value]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields: dict[str, Value] = dict(getattr(record, "stillframe_fields", {}))
    told: dict[str, Value] = {
        "at": at.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "requestId": fields.pop("requestId", None) or request_id.get(),
    }
    if getattr(record, "stillframe_tag", None) is None:
        told |= {"logger": record.name, "event": record.getMessage()}
    if record.exc_info:
        fields["traceback"] = "".join(traceback.format_exception(*record.exc_info))
    return told | fields
