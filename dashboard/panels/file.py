"""File: a snapshot file that is dropped on the page, to be looked at; it is kept nowhere."""

from pathlib import Path

import streamlit as st

from dashboard.kept import Kept, kept_of_file
from dashboard.markup import tag, untrusted
from dashboard.panels import notice
from dashboard.panels.drawing import heading, say
from metrics_core.errors import InvalidSnapshot

KEY = "snapshot-file"
KINDS = ("json",)


def file(archive: Path | None) -> Kept | None:
    """Where to drop a file; and its snapshot, or a sentence why it is none."""
    heading(
        "A snapshot file", "as this page or a command of Stillframe wrote it; it is kept nowhere"
    )
    dropped = st.file_uploader(
        "Drop a snapshot file here, or choose one",
        type=KINDS,
        key=KEY,
    )
    if dropped is None:
        say("The same screens as of a live snapshot, and whether every byte is as it was sealed.")
        return None
    try:
        kept = kept_of_file(dropped.getvalue(), archive)
    except InvalidSnapshot as error:
        _refuse(dropped.name, str(error))
        return None
    return kept


def _refuse(name: str, problem: str) -> None:
    notice.refused(tag("span", tag("b", untrusted(name)), f" is {problem}."))
