"""Remarks on access: server, clock, role and row level security of a source. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from metrics_core.clock import Skew
from metrics_core.doctor import Diagnosis
from metrics_core.remark import Remark
from metrics_core.role import READER, role_sql

MILLISECOND = timedelta(milliseconds=1)
WORTH_TELLING_MS = 100


def remarks_on_access(found: Diagnosis) -> Iterator[Remark]:
    """What answers, whether its clock is right, and what the role may do and see."""
    yield Remark(about="server", level="note", text=found.server)
    yield _clock(found.skew)
    yield from _role(found)
    for table in found.row_security:
        yield Remark(
            about="rows",
            level="not_good",
            text=f"row level security on {table} chooses which of its rows this role sees.",
            to_do="where it should see all of them, its owner makes a policy:",
            sql=(f"CREATE POLICY {READER} ON {table} FOR SELECT TO {READER} USING (true);",),
        )


def _clock(skew: Skew) -> Remark:
    ahead = _ahead(skew)
    if not skew.too_large:
        return Remark(about="clock", level="good", text=f"it is {ahead}.")
    return Remark(
        about="clock",
        level="not_safe",
        text=f"it is {ahead}, so live windows end at a wrong time.",
        to_do="let both machines keep their time by NTP.",
    )


def _ahead(skew: Skew) -> str:
    ahead_ms, doubt_ms = skew.ahead / MILLISECOND, skew.uncertainty / MILLISECOND
    side = "ahead of" if ahead_ms >= 0 else "behind"
    doubt = f", give or take {doubt_ms:,.0f} ms" if doubt_ms >= WORTH_TELLING_MS else ""
    return f"{abs(ahead_ms):,.0f} ms {side} ours{doubt}"


def _role(found: Diagnosis) -> Iterator[Remark]:
    role = found.role
    if role is None:
        text = "the file is opened read-only, and it knows no roles."
        yield Remark(about="role", level="good", text=text)
        return
    *others, last = role.faults or ("",)
    for fault in others:
        yield Remark(about="role", level="not_safe", text=f"{fault}.")
    yield Remark(
        about="role",
        level="not_safe" if last else "good",
        text=f"{last}." if last else f"{role.role} can only read. Its like is made by:",
        to_do="connect as a role that can only read. This makes one:" if last else None,
        sql=tuple(role_sql(role, found.source).splitlines()),
    )
    yield Remark(
        about="role",
        level="note",
        text="Narrower still: GRANT SELECT (column, …) ON the table, with just the columns that "
        "the source's SELECT names.",
    )
