"""Quality: what to know about the rows behind the figures, and what is not measurable."""

import streamlit as st

from dashboard import wording
from dashboard.figure_names import FIGURES
from dashboard.markup import Html, tag, untrusted
from dashboard.shown import Shown
from metrics_core.evidence import Finding, NotMeasurable, Quality


def quality(shown: Shown) -> None:
    """One line that opens to the findings and to what is not measurable."""
    snapshot = shown.snapshot
    found = snapshot.quality
    if not found.findings and not found.not_measurable:
        there = snapshot.provenance.rows_scanned
        rows = "Every row was counted as it stands" if there else "No rows"
        st.html(tag("div", tag("p", f"{rows}; every figure is measurable."), class_="sf quiet"))
        return
    with st.expander(_line(found), key="quality"):
        items = [*map(_finding, found.findings), *map(_not_measurable, found.not_measurable)]
        st.html(tag("div", tag("ul", *items, class_="sf-list"), class_="sf"))


def _line(found: Quality) -> str:
    parts = []
    if found.findings:
        parts.append(wording.counted(len(found.findings), "finding") + " about the rows")
    if found.not_measurable:
        parts.append(wording.counted(len(found.not_measurable), "figure") + " not measurable")
    return " · ".join(parts)


def _finding(finding: Finding) -> Html:
    ids = [
        part
        for task_id in finding.task_ids
        for part in (" ", tag("code", untrusted(task_id), class_="id"))
    ]
    tasks = tag("p", "For example:", *ids, class_="quiet") if ids else None
    return tag("li", tag("p", untrusted(finding.text)), tasks)


def _not_measurable(missing: NotMeasurable) -> Html:
    figure = FIGURES.get(missing.figure, missing.figure)
    return tag("li", tag("p", tag("b", figure), f": not measurable. {missing.reason}"))
