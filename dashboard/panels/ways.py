"""Ways: where a snapshot that stands still leads: to the present, to a comparison, to a report."""

from collections.abc import Iterator
from urllib.parse import urlencode

import streamlit as st

from dashboard import runtime
from dashboard.archive_list import ArchiveList
from dashboard.markup import Html, tag
from dashboard.shown import Shown
from dashboard.still import StillView, can_be_asked
from dashboard.view import Archived, View
from metrics_core.archive_record import Entry


def ways(shown: Shown, view: StillView) -> None:
    """One line of links; those that ask the database say so."""
    links = [*_to_the_database(shown, view), *_within_the_archive(shown, view)]
    st.html(tag("nav", *links, class_="sf sf-ways", aria_label="From this snapshot"))


def _to_the_database(shown: Shown, view: StillView) -> Iterator[Html]:
    then = view.of_the_database
    if not can_be_asked(then, runtime.current().sources):
        yield tag("span", f"There is no source {view.source} here any more.", class_="quiet")
        return
    live = then.but(to=None)
    yield _link("Live figures", live)
    yield _link("This window as its rows are now", then)
    if shown.kept is not None and shown.kept.entry is not None:
        yield _link("Compare with now", live.but(compare=Archived(shown.kept.entry.document)))


def _within_the_archive(shown: Shown, view: StillView) -> Iterator[Html]:
    entry = shown.kept.entry if shown.kept is not None else None
    if entry is None:
        return
    if view.compare is not None:
        yield _link("Stop comparing", view.but(compare=None))
    yield _link("Compare with another", ArchiveList(compare=entry.document, source=entry.source))
    before = view.compare.document if isinstance(view.compare, Archived) else None
    is_compared = before is not None and shown.before is not None
    yield from report_links(entry, before if is_compared else None)


def report_links(entry: Entry, before: str | None = None) -> Iterator[Html]:
    """The incident report and the evidence of one snapshot, or of two."""
    names = {"of": entry.document} | ({"before": before} if before else {})
    of = " of both" if before else ""
    for words, file in (("Incident report", "report.html"), ("Evidence ZIP", "evidence.zip")):
        address = f"archive/{file}?{urlencode(names)}"
        yield tag("a", f"{words}{of}", href=address, download=True)


def _link(words: str, view: View | ArchiveList) -> Html:
    return tag("a", words, href=view.link, target="_self")
