"""Tasks behind the figures: lists of single tasks, each read once it is opened, by no refresh."""

from typing import Literal

import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.panels import on_demand
from dashboard.panels.drawing import heading
from dashboard.panels.on_demand import Answer
from dashboard.panels.task_entries import task_entries
from dashboard.shown import Shown
from dashboard.task_lists import FAILURES, FEW, LISTS, MANY, Rows, TaskList, reading

NOTE = "each list is read when you open it, and stays as it was read"
OTHER_VIEW = "This list was of another window, scope or error. It is read when you ask for it."


def tasks_behind(shown: Shown) -> None:
    """Recent failures, slowest completed, oldest queued, longest processing."""
    heading("Tasks behind the figures", "not archived" if shown.stands_still else NOTE)
    opened = st.pills(
        "Lists of tasks",
        [listed.title for listed in LISTS],
        selection_mode="multi",
        key="task-lists",
        label_visibility="collapsed",
    )
    for listed in LISTS:
        if listed.title in opened:
            _opened(shown, listed)
        else:
            on_demand.forget(listed.name)


def _opened(shown: Shown, listed: TaskList) -> None:
    with st.container(key=f"tasks-{listed.name}", border=True, gap="small"):
        st.html(tag("div", tag("h3", listed.title), class_="sf"))
        if shown.stands_still:
            _line(on_demand.NOT_ARCHIVED)
        else:
            _list(shown, listed)


def _list(shown: Shown, listed: TaskList) -> None:
    size, answer = on_demand.granted(listed.name), _kept(listed)
    if answer is None or size is not None:
        answer = _read(shown, listed, size or FEW)
    if answer.question != _question(shown, listed):
        _line(OTHER_VIEW)
        _button(listed, "Read this list", FEW)
    elif answer.found is None:
        _line(answer.problem)
        _button(listed, "Try again", answer.size)
    else:
        _draw(shown, listed, answer, answer.found)


def _kept(listed: TaskList) -> Answer[Rows] | None:
    return on_demand.kept(listed.name)


def _read(shown: Shown, listed: TaskList, size: int) -> Answer[Rows]:
    work = reading(listed, shown.snapshot, limit=size, code=shown.view.error)
    return on_demand.read(shown, listed.name, _question(shown, listed), work, size=size)


def _question(shown: Shown, listed: TaskList) -> on_demand.Question:
    return on_demand.question_of(shown, _code(shown, listed))


def _code(shown: Shown, listed: TaskList) -> str | None:
    """The code to which this list is narrowed, if any."""
    return shown.view.error if listed is FAILURES else None


def _draw(shown: Shown, listed: TaskList, answer: Answer[Rows], rows: Rows) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _line(*_summary(shown, listed, answer, len(rows)), width="content")
        _button(listed, "Read again", answer.size)
        if len(rows) == answer.size < MANY:
            _button(listed, f"Show {MANY}", MANY)
    if rows:
        st.html(task_entries(shown, listed, rows, as_of=answer.as_of))
        _ids(listed, rows)


def _ids(listed: TaskList, rows: Rows) -> None:
    """All ids behind one copy button, a line each; of the lines themselves only the first shows."""
    with st.container(key=f"task-ids-{listed.name}"):
        _line(f"To copy: {wording.counted(len(rows), 'id')}, a line each")
        st.code("\n".join(task.id for task in rows), language=None)


def _summary(
    shown: Shown, listed: TaskList, answer: Answer[Rows], amount: int
) -> tuple[str | Html, ...]:
    """What is listed, how much of it, and of which instant."""
    now, code = shown.snapshot.window.to, _code(shown, listed)
    of_code = () if code is None else (" with ", tag("b", untrusted(code)))
    when = f"As of {wording.clock_near(answer.as_of, now, shown.zone)} {shown.zone.key}"
    if answer.as_of != now:
        when += f" (the figures above are of {wording.clock_near(now, answer.as_of, shown.zone)})"
    return (listed.tasks, *of_code, f": {listed.amount(amount, answer.size)}. {when}.")


def _button(listed: TaskList, label: str, size: int) -> None:
    key = f"{listed.name}-{label.lower().replace(' ', '-')}"
    st.button(label, key=key, type="tertiary", on_click=on_demand.wish, args=(listed.name, size))


def _line(*parts: str | Html, width: Literal["stretch", "content"] = "stretch") -> None:
    line = tag("div", tag("p", *parts), class_="sf quiet", role="status")
    st.html(line, width=width)
