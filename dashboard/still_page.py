"""The page where nothing is taken: an archived snapshot, a snapshot file, the archive's list.

No database is asked, but for what `unarchived` says of a snapshot that was on a screen lately.
"""

import streamlit as st

from dashboard import runtime, viewer, wording
from dashboard.archive_list import ARCHIVE, ArchiveList, parse_archive_list
from dashboard.archiving import opened
from dashboard.kept import Kept, compared_snapshot, entries_named, kept_of
from dashboard.panels import archive, file, frozen, header, navigation, notice, time_controls, ways
from dashboard.screens import ON_TOP, PANELS, draw
from dashboard.shown import Shown
from dashboard.still import FILE, Still, StillView, parse_still
from dashboard.view import Archived
from dashboard.view_parsing import Params, quoted
from metrics_core import StillframeError
from metrics_core.errors import NotArchived, UsageError


def still_page(params: Params) -> None:
    """What the URL asks for, or what is wrong with it."""
    try:
        if "snapshot" in params:
            archived_page(parse_still(params), params)
        elif _what(params) == FILE:
            file_page(parse_still(params), params)
        else:
            archive.archive(parse_archive_list(params))
    except UsageError as error:
        notice.no_such_place(str(error), ArchiveList().link, "Search the archive")


def _what(params: Params) -> str:
    what = params["view"][0]
    if what not in (FILE, ARCHIVE) or len(params["view"]) > 1:
        raise UsageError(f"This address asks for view={quoted(what)}: it is archive or file.")
    return what


def archived_page(still: Still, params: Params) -> None:
    """One snapshot of the archive, as it was taken."""
    try:
        store = opened(runtime.current().settings.archive)
        entry, entries = entries_named(store, still.request_id or "", still.document)
    except NotArchived as error:
        archive.not_found(still.request_id or "", str(error))
        return
    except StillframeError as error:
        archive.no_archive(error)
        return
    frozen.others(entries, entry)
    if entry.pruned:
        frozen.pruned(entry)
        return
    try:
        kept = kept_of(store, entry)
    except StillframeError as error:
        frozen.damaged(entry, str(error))
        return
    kept_page(still, kept, params)


def file_page(still: Still, params: Params) -> None:
    """The snapshot of a file that is dropped on the page; until then where to drop it."""
    kept = file.file(runtime.current().settings.archive)
    if kept is not None:
        kept_page(still, kept, params)


def kept_page(still: Still, kept: Kept, params: Params) -> None:
    """The same screens as of a live one, under what is known of the snapshot."""
    view = still.view_of(kept.snapshot)
    shown = _shown(view, kept)
    with st.container(key="top"), header.place():
        draw(shown, ON_TOP)
    frozen.record(kept)
    with st.container(horizontal=True, vertical_alignment="center", key="ways"):
        ways.ways(shown, view)
        time_controls.zone(view)
    st.fragment(_figures)(shown, params)


def _figures(shown: Shown, params: Params) -> None:
    """The figures; a fragment, so that what opens here draws nothing else anew."""
    viewer.require_signed_in()
    if navigation.asked_params() != params:
        st.rerun()
    draw(shown, PANELS)


def _shown(view: StillView, kept: Kept) -> Shown:
    before, problem = None, ""
    if isinstance(view.compare, Archived):
        archive_path = runtime.current().settings.archive
        try:
            before = compared_snapshot(archive_path, view.compare.document, kept.snapshot)
        except StillframeError as error:
            problem = str(error)
    return Shown(
        view=view,
        snapshot=kept.snapshot,
        before=before,
        no_comparison=problem,
        zone=time_controls.shown_zone(view),
        viewer_zone=wording.zone_named(st.context.timezone),
        refreshed_at=kept.snapshot.provenance.taken_at,
        kept=kept,
    )
