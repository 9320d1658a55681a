"""Provenance: how the snapshot came about, for whoever has to rely on it."""

import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.shown import Shown
from metrics_core.evidence import Viewer


def provenance(shown: Shown) -> None:
    """The facts behind the figures, in a list."""
    snapshot = shown.snapshot
    made = snapshot.provenance
    scanned = wording.counted(made.rows_scanned, "row")
    facts = [
        *_fact("Taken", f"{wording.day_and_clock(made.taken_at)} UTC", _by(made.taken_by)),
        *_fact("Read", f"{scanned} of {made.database} in {wording.duration(made.duration_ms)}"),
        *_fact("Content", tag("code", snapshot.digest.content, class_="id")),
        *_fact("Made by", made.tool),
    ]
    st.html(tag("div", tag("dl", *facts, class_="sf-facts"), class_="sf quiet"))


def _by(viewer: Viewer | None) -> Html | None:
    if viewer is None:
        return None
    how = " (self-declared)" if viewer.self_declared else ""
    return tag("span", " by ", untrusted(viewer.name), how)


def _fact(name: str, *value: str | Html | None) -> tuple[Html, Html]:
    return tag("dt", name), tag("dd", *value)
