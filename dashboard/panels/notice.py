"""Notices: one clear line in place of, or above, the figures."""

from collections.abc import Sequence

import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.shown import Shown
from dashboard.view import View
from metrics_core import Snapshot


def first_of_several(source: str) -> None:
    """That nobody chose the source that is shown."""
    text = f"No source is marked as the default, so this is the first one: {source}."
    st.html(tag("div", tag("p", text), class_="sf quiet"))


def unsafe_role(warning: str) -> None:
    """That the source's database role can do more than read; nothing where it cannot."""
    if warning:
        st.html(tag("div", tag("p", tag("b", "Unsafe role: "), warning), class_="sf quiet"))


def no_such_view(problem: str, instead: Sequence[View]) -> None:
    """What is wrong with the address, and where to go from here."""
    links = [_link(view) for view in instead]
    next_steps = tag("p", "Show instead: ", *links, class_="next")
    _notice(problem, next_steps, kind="bad", role="alert")


def no_such_place(problem: str, link: str, words: str) -> None:
    """What is wrong with the address, and the one way on from here."""
    way = tag("p", tag("a", words, href=link, target="_self"), class_="next")
    _notice(problem, way, kind="bad", role="alert")


def refused(text: str | Html) -> None:
    """Why a choice, or a file, was not taken."""
    _notice(text, kind="bad", role="alert")


def no_comparison(shown: Shown) -> Html | None:
    """Why there is nothing to compare with; the figures themselves are as they should be."""
    if not shown.no_comparison:
        return None
    return tag(
        "p", f"Nothing to compare with: {shown.no_comparison}", class_="quiet", role="status"
    )


def no_figures(problem: str, *, refresh_seconds: int | None) -> None:
    """Why there are no figures, and when the page asks again."""
    # StillframeError's texts hold no secrets, but they are no Markdown either.
    again = (
        f"Stillframe asks again every {refresh_seconds} s."
        if refresh_seconds
        else "This view is not refreshed by itself: ask again when the cause is mended."
    )
    hint = tag("p", again, class_="next quiet")
    _notice(f"No figures now: {problem}", hint, kind="bad", role="alert")
    if not refresh_seconds:
        st.button("Ask again", key="ask-again")


def not_live(shown: Shown) -> Html | None:
    """That the figures are not of the present, since when, and why; nothing where they are."""
    snapshot = shown.snapshot
    freshness = snapshot.provenance.freshness
    if freshness.state == "LIVE":
        return None
    since = f" since {wording.clock(freshness.since)} UTC" if freshness.since else ""
    last = f"These are the last figures, of {wording.clock(snapshot.window.to)} UTC."
    reason = tag("p", untrusted(freshness.reason or ""), class_="next quiet")
    return _box(f"{freshness.state}{since}. {last}", reason, kind="bad", role="alert")


def no_tasks(shown: Shown) -> None:
    """That the zeros below are true; to be said where the window is quiet."""
    tasks = shown.snapshot.tasks
    states = (tasks.processing, tasks.queued, tasks.scheduled, tasks.retrying)
    open_tasks = sum(number or 0 for number in states)
    if open_tasks:
        what = "ended" if tasks.created is None else "began or ended"
        text = f"No task {what} in this window; {open_tasks:,} were open at its end."
    else:
        text = "No tasks in this window."
    _notice(text)


def is_quiet(snapshot: Snapshot) -> bool:
    """Whether no task began or ended in the window."""
    tasks = snapshot.tasks
    return not (tasks.created or tasks.completed or tasks.failed or tasks.cancelled)


def _notice(text: str | Html, *more: Html, kind: str = "calm", role: str | None = None) -> None:
    st.html(tag("div", _box(text, *more, kind=kind, role=role), class_="sf"))


def _box(text: str | Html, *more: Html, kind: str, role: str | None = None) -> Html:
    return tag("div", tag("p", text), *more, class_=f"sf-notice {kind}", role=role)


def _link(view: View) -> Html:
    length = wording.span(view.minutes)
    when = "the last" if view.to is None else "the"
    until = f" to {wording.day_and_clock(view.to)} UTC" if view.to else ""
    text = f"{view.source}, {when} {length}{until}"
    return tag("a", text, *_scope(view), href=view.link, target="_self")


def _scope(view: View) -> list[str | Html]:
    parts: list[str | Html] = []
    for name, value in sorted(view.scope.items()):
        parts += [f", {name} ", untrusted(value)]
    return parts
