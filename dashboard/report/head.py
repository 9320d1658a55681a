"""The report's head: what it is of, whether it can be trusted, and how each snapshot came about."""

from collections.abc import Iterator
from typing import Literal

from dashboard import wording
from dashboard.deposited import HOW, deposited
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.badge import badge
from dashboard.report.incident import Incident, Side
from dashboard.report.tables import Cell, Figure, facts_table, number
from metrics_core import Snapshot
from metrics_core.window import utc_text


def title(incident: Incident) -> str:
    """The report's name, of its last snapshot.

    It is text: what comes out of a table is escaped where it is shown.
    """
    return f"Incident report: {incident.last.source}, {_interval(incident.last)}"


def head(incident: Incident) -> Iterator[Html]:
    """Warnings first, then the name, then what identifies the snapshots."""
    for side in incident.sides:
        yield from _unverified(side)
    yield tag("h1", "Incident report: ", untrusted(incident.last.source))
    yield tag("p", _subject(incident), class_="subject")
    for side in incident.sides:
        yield from _not_live(side)
    caption = "What this is a report of"
    yield facts_table(incident, caption, [*_facts(), *_of_archive(incident)])


def _unverified(side: Side) -> Iterator[Html]:
    if not side.exhibit.is_verified:
        name = "This snapshot" if side.name == "Snapshot" else f"The snapshot “{side.name}”"
        text = tag("p", tag("b", f"✕ NOT VERIFIED. {name} is not as Stillframe sealed it."))
        faults = tag("ul", *(tag("li", fault) for fault in side.exhibit.faults))
        yield tag("div", text, faults, class_="alarm", role="alert")


def _not_live(side: Side) -> Iterator[Html]:
    freshness = side.snapshot.provenance.freshness
    if freshness.state != "LIVE":
        since = freshness.since
        long = f" and had been since {wording.day_and_clock(since)} UTC" if since else ""
        words = f"{side.name}: its figures were {freshness.state} when it was taken{long}."
        reason = tag("p", "Reason: ", untrusted(freshness.reason)) if freshness.reason else None
        yield tag("div", tag("p", tag("b", f"▲ {words}")), reason, class_="warning")


def _subject(incident: Incident) -> str:
    spans = [
        f"{_interval(each)} ({wording.span(each.window.minutes)})" for each in incident.snapshots
    ]
    return ", beside ".join(reversed(spans))


def _interval(snapshot: Snapshot) -> str:
    return f"{wording.interval(snapshot.window.from_, snapshot.window.to)} UTC"


def _facts() -> Iterator[Figure]:
    yield Figure(name="Source", cell=lambda side: untrusted(side.snapshot.source))
    yield Figure(name="Tasks", cell=lambda side: _scope(side.snapshot))
    yield Figure(name="Window (UTC)", cell=lambda side: _window(side.snapshot))
    yield Figure(name="requestId", cell=lambda side: tag("code", side.snapshot.request_id))
    yield Figure(name="Freshness", cell=lambda side: _freshness(side.snapshot))
    yield Figure(name="Taken", cell=lambda side: _taken(side.snapshot))
    yield Figure(name="Taken by", cell=lambda side: _taken_by(side.snapshot))
    yield Figure(name="Digests", cell=_verdict)
    yield Figure(name="content", cell=lambda side: tag("code", side.snapshot.digest.content))
    yield Figure(name="document", cell=lambda side: tag("code", side.snapshot.digest.document))


def _of_archive(incident: Incident) -> Iterator[Figure]:
    """Who kept it, when and why: of a file nothing of the kind is known."""
    entries = [side.exhibit.entry for side in incident.sides if side.exhibit.entry]
    if entries:
        yield Figure(name="Archived", cell=_archived)
        yield Figure(name="Record", cell=_record)
    if any(entry.incident for entry in entries):
        yield Figure(name="Incident", cell=lambda side: _said(side, "incident"))
    if any(entry.note for entry in entries):
        yield Figure(name="Why", cell=lambda side: _said(side, "note"))


def _archived(side: Side) -> Cell:
    entry = side.exhibit.entry
    if entry is None:
        return "not known: it comes out of a file"
    # Who took a snapshot is mostly who kept it.
    is_told = "taken_by" not in (side.snapshot.redacted or ())
    how = deposited(entry) if is_told else (HOW[entry.reason],)
    return tag("span", f"{wording.day_and_clock(entry.archived_at)} UTC, ", *how)


def _record(side: Side) -> Cell:
    entry = side.exhibit.entry
    if entry is None:
        return wording.NOTHING
    return tag("span", f"{entry.sequence} of the archive, hash ", tag("code", entry.hash))


def _said(side: Side, name: Literal["incident", "note"]) -> Cell:
    said = getattr(side.exhibit.entry, name, None)
    return untrusted(said) if said else wording.NOTHING


def _scope(snapshot: Snapshot) -> Cell:
    if not snapshot.scope:
        return "all of the source"
    pairs = [
        tag("span", untrusted(name), " = ", untrusted(value), "; ")
        for name, value in snapshot.scope.items()
    ]
    return tag("span", *pairs)


def _window(snapshot: Snapshot) -> Cell:
    window = snapshot.window
    ends = tag("small", f"[{utc_text(window.from_)}, {utc_text(window.to)})")
    return tag("span", wording.interval(window.from_, window.to), " ", ends)


def _freshness(snapshot: Snapshot) -> Cell:
    made = snapshot.provenance
    if made.freshness.state != "LIVE":
        return badge(made.freshness.state)
    return badge("LIVE", " when taken") if made.live else badge("PAST", " as rows were when taken")


def _taken(snapshot: Snapshot) -> Cell:
    made = snapshot.provenance
    rows = f"{number(made.rows_scanned)} rows read in {wording.duration(made.duration_ms)}"
    return f"{wording.day_and_clock(made.taken_at)} UTC, {rows}"


def _taken_by(snapshot: Snapshot) -> Cell:
    viewer = snapshot.provenance.taken_by
    if viewer is None:
        return "not recorded"
    return tag("span", untrusted(viewer.name), " (self-declared)" if viewer.self_declared else "")


def _verdict(side: Side) -> Cell:
    if side.exhibit.is_verified:
        return "✓ verified when this report was made"
    return tag("b", "✕ NOT VERIFIED", class_="worse")
