"""Doctor: what there is to know of a source before it is trusted, and before it is trusted with.

It is safe on a production database: it reads catalogs, asks for plans (EXPLAIN, never ANALYZE) and
reads a bounded sample of rows for two seconds at most, in read-only transactions one after another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from metrics_core.clock import Skew, clock_and_skew
from metrics_core.database import Database, Kind
from metrics_core.deadline import within_deadline
from metrics_core.errors import StillframeError
from metrics_core.index_advice import ScanPlan, scan_plan
from metrics_core.last_task import LastTask, last_task
from metrics_core.postgresql import Postgresql
from metrics_core.role import RoleFindings, findings_in_transaction
from metrics_core.row_sample import RowSample, bounded, looked_back, row_sample
from metrics_core.row_security import tables_with_row_security
from metrics_core.scan import wanted_columns
from metrics_core.source import OPTIONAL_COLUMNS, Source
from metrics_core.sqlite import Sqlite
from metrics_core.statement import Wanted, bounded_select, scan_statement
from metrics_core.tables_there import server_zone
from metrics_core.window import Window

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The facts of one source, as of `at`.

    `kinds` are the columns that a scan reads, `absent` those that the SELECT does not yield. `role`
    is None where the database knows no roles, `plan` where it is not PostgreSQL, `steps` (how a
    scan reads, in SQLite's words) where it is not SQLite. `sample` and `latest` are None where they
    were not read: `unread` says why, by what was to be read; `latest` is asked for only where times
    may be of a wrong zone or unit.
    """

    source: Source
    at: datetime
    server: str
    skew: Skew
    role: RoleFindings | None
    kinds: Mapping[str, Kind]
    zone: str = "UTC"
    row_security: tuple[str, ...] = ()
    plan: ScanPlan | None = None
    steps: tuple[str, ...] | None = None
    sample: RowSample | None = None
    latest: LastTask | None = None
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def absent(self) -> tuple[str, ...]:
        return tuple(name for name in OPTIONAL_COLUMNS if name not in self.kinds)

    @property
    def bounded(self) -> bool:
        """Whether the window's condition leaves anything out."""
        return "finished_at" in self.kinds

    def times_of(self, *kinds: Kind) -> tuple[str, ...]:
        """The columns of times that are of these kinds."""
        return tuple(n for n, kind in self.kinds.items() if n.endswith("_at") and kind in kinds)


def diagnosis(source: Source, *, now: datetime) -> Diagnosis:
    """The facts about a source, its indexes and rows judged by the last hour.

    SourceError where its SELECT does not give what is needed, DatabaseError where the database does
    not answer. An unsafe role is told, never refused: this is where the way out stands. But no row
    is read by a role that the source refuses.
    """
    found = within_deadline(source, partial(_diagnosis, source=source, now=now))
    unread: dict[str, str] = {}
    sample = _unless_refused("sample", unread, lambda: row_sample(source, now))
    latest = None
    if found.times_of("naive", "number", "any") and sample is not None:
        look = partial(last_task, bounded(source), looked_back(now))
        latest = _unless_refused("latest", unread, look)
    return replace(found, sample=sample, latest=latest, unread=unread)


def _unless_refused(name: str, unread: dict[str, str], read: Callable[[], Found]) -> Found | None:
    """What is read; None where it cannot be, and then `unread` has the reason."""
    try:
        return read()
    except StillframeError as error:
        unread[name] = error.reason
        return None


def _diagnosis(database: Database, *, source: Source, now: datetime) -> Diagnosis:
    window = Window.ending_now(now, minutes=60)
    with database.transaction():
        _, skew = clock_and_skew(database)
        select = bounded_select(database, source, window)
        wanted = wanted_columns(source, database.columns(select))
        return Diagnosis(
            source=source,
            at=now,
            server=database.server(),
            skew=skew,
            role=findings_in_transaction(database),
            kinds=wanted.kinds,
            zone=server_zone(database),
            row_security=tables_with_row_security(database, source),
            plan=_plan(database, wanted, select, window),
            steps=_steps(database, wanted, select, window),
        )


def _plan(database: Database, wanted: Wanted, select: str, window: Window) -> ScanPlan | None:
    if not isinstance(database, Postgresql):
        return None
    return scan_plan(database, wanted, select, window)


def _steps(
    database: Database, wanted: Wanted, select: str, window: Window
) -> tuple[str, ...] | None:
    if not isinstance(database, Sqlite):
        return None
    statement = scan_statement(database, wanted, select, window, {})
    rows = database.fetch(f"EXPLAIN QUERY PLAN {statement}", {})
    return tuple(str(step) for step in rows["detail"].to_pylist())
