"""Search: which archived snapshots a list shows, as a condition on their records. Pure."""

from collections.abc import Iterator

from metrics_core.archive_record import Entry, instant_text
from metrics_core.record import Record, Utc

PAGE_SIZE = 50
AFTER_ANY_ID = "\x7f"
"""Sorts behind every character that a requestId may hold."""


class Search(Record):
    """What is asked for; what is null does not limit. All given ones must hold.

    `since` and `until`: the snapshot's window overlaps [since, until). `note` is found anywhere in
    the note or the incident key, whatever the case.
    """

    request_id_prefix: str | None = None
    since: Utc | None = None
    until: Utc | None = None
    source: str | None = None
    actor: str | None = None
    note: str | None = None


class Page(Record):
    """Entries, newest first; `before` is what to ask for to see older ones, null at the end."""

    entries: tuple[Entry, ...]
    before: int | None


def condition(search: Search, before: int | None) -> tuple[str, dict[str, str | int]]:
    """The WHERE clause and its parameters."""
    clauses, values = ["kind = 'snapshot'"], dict[str, str | int]()
    for clause, given in _limits(search, before):
        clauses.append(clause)
        values |= given
    return " AND ".join(clauses), values


def _limits(search: Search, before: int | None) -> Iterator[tuple[str, dict[str, str | int]]]:
    if before is not None:
        yield "record.sequence < :before", {"before": before}
    if search.request_id_prefix:
        least = search.request_id_prefix
        yield "request_id >= :least", {"least": least}
        yield "request_id < :most", {"most": least + AFTER_ANY_ID}
    if search.since:
        yield "window_to > :since", {"since": instant_text(search.since)}
    if search.until:
        yield "window_from < :until", {"until": instant_text(search.until)}
    if search.source is not None:
        yield "source = :source", {"source": search.source}
    if search.actor is not None:
        yield "actor = :actor", {"actor": search.actor}
    if search.note:
        found = "instr(casefold(coalesce(note, '') || ' ' || coalesce(incident, '')), :note)"
        yield found, {"note": search.note.casefold()}
