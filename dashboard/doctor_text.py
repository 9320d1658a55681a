"""What `stillframe doctor` prints: a diagnosis in words, and what to do about it. Pure."""

import textwrap
from collections.abc import Iterator
from datetime import timedelta

from metrics_core.clock import Skew
from metrics_core.doctor import Diagnosis
from metrics_core.index_advice import IndexNeed, TableAdvice
from metrics_core.role import role_sql

INDENT = 10
WIDTH = 98
MILLISECOND = timedelta(milliseconds=1)
WORTH_TELLING_MS = 100


def doctor_text(diagnosis: Diagnosis) -> str:
    """The whole text, which ends with a line feed."""
    return "\n".join([*_facts(diagnosis), "", *_role(diagnosis), "", *_indexes(diagnosis), ""])


def _facts(diagnosis: Diagnosis) -> Iterator[str]:
    yield from _said("source", diagnosis.source.name)
    yield from _said("server", diagnosis.server)
    ahead = _ahead(diagnosis.skew)
    if diagnosis.skew.too_large:
        yield from _said("clock", f"NOT SAFE: it is {ahead}, so live windows end at a wrong time.")
        yield from _said("", "To do: let both machines keep their time by NTP.")
    else:
        yield from _said("clock", f"good: it is {ahead}.")


def _ahead(skew: Skew) -> str:
    ahead_ms, doubt_ms = skew.ahead / MILLISECOND, skew.uncertainty / MILLISECOND
    side = "ahead of" if ahead_ms >= 0 else "behind"
    doubt = f", give or take {doubt_ms:,.0f} ms" if doubt_ms >= WORTH_TELLING_MS else ""
    return f"{abs(ahead_ms):,.0f} ms {side} ours{doubt}"


def _role(diagnosis: Diagnosis) -> Iterator[str]:
    role = diagnosis.role
    if role is None:
        yield from _said("role", "good: the file is opened read-only, and it knows no roles.")
        return
    for fault in role.faults:
        yield from _said("role", f"NOT SAFE: {fault}.")
    if role.faults:
        yield from _said("", "To do: connect as a role that can only read. This makes one:")
    else:
        yield from _said("role", f"good: {role.role} can only read. Its like is made by:")
    yield from _sql(*role_sql(role, diagnosis.source).splitlines())
    yield from _said(
        "",
        "Narrower still: GRANT SELECT (column, …) ON the table, with just the columns that the "
        "source's SELECT names.",
    )


def _indexes(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.role is None:
        yield from _said("index", "not examined: plans are read from PostgreSQL only.")
        return
    if not diagnosis.bounded:
        yield from _said(
            "index", "NOT GOOD: without finished_at each scan reads every task that there ever was."
        )
        yield from _said("", "To do: give the SELECT a column finished_at, null on open tasks.")
    for table in diagnosis.tables:
        yield from _table(table)
    if not diagnosis.tables:
        yield from _said("index", "the SELECT reads no table.")


def _table(advice: TableAdvice) -> Iterator[str]:
    if advice.rows is None:
        yield from _said("index", f"{advice.table}: its size is unknown to the server.")
        yield from _said("", "To do, before its plans can be judged:")
        yield from _sql(f"ANALYZE {advice.table};")
    size = "" if advice.rows is None else f" (about {advice.rows:,} rows)"
    yield from _said("index", f"{_verdict(advice)}: {advice.table}{size}: {_how(advice)}.")
    for need in advice.needs:
        if need.index is not None:
            yield from _said("", f"{need.expression} has an index: {need.index}.")
    yield from _what_to_do(advice)


def _verdict(advice: TableAdvice) -> str:
    if advice.large and (advice.whole or advice.missing):
        return "NOT GOOD"
    return "good"


def _how(advice: TableAdvice) -> str:
    if advice.whole:
        return "a scan of the last hour reads all of it (Seq Scan)"
    by = f" by {', '.join(advice.indexes)}" if advice.indexes else ""
    return f"a scan of the last hour reads a part of it ({', '.join(advice.nodes)}{by})"


def _what_to_do(advice: TableAdvice) -> Iterator[str]:
    if advice.missing:
        when = "To do" if advice.large else "It is small. To do once it has grown"
        yield from _said("", f"{when}, outside of a transaction; others go on writing meanwhile:")
        yield from _sql(*(need.sql for need in advice.missing), f"ANALYZE {advice.table};")
        yield from _doubts(advice.missing)
    elif advice.whole and advice.large and advice.needs:
        yield from _said(
            "",
            f"To do: ANALYZE {advice.table}. If that does not help, too many of its tasks are "
            "open (finished_at is null): every window holds them.",
        )
    elif advice.whole and advice.large:
        yield from _said(
            "",
            "To do: the window's condition does not reach this table through the SELECT; compare "
            "an indexed column of it with :window_from and :window_to there.",
        )


def _doubts(needs: tuple[IndexNeed, ...]) -> Iterator[str]:
    for need in needs:
        if not need.surely_immutable:
            yield from _said(
                "",
                f"PostgreSQL refuses an index on {need.expression} where a part of it is not "
                "immutable: select a plain column then.",
            )


def _said(label: str, text: str) -> list[str]:
    """The text with its label before it, wrapped; identifiers stay whole."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"{label:<{INDENT}}",
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sql(*statements: str) -> list[str]:
    """Statements, never wrapped, so that they can be copied."""
    return ["", *(f"    {statement}" for statement in statements), ""]
