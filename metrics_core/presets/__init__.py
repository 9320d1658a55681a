"""Presets: one SQL file a known job system. Its leading comment is the TOML of its settings."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

SQL_FILES = files(__name__)


@cache
def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    names = {path.name.split(".")[0] for path in SQL_FILES.iterdir() if path.name.endswith(".sql")}
    return tuple(sorted(names))


@cache
def preset_header(name: str) -> dict[str, Any]:
    """The settings in the preset's header: `title`, `table`, and those of a source."""
    comment = re.match(r"(?:--.*\n)*", _text(name, ""))
    lines = comment[0].splitlines() if comment else []
    return tomllib.loads("\n".join(line.removeprefix("--").removeprefix(" ") for line in lines))


def preset_settings(name: str, dialect: str) -> dict[str, Any]:
    """What `preset = "name"` stands for on a database of this dialect."""
    header = {k: v for k, v in preset_header(name).items() if k not in ("title", "table")}
    return header | {"preset": name, "sql": _select(name, dialect)}


def _select(name: str, dialect: str) -> str:
    own = SQL_FILES / f"{name}.{dialect}.sql"
    text = _text(name, f".{dialect}" if own.is_file() else "")
    return re.sub(r"\A(?:--.*\n)*", "", text).strip()


def _text(name: str, variant: str) -> str:
    return (SQL_FILES / f"{name}{variant}.sql").read_text(encoding="utf-8")
