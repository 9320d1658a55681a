"""Proposal: a source for a table that Stillframe does not know, with the evidence for it. Pure.

Made from names, types and a bounded sample; `meanings` may be completed by whoever is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from metrics_core.column_roles import Roles
from metrics_core.proposal_select import proposed_dimensions, proposed_select
from metrics_core.source import ENDED_STATUSES, STATUSES, TIME_COLUMNS, Status
from metrics_core.status_words import meaning
from metrics_core.table_facts import Column, TableFacts, Texts
from metrics_core.tasks import NULL, Instants, Mask
from metrics_core.time_columns import Unit

CONTAINER_SHARE = 0.9
MOSTLY = 0.5
UTC = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class StatusValue:
    """A native status: its sampled rows, and how many of them have a start, an end and an error.

    `known` is what its words mean, `likely` what its times say where the words say nothing.
    """

    native: str
    rows: int
    started: int
    finished: int
    error: int
    known: Status | None
    likely: Status | None


@dataclass(frozen=True, kw_only=True)
class Order:
    """Of the `rows` that have both times, `holds` have the first no later than the second."""

    first: str
    second: str
    holds: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What each column of the table becomes. `meanings` maps native statuses; others stay as is."""

    table: TableFacts
    roles: Roles
    values: tuple[StatusValue, ...]
    meanings: Mapping[str, Status]
    time_unit: Unit
    timezone: str

    @property
    def unclear(self) -> tuple[StatusValue, ...]:
        """The native statuses of which nothing says yet what they mean."""
        return tuple(value for value in self.values if value.native not in self.meanings)

    def with_meanings(self, answers: Mapping[str, Status]) -> "Proposal":
        """The same with these native statuses mapped so."""
        return replace(self, meanings={**self.meanings, **answers})

    @property
    def dimensions(self) -> Mapping[str, Column]:
        """Each column to break down by, by the name that it gets."""
        return proposed_dimensions(self.roles)

    @property
    def guarded(self) -> bool:
        """Whether open tasks have an end too, which the SELECT has to take away.

        A status of unknown meaning is in no figure, so its end does no harm.
        """
        open_ones = {n for n, status in self.meanings.items() if status not in ENDED_STATUSES}
        return any(v.finished for v in self.values if v.native in open_ones)

    @property
    def sql(self) -> str:
        ended = [n for n, status in self.meanings.items() if status in ENDED_STATUSES]
        guard = ended if self.guarded else None
        return proposed_select(self.table, self.roles, self.time_unit, guard)

    def settings(self) -> dict[str, Any]:
        """The source's settings but for its name and url."""
        found: dict[str, Any] = {"sql": self.sql, "dimensions": [*self.dimensions]}
        if statuses := self._statuses():
            found["statuses"] = statuses
        if any(time.form == "number" for times in self.roles.times.values() for time in times):
            found["time_unit"] = self.time_unit
        if self.has_naive_times:
            found["timezone"] = self.timezone
        if form := error_format(self.roles.error):
            found["error_format"] = form
        return found

    def _statuses(self) -> dict[str, list[str]]:
        by_status = {
            status: [native for native, meant in self.meanings.items() if meant == status]
            for status in STATUSES
        }
        return {status: natives for status, natives in by_status.items() if natives}

    @property
    def has_naive_times(self) -> bool:
        return any(time.naive for times in self.roles.times.values() for time in times)

    @cached_property
    def instants(self) -> Mapping[str, Instants]:
        """The sampled times by canonical column; NULL where there is none."""
        return {
            role: sampled_instants(self.roles, role, ZoneInfo(self.timezone))
            for role in self.roles.times
        }

    def orders(self) -> Iterator[Order]:
        """Whether the times come in their order: each beside the next that the table has."""
        found = [r for r in ("created_at", "started_at", "finished_at") if r in self.instants]
        for first, second in pairwise(found):
            one, other = self.instants[first], self.instants[second]
            both = (one != NULL) & (other != NULL)
            holds = int((both & (one <= other)).sum())
            yield Order(first=first, second=second, holds=holds, rows=int(both.sum()))

    @property
    def missing(self) -> tuple[str, ...]:
        """Of the times and the error that most figures need those that are not there."""
        times = [r for r in TIME_COLUMNS[:1] + TIME_COLUMNS[2:4] if r not in self.roles.times]
        return (*times, *(["error"] if self.roles.error is None else []))


def proposal(table: TableFacts, roles: Roles, timezone: str) -> Proposal:
    """The proposal for a table whose columns have these roles; native statuses by their words."""
    values = tuple(_values(table, roles))
    known = {value.native: value.known for value in values if value.known is not None}
    return Proposal(
        table=table,
        roles=roles,
        values=values,
        meanings=known,
        time_unit=_time_unit(roles),
        timezone=timezone,
    )


def sampled_instants(roles: Roles, role: str, zone: ZoneInfo) -> Instants:
    """Of several columns the first that is there."""
    instants, *others = (time.instants(zone) for time in roles.times[role])
    for other in others:
        instants = np.where(instants == NULL, other, instants)
    return instants


def _time_unit(roles: Roles) -> Unit:
    units = [time.unit for times in roles.times.values() for time in times if time.unit]
    return units[0] if units else "s"


def _values(table: TableFacts, roles: Roles) -> Iterator[StatusValue]:
    """Each native status, the most frequent first; then the labels that no sampled row has."""
    if roles.status is None:
        return
    texts, nothing = roles.status.texts, np.zeros(table.size, np.bool_)
    there = {
        role: sampled_instants(roles, role, UTC) != NULL if role in roles.times else nothing
        for role in ("started_at", "finished_at")
    }
    error = _told(roles.error.texts) if roles.error else nothing
    for native in dict.fromkeys([*roles.status.counts, *roles.status.labels]):
        rows = np.array([text == native for text in texts], np.bool_)
        yield _value(native, rows, there["started_at"], there["finished_at"], error, roles)


def _told(texts: Texts) -> Mask:
    return np.array([text is not None and bool(text.strip()) for text in texts], np.bool_)


def _value(
    native: str, rows: Mask, started: Mask, finished: Mask, error: Mask, roles: Roles
) -> StatusValue:
    counts = [int((rows & mask).sum()) for mask in (rows, started, finished, error)]
    known = meaning(native)
    return StatusValue(
        native=native,
        rows=counts[0],
        started=counts[1],
        finished=counts[2],
        error=counts[3],
        known=known,
        likely=known or likely_status(*counts, has_times=_has_times(roles)),
    )


def _has_times(roles: Roles) -> bool:
    return bool({"started_at", "finished_at"} & {*roles.times})


def likely_status(
    rows: int, started: int, finished: int, error: int, *, has_times: bool
) -> Status | None:
    """What the times of most rows of a native status say; None where there is nothing to go by.

    >>> likely_status(9, 9, 9, 0, has_times=True), likely_status(9, 9, 8, 9, has_times=True)
    ('completed', 'failed')
    >>> likely_status(9, 9, 0, 0, has_times=True), likely_status(9, 0, 0, 0, has_times=True)
    ('processing', 'queued')
    """
    most = max(rows * MOSTLY, 1)
    if not rows or not has_times:
        return None
    if finished >= most:
        return "failed" if error >= most else "completed"
    return "processing" if started >= most else "queued"


def error_format(error: Column | None) -> str | None:
    """How to read an error column that holds JSON, by its sampled values; None of plain texts."""
    texts = [text.lstrip() for text in error.texts if text and text.strip()] if error else []
    for opening, form in (("{", "json_object"), ("[{", "json_last_attempt")):
        hits = sum(text.replace(" ", "").startswith(opening) for text in texts)
        if texts and hits >= CONTAINER_SHARE * len(texts):
            return form
    return None
