"""Doctor: what there is to know of a source before it is trusted, and before it is trusted with.

It is safe on a production database: it reads catalogs and asks for plans (EXPLAIN, never ANALYZE),
in one read-only transaction within the source's deadline.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from metrics_core.clock import Skew, clock_and_skew
from metrics_core.database import Database
from metrics_core.deadline import within_deadline
from metrics_core.index_advice import TableAdvice, index_advice
from metrics_core.postgresql import Postgresql
from metrics_core.role import RoleFindings, findings_in_transaction
from metrics_core.scan import wanted_columns
from metrics_core.source import Source
from metrics_core.statement import Wanted, bounded_select
from metrics_core.window import Window


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The facts of one source; `role` is None where the database knows no roles."""

    source: Source
    server: str
    skew: Skew
    role: RoleFindings | None
    bounded: bool
    tables: tuple[TableAdvice, ...]


def diagnosis(source: Source, *, now: datetime) -> Diagnosis:
    """The facts about a source, its indexes judged by the last hour.

    SourceError where its SELECT does not give what is needed, DatabaseError where the database does
    not answer. An unsafe role is told, never refused: this is where the way out stands.
    """
    window = Window.ending_now(now, minutes=60)
    return within_deadline(source, partial(_diagnosis, source=source, window=window))


def _diagnosis(database: Database, *, source: Source, window: Window) -> Diagnosis:
    with database.transaction():
        _, skew = clock_and_skew(database)
        select = bounded_select(database, source, window)
        wanted = wanted_columns(source, database.columns(select))
        return Diagnosis(
            source=source,
            server=database.server(),
            skew=skew,
            role=findings_in_transaction(database),
            bounded="finished_at" in wanted.kinds,
            tables=_tables(database, wanted, select, window),
        )


def _tables(
    database: Database, wanted: Wanted, select: str, window: Window
) -> tuple[TableAdvice, ...]:
    if not isinstance(database, Postgresql):
        return ()
    return index_advice(database, wanted, select, window)
