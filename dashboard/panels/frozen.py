"""Frozen: what a snapshot that was not taken for this look says of itself, and where it leads."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard import wording
from dashboard.deposited import by, deposited
from dashboard.kept import Kept
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.badge import badge
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.archive_record import Entry


def frozen_badges(kept: Kept) -> list[Html]:
    """FROZEN with when and by whom; whether it is verified; and STALE where it was."""
    badges = [badge("FROZEN", _since(kept)), badge(_verdict(kept))]
    freshness = kept.snapshot.provenance.freshness.state
    return badges if freshness == "LIVE" else [*badges, badge(freshness, " when it was taken")]


def _verdict(kept: Kept) -> str:
    return "VERIFIED" if kept.exhibit.is_verified else "NOT VERIFIED"


def _since(kept: Kept) -> str | Html:
    if kept.is_file or kept.entry is None:
        return " in a file"
    when = f" {wording.day_and_clock(kept.entry.archived_at)} UTC"
    return tag("span", when, " by ", *by(kept.entry)) if kept.entry.actor else when


def verdict(shown: Shown) -> Html | None:
    """Whether every byte is as it was sealed, said loudly where it is not; None of a live one."""
    if shown.kept is None:
        return None
    if shown.kept.exhibit.is_verified:
        return _box("verified", "VERIFIED. ", _what_holds(shown.kept))
    faults = " ".join(shown.kept.exhibit.faults)
    return _box("bad", "NOT VERIFIED. ", f"{faults} Do not rely on these figures.", role="alert")


def _what_holds(kept: Kept) -> str:
    sealed = "Both digests were computed anew, and every byte is as Stillframe wrote it."
    if not kept.is_file:
        return f"{sealed} No database was asked."
    if kept.entry is None:
        return (
            f"{sealed} The archive here does not hold it: a file that somebody sealed anew would "
            "say the same."
        )
    when = wording.day_and_clock(kept.entry.archived_at)
    return f"{sealed} The archive here holds it as record {kept.entry.sequence}, of {when} UTC."


def _notice(kind: str, word: str, text: str, *, role: str | None = None) -> None:
    st.html(tag("div", _box(kind, word, text, role=role), class_="sf"))


def _box(kind: str, word: str, text: str, *, role: str | None = None) -> Html:
    return tag("div", tag("p", tag("b", word), text), class_=f"sf-notice {kind}", role=role)


def record(kept: Kept) -> None:
    """When, by whom and why it was archived; what it is of; its line of the log, to copy."""
    entry = kept.entry
    _facts([*(_of_deposit(entry) if entry else []), *_of_snapshot(kept.snapshot)])
    if entry is not None:
        with st.expander("Record, digest and [METRICS] line", key="record"):
            _facts(_of_record(entry))
            if entry.metrics_line:
                st.code(entry.metrics_line, language=None, wrap_lines=True)


def damaged(entry: Entry, problem: str) -> None:
    """A record whose snapshot cannot be shown, and why."""
    text = f"{problem}. There are no figures to show: this is its record."
    _notice("bad", "NOT VERIFIED. ", text, role="alert")
    _facts([*_of_deposit(entry), *_of_record(entry)])


def pruned(entry: Entry) -> None:
    """A record whose snapshot retention has given up."""
    text = "Its figures were given up by retention (archive prune). This is its record."
    _notice("calm", "", text)
    _facts([*_of_deposit(entry), *_of_record(entry)])


def _facts(facts: list[Html]) -> None:
    st.html(tag("div", tag("dl", *facts, class_="sf-facts"), class_="sf"))


def _of_deposit(entry: Entry) -> list[Html]:
    when = f"{wording.day_and_clock(entry.archived_at)} UTC, "
    return [
        *_fact("Archived", when, *deposited(entry)),
        *(_fact("Why", untrusted(entry.note)) if entry.note else ()),
        *(_fact("Incident", untrusted(entry.incident)) if entry.incident else ()),
    ]


def _of_record(entry: Entry) -> list[Html]:
    number = f"{entry.sequence} of the archive, hash "
    return [
        *_fact("Record", number, tag("code", entry.hash, class_="id")),
        *_fact("Document", tag("code", entry.document, class_="id")),
    ]


def _of_snapshot(snapshot: Snapshot) -> list[Html]:
    left_out = ", ".join(snapshot.redacted or ())
    return [
        *_fact("Scope", *scope_words(dict(snapshot.scope))),
        *(_fact("Left out", f"{left_out} (redacted)") if left_out else ()),
    ]


def scope_words(scope: dict[str, str]) -> list[str | Html]:
    """The values that a snapshot is limited to."""
    parts: list[str | Html] = []
    for name, value in sorted(scope.items()):
        parts += [", " if parts else "", f"{name} ", untrusted(value)]
    return parts or ["all tasks"]


def _fact(name: str, *value: str | Html | None) -> tuple[Html, Html]:
    return tag("dt", name), tag("dd", *value)


def others(entries: Sequence[Entry], shown: Entry) -> None:
    """The choice where one requestId names several documents; nothing where it names one."""
    if len(entries) <= 1:
        return
    same = len({each.content for each in entries}) == 1
    figures = "all with the same figures" if same else "NOT all with the same figures"
    text = f"{shown.request_id} names {len(entries)} archived documents, {figures}: "
    items = [_other(each, is_shown=each == shown) for each in entries]
    st.html(tag("div", tag("p", text), tag("ul", *items, class_="sf-list"), class_="sf"))


def _other(entry: Entry, *, is_shown: bool) -> Html:
    words = f"Record {entry.sequence}, {wording.day_and_clock(entry.archived_at)} UTC"
    why = tag("span", ", ", *deposited(entry))
    if is_shown:
        return tag("li", tag("b", words), why, ": shown here")
    names = {"snapshot": entry.request_id, "document": entry.document}
    return tag("li", tag("a", words, href=f"?{urlencode(names)}", target="_self"), why)
