"""The draft of `stillframe init`: what it found, what it asked, and figures taken with it."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from dashboard import init_text
from dashboard.init_blocks import proposal_text, system_text
from dashboard.progress import progress
from dashboard.settings import NamedUrl, Sources, sources_with
from metrics_core import Snapshot, Source, Window, take_snapshot
from metrics_core.errors import DatabaseError, SourceError, StillframeError, UsageError
from metrics_core.look import Found, looked_at
from metrics_core.presets import preset_header
from metrics_core.proposal import Proposal, StatusValue
from metrics_core.source import Status
from metrics_core.status_words import is_code, meaning

WINDOWS_MINUTES = (60, 1440, 10_080)
"""The figures are those of the shortest of these in which anything happened."""
MOST_ROWS = 500_000
LEFT_OUT = "-"
KNOWN: Mapping[str, Status] = {status: status for status in get_args(Status)}
Meanings = Mapping[str, Status]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the command line says; `asks` where there is somebody to be asked."""

    table: str | None
    meanings: Meanings
    asks: bool
    only_print: bool

    def tell(self, text: str) -> None:
        """Says it; beside --print, whose output is the file alone, on standard error."""
        click.echo(f"{text}\n", err=self.only_print)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What would be written, and the sources that it is once it is read again."""

    text: str
    sources: Sources


def meanings(pairs: tuple[str, ...]) -> Meanings:
    """The native statuses of VALUE=STATUS each. UsageError where one is malformed."""
    found: dict[str, Status] = {}
    for pair in pairs:
        native, equals, status = pair.rpartition("=")
        if not equals or status.strip() not in KNOWN:
            raise UsageError(
                f"a status is named as VALUE=STATUS, as in 2=completed, not {pair!r}; "
                f"STATUS is one of {', '.join(KNOWN)}"
            )
        found[native.strip()] = KNOWN[status.strip()]
    return found


def draft_of(wish: Wish, url: NamedUrl) -> Draft:
    """The draft for a database, with all that is to be told of it told, and asked.

    StillframeError where nothing in it can be proposed, and those of looking and of scanning.
    """
    with progress("Looking at the database"):
        found = looked_at(url.url, wish.table)
    if found.systems:
        return _of_systems(wish, url, found)
    best = found.fits[0] if wish.table and found.fits else found.best
    if best is None or best.proposal is None:
        raise StillframeError(init_text.nothing_text(found))
    proposal = best.proposal.with_meanings(wish.meanings)
    wish.tell(init_text.evidence_text(found, proposal, best.faults))
    return _of_table(wish, url, _cleared(wish, proposal))


def _of_systems(wish: Wish, url: NamedUrl, found: Found) -> Draft:
    titles = {name: preset_header(each.preset)["title"] for name, each in found.systems.items()}
    wish.tell(init_text.systems_text(found, titles))
    draft = _read_again(system_text(found, url.setting), url)
    for source in draft.sources.values():
        try:
            wish.tell(init_text.figures_text(_snapshot(source)))
        except (DatabaseError, SourceError) as error:
            wish.tell(f"No figures: {error}")
    return draft


def _of_table(wish: Wish, url: NamedUrl, proposal: Proposal) -> Draft:
    """The draft; statuses that only the snapshot saw are mapped where their words are known."""
    draft = _read_again(proposal_text(proposal, url.setting), url)
    (source,) = draft.sources.values()
    try:
        snapshot = _snapshot(source)
    except DatabaseError as error:
        wish.tell(f"No figures: {error}")
        return draft
    further = _further(snapshot, proposal)
    if further:
        return _of_table(wish, url, proposal.with_meanings(further))
    wish.tell(init_text.figures_text(snapshot))
    return draft


def _further(snapshot: Snapshot, proposal: Proposal) -> dict[str, Status]:
    """Known words among the statuses that the snapshot could not map, and that no sample had."""
    seen = {value.native for value in proposal.values} | {*proposal.meanings}
    natives = {f.value for f in snapshot.quality.findings if f.kind == "unknown_status" and f.value}
    return {native: meant for native in sorted(natives - seen) if (meant := meaning(native))}


def _read_again(text: str, url: NamedUrl) -> Draft:
    """The draft as the settings' own reader has it, so that nothing is written that it refuses."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        file.write(text.encode())
        file.flush()
        return Draft(text=text, sources=sources_with(Path(file.name), url))


def _snapshot(source: Source) -> Snapshot:
    """Of the shortest window in which anything happened, at most MOST_ROWS tasks."""
    bounded = source.model_copy(update={"max_rows": min(source.max_rows, MOST_ROWS)})
    with progress(f"Reading {source.name}"):
        for minutes in WINDOWS_MINUTES:
            window = Window.ending_now(datetime.now(UTC), minutes=minutes)
            taken = take_snapshot(bounded, window)
            if _happened(taken):
                break
    return taken


def _happened(snapshot: Snapshot) -> bool:
    tasks = snapshot.tasks
    return any((tasks.created, tasks.completed, tasks.failed, tasks.cancelled))


def _cleared(wish: Wish, proposal: Proposal) -> Proposal:
    """The proposal with every native status mapped that somebody, or its times, can tell."""
    unclear = proposal.unclear
    if not unclear:
        return proposal
    if wish.asks:
        return proposal.with_meanings(_asked(wish, unclear))
    codes = [value for value in unclear if is_code(value.native)]
    if codes:
        likely = " ".join(f"--status {v.native}={v.likely or 'STATUS'}" for v in codes)
        raise StillframeError(
            "the status holds numbers, and nothing tells for sure what they mean: name them by "
            f"--status VALUE=STATUS. Its times speak for: {likely}"
        )
    return proposal.with_meanings(_likely(unclear))


def _likely(values: tuple[StatusValue, ...]) -> dict[str, Status]:
    return {value.native: value.likely for value in values if value.likely is not None}


def _asked(wish: Wish, unclear: tuple[StatusValue, ...]) -> Meanings:
    """One question for all of them; it comes again until the answer can be understood."""
    names = ", ".join(init_text.shown(value.native) for value in unclear)
    wish.tell(
        f"What do these statuses mean: {names}? Answer VALUE=STATUS, VALUE=STATUS ...; "
        f"STATUS is one of {', '.join(KNOWN)}. What is not named, or all by a {LEFT_OUT}, is in no "
        "figure. Proposed is what their times say."
    )
    likely = ", ".join(f"{native}={status}" for native, status in _likely(unclear).items())
    answer: Meanings = click.prompt(
        "Statuses",
        default=likely or LEFT_OUT,
        value_proc=_answer_about({value.native for value in unclear}),
        err=wish.only_print,
    )
    return answer


def _answer_about(natives: set[str]) -> Callable[[str], Meanings]:
    def answered(text: str) -> Meanings:
        pairs = [pair for pair in text.split(",") if pair.strip()]
        if text.strip() == LEFT_OUT:
            return {}
        try:
            found = meanings(tuple(pairs))
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        if unknown := {*found} - natives:
            raise click.UsageError(f"{min(unknown)!r} is none of the statuses asked about")
        return found

    return answered
