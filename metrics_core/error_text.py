"""Error text: the message and the class out of what a job system stores of an error. Pure.

Nothing of it is ever run: pickles are read by their opcodes, texts are bounded by the scan. What
cannot be read is its own message, and has no code but what `error_codes` makes of it.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from metrics_core.error_codes import ERROR_TEXT_LIMIT
from metrics_core.pickles import peek

CONTAINER_LIMIT = 20_000
"""Characters read of a container: a longer one is read as its first and last half."""
CUT = " … "
CODES = ("code", "exc_type", "exception_class", "exception_type", "ExceptionType", "name", "type")
MESSAGES = ("message", "exc_message", "exception_message", "ExceptionMessage", "error", "value")
WRAPPER = "UnpickleableExceptionWrapper"
"""Celery's stand-in for an exception that cannot be pickled: its texts are module, class, ..."""

_CLASS = r"[A-Za-z_]\w*(?:(?:\.|::|\$)\w+)*"
_PYTHON_FRAME = re.compile(r'^\s+(?:File "|\^|~|\| )', re.MULTILINE)
_PYTHON_LAST = re.compile(rf"^({_CLASS})(?::|$)", re.MULTILINE)
_ELIXIR = re.compile(r"\A\*\* \(([\w.]+)\)")
_JAVA_CAUSE = re.compile(rf"^Caused by: ({_CLASS})(?::[^\n]*)?$", re.MULTILINE)
_JAVA_FIRST = re.compile(rf'\A(?:Exception in thread "[^"\n]*" )?({_CLASS})(?::[^\n]*)?\n\s+at ')
_RUBY = re.compile(r"\A[^\n]*:\d+:in [^\n]* \(([A-Z]\w*(?:::\w+)*)\)(?=\n|\Z)")
_LEADING = re.compile(rf"\A((?=[A-Z]|\w+[.:]+\w){_CLASS})(?=: |\n|\Z)")

Parts = tuple[str, str | None]
"""An error's message and, where it tells one, its code."""


def error_parts(text: str, error_format: str) -> Parts:
    """The message and the code of what a column holds in one of Source's error formats.

    >>> error_parts('[{"error": "x"}, {"error": "** (Oops.Error) no"}]', "json_last_attempt")
    ('** (Oops.Error) no', 'Oops.Error')
    """
    if not text.strip():
        return "", None
    try:
        message, code = READERS[error_format](text)
    except (ValueError, RecursionError):  # a JSON text may be nested deeper than can be printed
        message, code = text, None
    return _valid(message or text), _valid(code or "").strip() or None


def _valid(text: str) -> str:
    """The text within the limit, and without halves of surrogate pairs, which no UTF-8 can hold."""
    return text[:ERROR_TEXT_LIMIT].encode(errors="replace").decode()


def traceback_parts(text: str) -> Parts:
    """Of a traceback of Python, Elixir, Ruby or Java, or of a single "Class: message".

    >>> traceback_parts("Exception in thread \\"x\\" a.B: y\\n at q\\nCaused by: c.D: z\\n at r")
    ('Caused by: c.D: z', 'c.D')
    """
    text = text.strip()
    if "Traceback (most recent call last)" in text:
        return _python_parts(text)
    for pattern in (_ELIXIR, _RUBY):
        if hit := pattern.search(text[:ERROR_TEXT_LIMIT]):  # bounded: it tries many splits
            return _first_line(text), hit[1]
    if causes := list(_JAVA_CAUSE.finditer(text)):
        return causes[-1][0], causes[-1][1]
    hit = _JAVA_FIRST.search(text) or _LEADING.search(text)
    return _first_line(text) if hit and "\n" in text else text, hit[1] if hit else None


def _python_parts(text: str) -> Parts:
    """The first line behind the last frame: a message may have several lines."""
    frames = [hit.end() for hit in _PYTHON_FRAME.finditer(text)]
    hit = _PYTHON_LAST.search(text, frames[-1] if frames else 0)
    if hit is None or hit[1] == "Traceback":
        return text.rsplit("\n", 1)[-1], None
    return text[hit.start() :].split("\n", 1)[0], hit[1]


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _json_parts(text: str) -> Parts:
    """Of an object that describes an error, or of the last of an array of them."""
    found = _json(text)
    if isinstance(found, list):
        found = found[-1] if found else None
    return _object_parts(found) if isinstance(found, Mapping) else traceback_parts(text)


def _json(text: str) -> Any:
    """The value; of a text that was cut, what names its class and its message."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {key: value for key in (*CODES, *MESSAGES) if (value := _last_member(text, key))}


def _last_member(text: str, key: str) -> str | None:
    values = re.findall(rf'"{key}"\s*:\s*"((?:[^"\\]|\\.){{0,500}})', text)
    return str(values[-1]) if values else None


def _object_parts(found: Mapping[str, Any]) -> Parts:
    if isinstance(inner := found.get("value"), Mapping):
        found = inner
    code = next((str(found[key]) for key in CODES if _tells(found.get(key))), None)
    message = next((_plain(found[key]) for key in MESSAGES if found.get(key)), "")
    own_message, own_code = traceback_parts(message) if code is None else (message, code)
    return own_message, own_code


def _tells(code: object) -> bool:
    return isinstance(code, (str, int)) and not isinstance(code, bool) and bool(str(code).strip())


def _plain(message: object) -> str:
    """A message as text: Celery's is a list of an exception's arguments."""
    if isinstance(message, list):
        return _plain(message[0]) if len(message) == 1 else str(message)[:ERROR_TEXT_LIMIT]
    return message if isinstance(message, str) else str(message)[:ERROR_TEXT_LIMIT]


def _celery_parts(text: str) -> Parts:
    """Of JSON, as text or as hexadecimal bytes, of a pickle likewise, or of a traceback."""
    data = _from_hex(text)
    if data is None:
        return _pickle_or_text_parts(text)
    if data[:1] in (b"{", b"["):
        return _json_parts(data.decode(errors="replace"))
    return _pickled_parts(data) or ("", None)


def _pickle_or_text_parts(text: str) -> Parts:
    """Of a pickle in base64, of JSON, or of a traceback."""
    if text.lstrip()[:1] in ("{", "["):
        return _json_parts(text)
    data = _from_base64(text)
    return (_pickled_parts(data) if data else None) or traceback_parts(text)


def _pickled_parts(data: bytes) -> Parts | None:
    """Of a pickled exception, or of a pickled text, as Django Q's; None where it is neither."""
    seen = peek(data)
    message = seen.texts[0] if seen.texts else ""
    if not seen.classes:
        return traceback_parts(message) if message else None
    name = seen.classes[0][1].rsplit(".", 1)[-1]
    if name == WRAPPER and len(seen.texts) > 1:
        return seen.texts[-1], seen.texts[1]
    return message or name, name


def _from_hex(text: str) -> bytes | None:
    plain = text.partition(CUT)[0].strip().removeprefix("\\x")
    try:
        return bytes.fromhex(plain[: len(plain) // 2 * 2]) or None
    except ValueError:
        return None


def _from_base64(text: str) -> bytes | None:
    plain = "".join(text.partition(CUT)[0].split())
    try:
        return b64decode(plain[: len(plain) // 4 * 4], validate=True) or None
    except (binascii.Error, ValueError):
        return None


READERS: Mapping[str, Callable[[str], Parts]] = {
    "json_last_attempt": _json_parts,
    "json_object": _json_parts,
    "traceback": traceback_parts,
    "celery": _celery_parts,
    "pickle": _pickle_or_text_parts,
}
