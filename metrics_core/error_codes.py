"""Error codes: from the text of a failure to what it is grouped by. Pure."""

import re
from collections.abc import Iterable, Sequence

from metrics_core.source import ErrorRule

NO_MESSAGE = "NO_MESSAGE"
CODE_LIMIT = 200
ERROR_TEXT_LIMIT = 1_000
"""Characters read of an error text: a longer one is read as its first and last 500."""

_UPPER_SNAKE = re.compile(r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![A-Za-z0-9_])|([A-Z][A-Z0-9_]*)(?=:)")
_CLASS_WORD = r"[A-Za-z_]\w*(?:Error|Exception|Warning|Exit|Interrupt|Timeout|Failure|Iteration)"
_EXCEPTION_NAME = rf"(?:[A-Za-z_]\w*\.)+[A-Z]\w*|{_CLASS_WORD}|Error|Exception"
_EXCEPTION = re.compile(rf"({_EXCEPTION_NAME})(?=:\s|:?$|\n)")
_LAST_LINE = re.compile(r"([A-Za-z_][\w.]*[A-Za-z0-9_])(?=:|$)")
_VARIABLE = re.compile(
    r"(?P<url>\b[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+)"
    r"|(?P<uuid>\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<time>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)"
    r"|(?P<ip>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b)"
    r"|(?P<path>(?<![\w<])(?:[A-Za-z]:\\[^\s'\"<>|]+|(?:~|\.{1,2})?(?:/[\w.@%+=-]+){2,}/?))"
    r"|(?P<hex>\b0x[0-9A-Fa-f]+\b|\b(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b)"
    r"|(?P<num>\d+(?:[.,]\d+)*)"
)
_NAME = re.compile(rf"[A-Z][A-Z0-9_]*|{_EXCEPTION_NAME}")
_DIGIT = re.compile("[0-9]")
_ALL_DIGITS_ALIKE = bytes.maketrans(b"023456789", b"111111111")
_HEX_PREFIX = "0x"
_TELLS_DIGITS_APART = re.compile(r"[0-9]|\(\?P=|\\N")
"""What a rule may hold to match one digit, or the same one twice."""


def error_code(message: str | None, rules: Sequence[ErrorRule]) -> str:
    """The code of a failure's message; the first of these that hits:

    a rule of the source; a leading UPPER_SNAKE token (with an underscore in it, or followed by a
    colon); an exception's class, at the beginning or in the last line of a traceback; else the
    message itself with its variable parts replaced. No message: NO_MESSAGE.

    >>> error_code("ENGINE_TIMEOUT after 30 s", ())
    'ENGINE_TIMEOUT'
    >>> error_code("requests.exceptions.ReadTimeout: host 10.0.0.7", ())
    'requests.exceptions.ReadTimeout'
    >>> error_code("no answer from 10.0.0.7 after 31.5 s", ())
    'no answer from <ip> after <num> s'
    """
    text = (message or "").strip()
    if not text:
        return NO_MESSAGE
    ruled = next((rule.code for rule in rules if rule.hits(text)), None)
    return ruled or (_upper_snake(text) or _exception_class(text) or _template(text))[:CODE_LIMIT]


def is_name(code: str) -> bool:
    """Whether the code is a name by its form, and so no sentence out of a message.

    >>> is_name("ENGINE_TIMEOUT"), is_name("app.QuotaExceeded"), is_name("no answer from <ip>")
    (True, True, False)
    """
    return bool(_NAME.fullmatch(code))


def error_codes(messages: Iterable[str], rules: Sequence[ErrorRule]) -> list[str]:
    """The code of each message.

    Most messages of a kind differ in their digits only, so those are read once: but for the 0 of
    0x no pattern of ours tells one digit from another.
    """
    if any(_TELLS_DIGITS_APART.search(rule.match) for rule in rules):
        return [error_code(message, rules) for message in messages]
    code_of_shape: dict[bytes, str | None] = {}

    def code(message: str) -> str:
        if _HEX_PREFIX in message:
            return error_code(message, rules)
        shape = message.encode().translate(_ALL_DIGITS_ALIKE)
        if shape not in code_of_shape:
            shared = error_code(shape.decode(), rules)
            code_of_shape[shape] = None if _DIGIT.search(shared) else shared
        return code_of_shape[shape] or error_code(message, rules)

    return [code(message) for message in messages]


def _upper_snake(text: str) -> str | None:
    hit = _UPPER_SNAKE.match(text)
    return (hit[1] or hit[2]) if hit else None


def _exception_class(text: str) -> str | None:
    last_line = text.rsplit("\n", 1)[-1]
    traceback = text.startswith("Traceback (most recent call last)")
    hit = _LAST_LINE.match(last_line) if traceback else _EXCEPTION.match(text)
    return hit[1] if hit else None


def _template(text: str) -> str:
    replaced = _VARIABLE.sub(lambda hit: f"<{hit.lastgroup}>", text)
    return " ".join(replaced.split())
