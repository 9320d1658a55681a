"""Look: what a database holds that can become sources: known job systems, else its likeliest table.

It reads catalogs and bounded samples only, each table within a deadline of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from metrics_core.database import Database
from metrics_core.deadline import within_deadline
from metrics_core.errors import DatabaseError, SettingsError, SourceError, UsageError
from metrics_core.recognise import Recognised, named, recognised_in
from metrics_core.source import Source
from metrics_core.table_fit import Fit, fit, name_score, ranked
from metrics_core.table_sample import table_facts
from metrics_core.tables_there import Schema, Table, schemas_there, server_zone
from metrics_core.window import epoch_us

LOOKED_AT = 8
"""So many tables, those whose names look most like tasks, are sampled."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a database holds: `systems` by the names of their sources, and tables that were judged.

    `unread` are the tables that could not be looked at, each with the reason; `tables` counts all.
    """

    server: str
    zone: str
    tables: int
    systems: Mapping[str, Recognised]
    fits: tuple[Fit, ...] = ()
    unread: Mapping[str, str]

    @property
    def best(self) -> Fit | None:
        """The likeliest table of tasks; None where none is like one."""
        return next((each for each in self.fits if each.fits), None)


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The names in a database, its own clock in microseconds since the epoch, and its zone."""

    server: str
    zone: str
    clock: int
    schemas: Mapping[str, Schema]
    systems: Mapping[str, Recognised]

    @property
    def tables(self) -> list[Table]:
        return [table for schema in self.schemas.values() for table in schema.values()]


def looked_at(url: str, table: str | None = None) -> Found:
    """What the database holds; with `table` only that table, known or not.

    UsageError where there is none of that name; DatabaseError where the database does not answer.
    """
    source = Source(name="database", url=url, sql="SELECT 1 AS id")
    catalog = within_deadline(source, _catalog)
    systems = catalog.systems if table is None else {}
    chosen = [] if systems else _chosen(catalog.tables, table)
    judged = {each.name_in_full: _judged(source, each, catalog) for each in chosen}
    return Found(
        server=catalog.server,
        zone=catalog.zone,
        tables=len(catalog.tables),
        systems=systems,
        fits=tuple(ranked(each for each in judged.values() if isinstance(each, Fit))),
        unread={name: each for name, each in judged.items() if isinstance(each, str)},
    )


def _catalog(database: Database) -> Catalog:
    with database.transaction():
        schemas = schemas_there(database)
        return Catalog(
            server=database.server(),
            zone=server_zone(database),
            clock=epoch_us(database.clock()),
            schemas=schemas,
            systems=named(recognised_in(schemas, database.name)),
        )


def _chosen(tables: Sequence[Table], wanted: str | None) -> list[Table]:
    if wanted is not None:
        return [_of_name(tables, wanted)]
    own = [table for table in tables if not table.name.startswith("sqlite_")]
    likeliest = sorted(own, key=lambda t: (-name_score(t.name, t.columns), t.schema, t.name))
    return likeliest[:LOOKED_AT]


def _of_name(tables: Sequence[Table], wanted: str) -> Table:
    """The table of that name, with its schema or without; one that its name alone finds first."""
    hits = [t for t in tables if wanted in (t.name, t.name_in_full)]
    visible = [table for table in hits if table.visible] or hits
    if len(visible) == 1:
        return visible[0]
    if not hits:
        raise UsageError(f"the database holds no table or view {wanted!r}")
    names = ", ".join(table.name_in_full for table in visible)
    raise UsageError(f"{wanted!r} names several tables: {names}: name one with its schema")


def _judged(source: Source, table: Table, catalog: Catalog) -> Fit | str:
    """The table judged, or why it could not be looked at."""
    try:
        return within_deadline(source, partial(_fit, table=table, catalog=catalog))
    except (DatabaseError, SourceError, SettingsError) as error:
        return str(error).removeprefix(f"source {source.name}: ")


def _fit(database: Database, *, table: Table, catalog: Catalog) -> Fit | str:
    with database.transaction():
        facts = table_facts(database, table)
    if facts is None:
        return "the role may read no column of it"
    return fit(facts, now=catalog.clock, server_zone=ZoneInfo(catalog.zone))
