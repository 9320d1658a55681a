"""Header: what this is a snapshot of, when it was taken, and its download."""

from datetime import datetime

import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag
from metrics_core import Snapshot


def header(snapshot: Snapshot, *, refresh_seconds: int) -> None:
    """Source and window, the time of the snapshot in UTC and for the viewer, id and download."""
    parts = [_subject(snapshot), _taken(snapshot, refresh_seconds)]
    st.html(str(tag("div", *parts, class_="sf sf-header")))


def _subject(snapshot: Snapshot) -> Html:
    window = snapshot.window
    length = wording.span(window.minutes)
    title = tag("h2", f"{snapshot.source}: the {length} to {wording.clock(window.to)} UTC")
    shown = f"{wording.interval(window.from_, window.to)} UTC"
    return tag("div", title, tag("p", shown, _local(window.to), class_="quiet"))


def _local(instant: datetime) -> Html | None:
    """The same time where the viewer is."""
    zone = wording.zone_named(st.context.timezone)
    if zone is None:
        return None
    return tag("span", f" · ends {wording.day_and_clock(instant, zone)} in {zone.key}")


def _taken(snapshot: Snapshot, refresh_seconds: int) -> Html:
    taken = wording.clock(snapshot.provenance.taken_at)
    refreshed = f"Refreshed at {taken} UTC, and every {refresh_seconds} s"
    request_id = tag("p", _request_id(snapshot))
    facts = tag("div", tag("p", refreshed), request_id, class_="quiet")
    return tag("div", facts, _download(snapshot), class_="sf-header")


def _request_id(snapshot: Snapshot) -> Html:
    return tag("code", snapshot.request_id, class_="id", title="the snapshot's requestId")


def _download(snapshot: Snapshot) -> Html:
    # Not st.download_button: it would serve the file through /media, to whoever has its address.
    address = f"snapshots/{snapshot.request_id}"
    return tag("a", "Download this snapshot", href=address, download=True, class_="button")
