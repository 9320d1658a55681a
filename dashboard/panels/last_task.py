"""Last task: for a window in which nothing happened, when something did; read once it is asked."""

from datetime import timedelta

import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag
from dashboard.panels import notice, on_demand
from dashboard.panels.drawing import say
from dashboard.panels.on_demand import NOT_ARCHIVED, Answer
from dashboard.shown import Shown
from metrics_core import Source
from metrics_core.last_task import LastTask
from metrics_core.last_task import last_task as find_last_task

NAME = "last-task"
SECOND = timedelta(seconds=1)


def last_task(shown: Shown) -> None:
    """That there are none, a button, and in its place the answer; nothing where there are tasks."""
    if not notice.is_quiet(shown.snapshot):
        on_demand.forget(NAME)
        return
    notice.no_tasks(shown)
    if shown.stands_still:
        say(f"When the last task was: {NOT_ARCHIVED[0].lower()}{NOT_ARCHIVED[1:]}")
        return
    wished, question = on_demand.granted(NAME) is not None, on_demand.question_of(shown)
    answer: Answer[LastTask] | None = on_demand.kept(NAME)
    if wished:
        answer = on_demand.read(shown, NAME, question, _reading(shown))
    if answer is None or answer.question != question:
        st.button("When was the last task?", key=NAME, on_click=on_demand.wish, args=(NAME, 1))
    else:
        lines = _lines(shown, answer)
        st.html(tag("div", tag("p", *lines, class_="next"), class_="sf", role="status"))


def _reading(shown: Shown) -> on_demand.Work[LastTask]:
    snapshot = shown.snapshot

    def work(source: Source, request_id: str) -> LastTask:
        return find_last_task(source, snapshot.window.to, snapshot.scope, request_id=request_id)

    return work


def _lines(shown: Shown, answer: Answer[LastTask]) -> list[str | Html]:
    found = answer.found
    if found is None:
        return [answer.problem]
    within = " in this scope" if shown.snapshot.scope else ""
    if found.no_rows:
        return [f"{shown.snapshot.source} has no task at all{within}."]
    if found.at is None:
        since = wording.day_and_clock(found.since, shown.zone)
        return [f"None began or ended before it either{within}, back to {since} {shown.zone.key}."]
    when = f"{wording.day_and_clock(found.at, shown.zone)} {shown.zone.key}"
    ended_by = found.at.replace(microsecond=0) + SECOND
    link = shown.view.but(to=ended_by, error=None).link
    text = f"The last task before its end began or ended at {when}{within}. "
    return [text, tag("a", "Show the window that ends there", href=link, target="_self")]
