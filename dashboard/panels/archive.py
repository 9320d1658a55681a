"""Archive: what was kept, newest first, a page at a time; each entry leads to its snapshot."""

import re
from collections.abc import Iterator

import streamlit as st

from dashboard import runtime, wording
from dashboard.archive_list import ArchiveList
from dashboard.archiving import opened
from dashboard.deposited import deposited
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.archive_search import archive_search
from dashboard.panels.drawing import heading, say
from dashboard.panels.frozen import scope_words
from dashboard.panels.ways import report_links
from dashboard.still import still_of
from dashboard.view_parsing import DIGEST
from metrics_core import Archive, StillframeError
from metrics_core.archive_record import Entry
from metrics_core.archive_search import Page
from metrics_core.errors import NoArchive, NotArchived, SettingsError
from metrics_core.record import REQUEST_ID_PATTERN

FIRST = "Freeze a live snapshot or download one, and it will be here."
SET_UP = (
    "To keep what was seen, name a file on a disk that lasts and is backed up, and start "
    "Stillframe anew:"
)


def archive(listed: ArchiveList) -> None:
    """The search, and what it finds; or why nothing is archived."""
    heading("Archive", "every snapshot that was frozen, downloaded or recorded, newest first")
    try:
        store = opened(runtime.current().settings.archive)
        other = store.entry(listed.compare) if listed.compare else None
        page = _page(store, listed)
    except StillframeError as error:
        no_archive(error)
        return
    archive_search(listed)
    if other is not None:
        _chosen(listed, other)
    _list(listed, page, other)


def _page(store: Archive, listed: ArchiveList) -> Page:
    if DIGEST.fullmatch(listed.id):
        try:
            return Page(entries=(store.entry(listed.id),), before=None)
        except NotArchived:
            return Page(entries=(), before=None)
    return store.page(listed.search, before=listed.before)


def no_archive(error: StillframeError) -> None:
    """Why there is nothing to search, and what to do about it."""
    if isinstance(error, SettingsError):
        _notice("Nothing is archived here: no archive is set.")
        set_up()
    elif isinstance(error, NoArchive):
        _notice("Nothing was archived yet.", tag("p", FIRST), tag("p", f"Now {error}."))
    elif isinstance(error, NotArchived):
        link = tag("a", "Search the archive", href=ArchiveList().link, target="_self")
        _notice(str(error), tag("p", link))
    else:
        _notice(f"The archive cannot be read: {error}.", kind="bad", role="alert")


def set_up() -> None:
    """How to get an archive."""
    say(SET_UP)
    st.code("STILLFRAME_ARCHIVE=/var/lib/stillframe/archive.db", language=None)


def not_found(request_id: str, problem: str) -> None:
    """That the archive has no such snapshot; and whether it can still be had."""
    lines = [_lately(request_id)] if runtime.recall(request_id) else []
    link = ArchiveList(id=request_id).link
    search = tag("a", "Search the archive", href=link, target="_self")
    _notice(problem, *lines, tag("p", search), kind="bad", role="alert")


def _lately(request_id: str) -> Html:
    link = tag("a", "Download it", href=f"snapshots/{request_id}", download=True)
    return tag("p", "It was on a screen lately, and is still in memory. ", link, " to archive it.")


def _chosen(listed: ArchiveList, other: Entry) -> None:
    link = tag("a", "Compare nothing", href=listed.but(compare=None).link, target="_self")
    window = wording.interval(other.window_from, other.window_to)
    chosen = tag("code", untrusted(other.request_id))
    text = tag("p", "To compare with ", chosen, f" ({window} UTC), choose another below. ", link)
    st.html(tag("div", tag("div", text, class_="sf-notice calm"), class_="sf"))


def _list(listed: ArchiveList, page: Page, other: Entry | None) -> None:
    if not page.entries:
        _none(listed)
        return
    entries = [_entry(entry, other) for entry in page.entries]
    st.html(tag("div", tag("ol", *entries, class_="sf-list sf-archive"), class_="sf"))
    _pages(listed, page)


def _none(listed: ArchiveList) -> None:
    if not listed.is_limited:
        say("There is nothing older." if listed.before else "Nothing was archived yet.")
        return
    is_id = re.fullmatch(REQUEST_ID_PATTERN, listed.id)
    lines = [_lately(listed.id)] if is_id and runtime.recall(listed.id) else []
    _notice("No archived snapshot fits this search.", *lines)


def _pages(listed: ArchiveList, page: Page) -> None:
    links: list[Html] = []
    if listed.before is not None:
        links.append(_link("Newest", listed.but(before=None).link))
    if page.before is not None:
        links.append(_link("Older", listed.but(before=page.before).link))
    if links:
        st.html(tag("nav", *links, class_="sf sf-ways", aria_label="Pages of the archive"))


def _entry(entry: Entry, other: Entry | None) -> Html:
    """One snapshot: its id leads to it; who kept it and why; the way to compare it."""
    name = tag("code", untrusted(entry.request_id))
    link = still_of(entry.request_id, entry.document).link
    when = f"{wording.day_and_clock(entry.archived_at)} UTC"
    return tag(
        "li",
        tag("div", _link(name, link), tag("span", when, class_="number"), class_="line"),
        tag("p", *_subject(entry)),
        tag("p", *_why(entry), class_="quiet"),
        tag("p", *_steps(entry, other), class_="quiet sf-ways"),
        _metrics_line(entry),
    )


def _subject(entry: Entry) -> Iterator[str | Html]:
    window = wording.interval(entry.window_from, entry.window_to)
    yield from (tag("b", untrusted(entry.source)), f", {window} UTC, ")
    yield from scope_words(dict(entry.scope))
    if entry.freshness != "LIVE":
        yield tag("b", f", {entry.freshness}")


def _why(entry: Entry) -> Iterator[str | Html]:
    how, *who = deposited(entry)
    yield from (f"{str(how)[:1].upper()}{str(how)[1:]}", *who)
    if entry.incident:
        yield from (". Incident ", tag("b", untrusted(entry.incident)))
    if entry.note:
        yield from (". Why: ", untrusted(entry.note))


def _steps(entry: Entry, other: Entry | None) -> Iterator[Html]:
    yield tag("span", f"Record {entry.sequence}")
    if entry.pruned:
        yield tag("span", "Its figures were given up by retention.")
        return
    if other is None:
        # Of another source nothing can be compared.
        others = ArchiveList(compare=entry.document, source=entry.source)
        yield _link("Compare", others.link)
    elif other.document == entry.document:
        yield tag("b", "The one to compare")
    else:
        yield _link("Compare with this", _compared(entry, other))
    yield from report_links(entry)


def _compared(one: Entry, other: Entry) -> str:
    """The later window of the two, beside the earlier one."""
    before, after = sorted((one, other), key=lambda each: (each.window_to, each.sequence))
    return still_of(after.request_id, after.document, compare=before.document).link


def _metrics_line(entry: Entry) -> Html | None:
    if not entry.metrics_line:
        return None
    line = tag("code", untrusted(entry.metrics_line), class_="id")
    return tag("details", tag("summary", "[METRICS] line"), tag("p", line))


def _link(words: str | Html, address: str) -> Html:
    return tag("a", words, href=address, target="_self")


def _notice(text: str, *more: Html, kind: str = "calm", role: str | None = None) -> None:
    inside = tag("div", tag("p", text), *more, class_=f"sf-notice {kind}", role=role)
    st.html(tag("div", inside, class_="sf"))
