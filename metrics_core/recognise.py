"""Recognition: which known job systems a database holds, when there is no settings file.

By the names of tables and columns alone, all of one system's in one schema: no row is read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metrics_core.connect import dialect_of, open_database
from metrics_core.database import Database
from metrics_core.errors import SettingsError
from metrics_core.presets import (
    Place,
    preset_dialects,
    preset_header,
    preset_names,
    preset_settings,
    preset_tables,
)
from metrics_core.source import Source
from metrics_core.tables_there import Schema, schemas_there, server_zone

LONGEST_SOURCE_NAME = 64


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A known job system, and where it is; `plain` where the SELECT need not name the schema."""

    preset: str
    schema: str
    prefix: str
    plain: bool

    @property
    def place(self) -> Place:
        return Place(schema=None if self.plain else self.schema, prefix=self.prefix)

    @property
    def long_name(self) -> str:
        """The preset's name with that of the schema, and of the prefix where there is one."""
        parts = [part for part in (self.preset, self.schema, self.prefix.rstrip("_")) if part]
        return re.sub(r"[^A-Za-z0-9_-]", "_", "_".join(parts))


def recognised_sources(url: str) -> dict[str, Source]:
    """A source for each known job system in the database; SettingsError if there is none.

    It has the name of its preset, or where there are several of one preset_schema. DatabaseError
    where the database does not answer.
    """
    dialect = dialect_of(url)
    anything = Source(name="database", url=url, sql="SELECT 1 AS id")
    with open_database(anything) as database, database.transaction():
        found = recognised(database)
        zone = server_zone(database)
    if not found:
        raise SettingsError(
            f"the database holds no table that Stillframe knows ({', '.join(preset_names())}): "
            "`stillframe init` proposes a stillframe.toml for yours"
        )
    return {name: _source(name, each, url, dialect, zone) for name, each in named(found).items()}


def recognised(database: Database) -> tuple[Recognised, ...]:
    """The known job systems in the open transaction's database, by preset, schema and prefix."""
    return recognised_in(schemas_there(database), database.name)


def recognised_in(schemas: Mapping[str, Schema], dialect: str) -> tuple[Recognised, ...]:
    """The same among these schemas of a database of this dialect."""
    return tuple(
        found
        for name in preset_names()
        if dialect in preset_dialects(name)
        for schema in schemas
        for found in _in_schema(name, schema, schemas[schema])
    )


def _in_schema(preset: str, schema: str, tables: Schema) -> Iterator[Recognised]:
    header, wanted = preset_header(preset), preset_tables(preset)
    first = next(iter(wanted))
    for prefix in _prefixes(first, tables) if header.get("prefixed") else [""]:
        there = all(_has(tables, prefix + name, columns) for name, columns in wanted.items())
        if there and not any(prefix + name in tables for name in header.get("without", ())):
            visible = all(tables[prefix + name].visible for name in wanted)
            plain = header["schema"] == schema if "schema" in header and schema else visible
            yield Recognised(preset=preset, schema=schema, prefix=prefix, plain=plain)


def _prefixes(name: str, tables: Schema) -> list[str]:
    return [table.removesuffix(name) for table in tables if table.endswith(name)]


def _has(tables: Schema, name: str, columns: tuple[str, ...]) -> bool:
    there = tables[name].columns if name in tables else frozenset()
    return bool(there) and all({*column.split("|")} & there for column in columns)


def named(found: tuple[Recognised, ...]) -> Mapping[str, Recognised]:
    """Each by the name of its source: its preset, or of several of one preset its long name."""
    of_preset = Counter(each.preset for each in found)
    names: dict[str, Recognised] = {}
    for each in found:
        name = each.preset if of_preset[each.preset] == 1 else each.long_name
        names[_free(name[:LONGEST_SOURCE_NAME], names)] = each
    return names


def _free(name: str, taken: Mapping[str, Recognised]) -> str:
    """The name; with a number where it is taken."""
    numbered = (f"{name[: LONGEST_SOURCE_NAME - 4]}_{n}" for n in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)


def settings_of(found: Recognised, zone: str) -> dict[str, Any]:
    """What a settings file says of it: `zone` is that of the server's sessions."""
    header = preset_header(found.preset)
    settings = {"preset": found.preset}
    if found.place.schema is not None:
        settings["schema"] = found.place.schema
    if found.prefix:
        settings["prefix"] = found.prefix
    return settings | ({"timezone": zone} if header.get("server_zone") else {})


def _source(name: str, found: Recognised, url: str, dialect: str, zone: str) -> Source:
    settings = preset_settings(found.preset, dialect, found.place)
    if preset_header(found.preset).get("server_zone"):
        settings["timezone"] = zone
    return Source.model_validate({**settings, "name": name, "url": url})
