"""Header: what this is a snapshot of, how fresh it is, when it was taken, its id and download."""

from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import wording
from dashboard.markup import Html, tag
from dashboard.panels import frozen, notice
from dashboard.panels.badge import badge, disconnected
from dashboard.shown import Shown
from dashboard.view import View


def place() -> DeltaGenerator:
    """Where the header is drawn: a row, laid out once."""
    return st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="header"
    )


def header(shown: Shown) -> None:
    """Source, window and freshness; the times in UTC and for the viewer; id and download."""
    text = tag("div", _subject(shown), _times(shown), class_="sf sf-header")
    st.html(text, width="content")
    # Streamlit's own copy button: a policy without inline scripts allows none of ours.
    st.code(shown.snapshot.request_id, language=None, width=REQUEST_ID_WIDTH)
    st.html(tag("div", *_download(shown), class_="sf sf-download"), width="content")


def notices(shown: Shown) -> None:
    """What is wrong with the figures, or with what they are compared with, if anything."""
    told = [frozen.verdict(shown), notice.not_live(shown), notice.no_comparison(shown)]
    if any(told):
        st.html(tag("div", *told, class_="sf sf-notices"))


def without_figures(view: View) -> None:
    """The header of a view of which there is no snapshot."""
    title = tag("h2", f"{view.source}: the {wording.span(view.minutes)}")
    line = tag("div", title, badge("UNAVAILABLE"), class_="sf-subject")
    st.html(tag("div", line, class_="sf sf-header"))


def _subject(shown: Shown) -> Html:
    window = shown.snapshot.window
    length = wording.span(window.minutes)
    until = f"{wording.clock(window.to, shown.zone)} {shown.zone.key}"
    title = tag("h2", f"{shown.snapshot.source}: the {length} to {until}")
    return tag("div", title, *_badges(shown), class_="sf-subject")


def _badges(shown: Shown) -> list[Html]:
    freshness = shown.snapshot.provenance.freshness
    if shown.kept is not None:
        return frozen.frozen_badges(shown.kept)
    if freshness.state != "LIVE":
        since = f" since {wording.clock(freshness.since)} UTC" if freshness.since else ""
        return [badge(freshness.state, since), disconnected()]
    if not shown.view.is_live:
        return [badge("PAST", " as its rows are now")]
    if shown.view.refresh_seconds is None:
        return [badge("PAUSED", f" since {wording.clock(shown.snapshot.window.to)} UTC")]
    return [badge("LIVE"), disconnected()]


def _times(shown: Shown) -> Html:
    window = shown.snapshot.window
    parts = [f"{wording.interval(window.from_, window.to)} UTC"]
    if shown.viewer_zone is not None:
        local = wording.day_and_clock(window.to, shown.viewer_zone)
        parts.append(f"ends {local} in {shown.viewer_zone.key}")
    if shown.refreshed_at is not None:
        parts.append(refreshed(shown, shown.refreshed_at))
    return tag("p", *[tag("span", part) for part in parts], class_="quiet sf-times")


def refreshed(shown: Shown, at: datetime) -> str:
    """When the figures were last asked for, and whether they will be again."""
    when = f"{wording.clock(at, shown.zone)} {shown.zone.key}"
    seconds = shown.view.refresh_seconds
    if seconds is not None:
        return f"refreshed at {when}, and every {seconds} s"
    if shown.view.is_live:
        return f"refreshed at {when}, now paused"
    return f"read at {when}"


def _download(shown: Shown) -> list[Html]:
    """The link; and beside it what was lately downloaded without coming into the archive."""
    if shown.kept is not None and shown.kept.is_file:
        return []
    # Not st.download_button: it would serve the file through /media, to whoever has its address.
    address = f"snapshots/{shown.snapshot.request_id}"
    if shown.kept is not None:
        address = f"archive/{shown.snapshot.digest.document}.json"
    link = tag("a", "Download this snapshot", href=address, download=True, class_="button")
    if not shown.not_archived:
        return [link]
    return [link, tag("p", shown.not_archived, class_="not-archived", role="status")]


REQUEST_ID_WIDTH = 265
"""Pixels: an id of the usual length, and the button that copies it."""
