"""Archive search: by requestId, time, source, who, and the words of note or incident."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.archive_list import ArchiveList, id_in
from dashboard.panels import navigation
from dashboard.view import MINUTE

LONGEST = 2_000
"""Signs: a whole line of the log can be pasted."""
TEXTS = {
    "id": ("requestId, or a line that names it", "req_…"),
    "source": ("Source", "any"),
    "actor": ("By", "anybody"),
    "note": ("In the note or incident", "any words"),
}
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
TIMES = {"since": "Window ends after (UTC)", "until": "Window begins before (UTC)"}


def archive_search(listed: ArchiveList) -> None:
    """The form. It shows the search of the URL, and writes it back there."""
    for name in (*TEXTS, *TIMES):
        st.session_state[_key(name)] = _shown(getattr(listed, name))
    with st.form("archive-search", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            for name, (label, hint) in TEXTS.items():
                width = 320 if name == "id" else 170
                st.text_input(
                    label, key=_key(name), placeholder=hint, max_chars=LONGEST, width=width
                )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            for name, label in TIMES.items():
                st.datetime_input(
                    label,
                    min_value=EARLIEST,
                    format="YYYY-MM-DD",
                    key=_key(name),
                    step=MINUTE,
                    width=230,
                )
            st.form_submit_button("Search", on_click=_search, args=(listed,))
    if listed.is_limited:
        cleared = ArchiveList(compare=listed.compare)
        st.button(
            "Clear the search",
            key="clear-search",
            type="tertiary",
            on_click=navigation.write,
            args=(cleared,),
        )


def _search(listed: ArchiveList) -> None:
    """Write the search to the URL, from its first page on."""
    texts = {name: st.session_state[_key(name)].strip() for name in TEXTS}
    texts["id"] = id_in(texts["id"])
    since, until = (_instant(st.session_state[_key(name)]) for name in TIMES)
    found = ArchiveList(**texts, since=since, until=until, compare=listed.compare)
    navigation.write(found)


def _shown(value: str | datetime | None) -> str | datetime | None:
    """As the widget holds it: a time is UTC's, to the minute."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None, second=0, microsecond=0)
    return value


def _instant(entered: datetime | None) -> datetime | None:
    return entered and entered.replace(tzinfo=UTC)


def _key(name: str) -> str:
    return f"archive-{name}"
