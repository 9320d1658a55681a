"""What `stillframe doctor` prints: the report in lines, and what to do about it. Pure."""

import textwrap
from collections.abc import Iterator

from metrics_core.doctor_report import DoctorReport
from metrics_core.remark import Remark

INDENT = 10
WIDTH = 98


def doctor_text(report: DoctorReport) -> str:
    """The whole text, which ends with a line feed; what belongs together has one label."""
    lines, about = list[str](), ""
    for remark in report.remarks:
        lines += _lines(remark, label="" if remark.about == about else remark.about)
        about = remark.about
    return "\n".join([*lines, *_said("verdict", verdict(report)), ""])


def verdict(report: DoctorReport) -> str:
    """What all of it comes to, in a sentence."""
    if report.good:
        return "good: there is nothing to do."
    about = dict.fromkeys(remark.about for remark in report.remarks if remark.is_fault)
    return f"there is something to do about: {', '.join(about)}."


def _lines(remark: Remark, *, label: str) -> Iterator[str]:
    yield from _said(label, remark.sentence)
    if remark.to_do:
        yield from _said("", f"To do: {remark.to_do}")
    if remark.sql:
        # Never wrapped, so that it can be copied.
        yield from ("", *(f"    {statement}" for statement in remark.sql), "")


def _said(label: str, text: str) -> list[str]:
    """The text with its label before it, wrapped; identifiers stay whole."""
    return textwrap.wrap(
        _printable(text),
        WIDTH,
        initial_indent=f"{label:<{INDENT}}",
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _printable(text: str) -> str:
    """Task ids and statuses are not ours: none of their signs may command a terminal.

    >>> _printable("\\x1b[2J")
    '\\\\u001b[2J'
    """
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
