"""Setup: what the doctor says of the shown source, examined once it is opened, by no refresh."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

import streamlit as st

from dashboard import runtime, viewer, wording
from dashboard.doctor_text import verdict
from dashboard.markup import Html, tag, untrusted
from dashboard.panels import on_demand
from dashboard.panels.drawing import key_of, say
from dashboard.panels.on_demand import Answer
from dashboard.view import View
from metrics_core import StillframeError
from metrics_core.doctor_report import DoctorReport, doctor_report
from metrics_core.remark import Remark

NAME = "setup"
TITLE = "Setup: what is wrong with this source's database, and what to do"
OTHER_SOURCE = "This report was of another source. This one is examined when you ask for it."


def setup(view: View) -> None:
    """The doctor's report; it needs no figures, and so may tell why there are none."""
    viewer.require_signed_in()
    opened = st.expander(TITLE, key=NAME, on_change="rerun")
    if not opened.open:
        on_demand.forget(NAME)
        return
    with opened:
        _report(view.source)


def _report(source: str) -> None:
    wished = on_demand.granted(NAME) is not None
    answer: Answer[DoctorReport] | None = on_demand.kept(NAME)
    if answer is None or wished:
        answer = _examined(source)
    if answer.question != (source,):
        say(OTHER_SOURCE)
        _button("Examine it")
    elif answer.found is None:
        say(answer.problem)
        _button("Try again")
    else:
        _draw(answer.found)


def _examined(source: str) -> Answer[DoctorReport]:
    """Through the collector, so that no scan runs beside it, and viewers share what they ask."""
    now, found, problem, held = datetime.now(UTC), None, "", runtime.current()
    try:
        with st.spinner("Examining the database"):
            found = held.collector.read(
                source, (NAME,), lambda *_: doctor_report(held.sources[source], now=now)
            )
    except StillframeError as error:
        problem = f"Not examined: {error}"
    answer = Answer(question=(source,), as_of=now, size=1, found=found, problem=problem)
    on_demand.keep(NAME, answer)
    return answer


def _draw(report: DoctorReport) -> None:
    """What is to be done first, each with its SQL to copy; then all the rest."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        when = f"Examined at {wording.clock(report.examined_at)} UTC."
        text = f"{verdict(report).capitalize()} {when}"
        st.html(tag("div", tag("p", text), class_="sf", role="status"), width="content")
        _button("Examine again")
    for remark in report.remarks:
        if remark.is_fault:
            _fault(remark)
    rest = [remark for remark in report.remarks if not remark.is_fault]
    st.html(tag("div", tag("dl", *_facts(rest), class_="sf-facts"), class_="sf"))


def _fault(remark: Remark) -> None:
    to_do = tag("p", tag("b", "To do: "), untrusted(remark.to_do)) if remark.to_do else None
    text = tag("p", tag("b", f"{remark.about} "), untrusted(remark.sentence))
    st.html(tag("div", tag("div", text, to_do, class_="sf-notice bad"), class_="sf"))
    if remark.sql:
        with st.container(key=f"setup-sql-{remark.about}-{key_of(remark.text)}"):
            st.code("\n".join(remark.sql), language=None, wrap_lines=True)


def _facts(remarks: Sequence[Remark]) -> list[Html]:
    """All that is said about one thing under its name."""
    facts: list[Html] = []
    for about, each in groupby(remarks, key=lambda remark: remark.about):
        lines = [part for remark in each for part in _lines(remark)]
        facts += [tag("dt", about), tag("dd", *lines)]
    return facts


def _lines(remark: Remark) -> list[Html]:
    to_do = [tag("p", f"To do: {remark.to_do}", class_="quiet")] if remark.to_do else []
    sql = [tag("pre", "\n".join(remark.sql), class_="code id")] if remark.sql else []
    return [tag("p", untrusted(remark.sentence)), *to_do, *sql]


def _button(label: str) -> None:
    key = f"{NAME}-{label.lower().replace(' ', '-')}"
    st.button(label, key=key, type="tertiary", on_click=on_demand.wish, args=(NAME, 1))
