"""On demand: what a viewer asks to be read beside the snapshot, kept until he asks anew.

No refresh and no change of the view reads anything: what was read stays as it is, with the instant
that it is of, and what belongs to another view is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import streamlit as st

from dashboard import runtime
from dashboard.shown import Shown
from metrics_core import Source, StillframeError

READ, WISHES = "read-on-demand", "wished-on-demand"
NOT_ARCHIVED = (
    "Not archived: a snapshot keeps figures, and a few ids beside them, but no lists of tasks. "
    "Their rows may have changed since, so that only the snapshot proves what was seen."
)

Found = TypeVar("Found")
Question = tuple[object, ...]
Work = Callable[[Source, str], Found]
"""What reads a source under a requestId."""


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[Found]):
    """What was read of a source as it was at `as_of`, or the `problem` why it was not.

    `size` is how many rows were asked for.
    """

    question: Question
    as_of: datetime
    size: int
    found: Found | None = None
    problem: str = ""


def wish(name: str, value: int) -> None:
    """Have `name` read at the next drawing. From a button's callback."""
    st.session_state.setdefault(WISHES, {})[name] = value


def granted(name: str) -> int | None:
    """What was wished since the last drawing, once."""
    wished: int | None = st.session_state.get(WISHES, {}).pop(name, None)
    return wished


def kept(name: str) -> Answer[Found] | None:
    """What was read last."""
    answer: Answer[Found] | None = st.session_state.get(READ, {}).get(name)
    return answer


def keep(name: str, answer: Answer[Found]) -> None:
    """This is what was read last."""
    st.session_state.setdefault(READ, {})[name] = answer


def forget(name: str) -> None:
    """What was read is no longer on the screen."""
    st.session_state.get(READ, {}).pop(name, None)


def read(
    shown: Shown, name: str, question: Question, work: Work[Found], *, size: int = 1
) -> Answer[Found]:
    """Read it now, as of the snapshot's end; `question` and `size` tell its answers apart."""
    found, problem = None, why_no_read(shown)
    if not problem:
        try:
            with st.spinner("Reading the database"):
                found = _found(shown, (name, *question, size), work)
        except StillframeError as error:
            problem = f"Not read: {error}"
    as_of = shown.snapshot.window.to
    answer = Answer(question=question, as_of=as_of, size=size, found=found, problem=problem)
    keep(name, answer)
    return answer


def _found(shown: Shown, question: Question, work: Work[Found]) -> Found:
    """Through the collector: who asks the same of the same instant shares the answer."""
    held, window = runtime.current(), shown.snapshot.window
    source = held.sources[shown.snapshot.source]
    return held.collector.read(
        source.name,
        (*question, window.minutes),
        lambda _, request_id: work(source, request_id),
        to=window.to,
    )


def question_of(shown: Shown, *more: object) -> Question:
    """What tells the view from another one that an answer may be of."""
    view = shown.view
    return (view.source, view.minutes, view.to, *sorted(view.scope.items()), *more)


def why_no_read(shown: Shown) -> str:
    """Why nothing is read beside this snapshot; nothing where it can be."""
    snapshot = shown.snapshot
    if shown.stands_still:
        return NOT_ARCHIVED
    if snapshot.source not in runtime.current().sources:
        return f"Not read: there is no source {snapshot.source} here."
    state = snapshot.provenance.freshness.state
    if state != "LIVE":
        return f"Not read: the figures are {state}, and a list would not agree with them."
    return ""
