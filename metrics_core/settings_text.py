"""Settings text: a stillframe.toml, with comments, that reads as what was put in. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_SOURCE_NAME = 64
SELECT = "sql"
COMMENT_WIDTH = 98


@dataclass(frozen=True, kw_only=True)
class Block:
    """One source as the file holds it: its name, its settings in order, and what is said of it."""

    name: str
    settings: Mapping[str, Any]
    comments: Sequence[str] = ()


def settings_text(blocks: Sequence[Block], comments: Sequence[str] = ()) -> str:
    """The whole file, which ends with a line feed."""
    parts = ["".join(map(_comment, comments)), *map(_block, blocks)]
    return "\n".join(part for part in parts if part)


def _block(block: Block) -> str:
    table, comments = f"sources.{_key(block.name)}", "".join(map(_comment, block.comments))
    lines = {name: _line(name, value) for name, value in block.settings.items()}
    long = [
        name
        for name, value in block.settings.items()
        if isinstance(value, Mapping) and len(lines[name]) > COMMENT_WIDTH
    ]
    plain = "".join(line for name, line in lines.items() if name not in long)
    tables = (_table(f"{table}.{_key(name)}", block.settings[name]) for name in long)
    return f"[{table}]\n{comments}{plain}{''.join(tables)}"


def _table(title: str, values: Mapping[str, Any]) -> str:
    lines = (f"{_key(name)} = {toml_value(value)}\n" for name, value in values.items())
    return f"\n[{title}]\n{''.join(lines)}"


def _comment(text: str) -> str:
    """The text as one or more comments; no character of it can end one."""
    return "".join(f"# {line}\n" for line in _wrapped(printable(text)))


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= COMMENT_WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def printable(text: str) -> str:
    """The text on one line: what is no printable character is written as its escape.

    >>> printable("a\\nb\\x1b[31m"), printable("Größe")
    ('a\\\\nb\\\\x1b[31m', 'Größe')
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def toml_value(value: Any) -> str:
    """The value in TOML.

    >>> toml_value({"queued": ["new", 'say "x"']}), toml_value(True), toml_value(7)
    ('{ queued = ["new", "say \\\\"x\\\\""] }', 'true', '7')
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value)


def _line(name: str, value: Any) -> str:
    """A SELECT stands on lines of its own: the blank ones around it are no part of it."""
    return f"{_key(name)} = {_lines(value) if name == SELECT else toml_value(value)}\n"


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, and DEL is escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    """A literal string with a line feed before and after the text, where it can be one."""
    plain = all(line.isprintable() for line in text.split("\n"))
    if not plain or "\n" not in text or "'''" in text:
        return _string(text)
    return f"'''\n{text}\n'''"


def source_name(table: str) -> str:
    """A name that a source may have, made of the table's.

    >>> source_name("Work Items"), source_name("задачи")
    ('Work_Items', 'tasks')
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", table)[:LONGEST_SOURCE_NAME].strip("_")
    return plain or "tasks"
