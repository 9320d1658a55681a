"""Presets: one SQL file a known job system. Its leading comment is the TOML of its settings.

A header says: `title`; `tables`, by which the system is recognised: the columns of each by the
table's usual name ("a|b" where versions differ); `without`, the tables that only another version
has; `schema`, `dialects`, `versions`, `retention`, `indexes` and `traps`, for people; all else are
settings of a source. `{name}` in the SELECT stands for one of `tables` by its name in this
database.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from metrics_core.errors import SettingsError

SQL_FILES = files(__name__)
PRESET_KEYS = ("schema", "prefix", "table")
"""What says, beside `preset`, where its tables are."""
FOR_PEOPLE = ("title", "versions", "retention", "indexes", "traps")
FOR_RECOGNITION = ("tables", "without", "schema", "dialects", "prefixed", "server_zone")
TABLE_NAME = re.compile(r"\{(\w*[A-Za-z_]\w*)\}")
LONGEST_NAME = 63


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a preset's tables are: their schema (None is the usual one), and names of their own.

    `prefix` stands before each name, `table` replaces that of the first.
    """

    schema: str | None = None
    prefix: str = ""
    table: str | None = None


USUAL = Place()


@cache
def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    names = {path.name.split(".")[0] for path in SQL_FILES.iterdir() if path.name.endswith(".sql")}
    return tuple(sorted(names))


@cache
def preset_header(name: str) -> Mapping[str, Any]:
    """All that the preset's header says."""
    comment = re.match(r"(?:--.*\n)*", _text(name, ""))
    lines = comment[0].splitlines() if comment else []
    return tomllib.loads("\n".join(line.removeprefix("--").removeprefix(" ") for line in lines))


def preset_tables(name: str) -> Mapping[str, tuple[str, ...]]:
    """The columns by which a preset is recognised, by table."""
    return {table: tuple(columns) for table, columns in preset_header(name)["tables"].items()}


def preset_dialects(name: str) -> tuple[str, ...]:
    """The dialects on which the system runs, of those that Stillframe reads."""
    return tuple(preset_header(name).get("dialects", ("postgresql", "sqlite")))


def preset_settings(name: str, dialect: str, place: Place = USUAL) -> dict[str, Any]:
    """What `preset = "name"` stands for on a database of this dialect.

    SettingsError where the system does not run there, or where a name of the place is none.
    """
    if dialect not in preset_dialects(name):
        raise SettingsError(f"the preset {name} is of {' and '.join(preset_dialects(name))} only")
    header = preset_header(name)
    settings = {k: v for k, v in header.items() if k not in (*FOR_PEOPLE, *FOR_RECOGNITION)}
    return settings | {"preset": name, "sql": _select(name, dialect, place)}


def _select(name: str, dialect: str, place: Place) -> str:
    own = SQL_FILES / f"{name}.{dialect}.sql"
    text = _text(name, f".{dialect}" if own.is_file() else "")
    select = re.sub(r"\A(?:--.*\n)*", "", text).strip()
    names = _quoted_tables(preset_header(name), dialect, place)
    return TABLE_NAME.sub(lambda hit: names[hit[1]], select)


def _quoted_tables(header: Mapping[str, Any], dialect: str, place: Place) -> dict[str, str]:
    """Each table by its usual name, as SQL names it in this place: usual names as they are."""
    first = next(iter(header["tables"]))
    usual = f"{header['schema']}." if "schema" in header and dialect == "postgresql" else ""
    qualifier = usual if place.schema is None else f"{quoted(place.schema)}."
    own = {first: place.table} if place.table else {}
    return {
        name: qualifier
        + (quoted(own.get(name, place.prefix + name)) if own or place.prefix else name)
        for name in header["tables"]
    }


def quoted(name: str) -> str:
    """The name as an SQL identifier. SettingsError where it cannot be one."""
    if not 1 <= len(name.encode()) <= LONGEST_NAME or not name.isprintable() or ":" in name:
        raise SettingsError(f"{name!r} is no name of a schema or a table (1 to 63 bytes, no colon)")
    return '"' + name.replace('"', '""') + '"'


def _text(name: str, variant: str) -> str:
    return (SQL_FILES / f"{name}{variant}.sql").read_text(encoding="utf-8")
