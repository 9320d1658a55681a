"""Table fit: whether a foreign table looks like one of tasks, how much so, and why not. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from metrics_core.column_roles import Roles, known_share, roles_of
from metrics_core.name_words import (
    TABLE_WORDS,
    error_rank,
    is_one_of,
    names_status,
    time_role,
)
from metrics_core.proposal import UTC, Proposal, proposal, sampled_instants
from metrics_core.source import PLACING_COLUMNS
from metrics_core.statement import WINDOW_NAME
from metrics_core.table_facts import TableFacts
from metrics_core.tasks import NULL
from metrics_core.time_columns import likely_zone

LEAST_KNOWN_SHARE = 0.5
LISTED_VALUES = 5
WEIGHTS = {"created_at": 1.0, "started_at": 2.0, "finished_at": 2.0, "updated_at": 0.5}


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One table judged: `proposal` where it can be read as tasks, `faults` where it should not."""

    table: TableFacts
    score: float
    proposal: Proposal | None
    faults: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not self.faults


def fit(table: TableFacts, *, now: int, server_zone: ZoneInfo) -> Fit:
    """The table judged by its names, types and sample; `now` in microseconds since the epoch."""
    roles = roles_of(table)
    unreadable = tuple(_unreadable(roles, table))
    made = None if unreadable else proposal(table, roles, _zone(roles, now, server_zone))
    if made is not None and WINDOW_NAME.search(made.sql):
        made, unreadable = None, ("one of its names holds :window_from or :window_to",)
    faults = unreadable or tuple(_unlike(roles))
    return Fit(table=table, score=_score(table, roles), proposal=made, faults=faults)


def ranked(fits: Iterable[Fit]) -> list[Fit]:
    """The best first; ties by schema and name."""
    return sorted(fits, key=lambda f: (not f.fits, -f.score, f.table.schema, f.table.name))


def name_score(table: str, columns: Iterable[str]) -> float:
    """How much the names alone look like those of a table of tasks: to look at these first.

    >>> name_score("work_items", ["id", "state", "began", "done"]) > name_score("users", ["id"])
    True
    """
    names = list(columns)
    roles = {role[0] for name in names if (role := time_role(name))}
    status = 4.0 * any(names_status(name) for name in names)
    error = 1.0 * any(error_rank(name) is not None for name in names)
    times = sum(WEIGHTS.get(role, 0.5) for role in roles)
    return status + error + times + is_one_of(table, TABLE_WORDS)


def _zone(roles: Roles, now: int, server_zone: ZoneInfo) -> str:
    newest = None
    for role in ("created_at", "started_at", "finished_at", "updated_at"):
        if any(time.naive for time in roles.times.get(role, ())):
            instants = sampled_instants(roles, role, UTC)
            told = instants[instants != NULL]
            newest = max([int(told.max()), newest or NULL]) if len(told) else newest
    return likely_zone(newest, now, server_zone)


def _unreadable(roles: Roles, table: TableFacts) -> Iterator[str]:
    """What Stillframe cannot do without."""
    if not roles.id and table.row_id is None:
        yield "no column tells its rows apart (a primary key, or an id whose values all differ)"
    if not set(PLACING_COLUMNS) & {*roles.times}:
        yield "no column of times is named like created, started, finished or updated"
    if roles.status is None and not _tells_by_times(roles):
        yield "no column holds a few words like queued, running, done or failed"


def _tells_by_times(roles: Roles) -> bool:
    others = "started_at" in roles.times or roles.error is not None
    return "finished_at" in roles.times and others


def _unlike(roles: Roles) -> Iterator[str]:
    """Why a table that could be read should not be without being asked for."""
    if roles.status is None:
        if not {"created_at", "started_at", "finished_at"} <= {*roles.times}:
            yield "no status, and not all of created, started and finished"
        return
    values = [*roles.status.labels] or [*roles.status.counts]
    both_times = {"started_at", "finished_at"} <= {*roles.times}
    if not values and not {"started_at", "finished_at"} & {*roles.times}:
        yield "it is empty, and has no times named like started or finished"
    if values and known_share(roles.status) < LEAST_KNOWN_SHARE and not both_times:
        shown = ", ".join(repr(value) for value in values[:LISTED_VALUES])
        yield f"its column {roles.status.name} holds {shown}: not the words of a task's status"


def _score(table: TableFacts, roles: Roles) -> float:
    status = 0.0
    if roles.status is not None:
        known = known_share(roles.status) if roles.status.counts or roles.status.labels else 0.5
        status = 4 * known + 2 * names_status(roles.status.name)
    times = sum(weight for role, weight in WEIGHTS.items() if role in roles.times)
    named = is_one_of(table.name, TABLE_WORDS)
    others = [roles.error is not None, named, table.size > 0, bool(roles.id)]
    return status + times + sum(map(float, others))
