"""Remarks on indexes: how a scan reads its tables, and the SQL of what is missing. Pure."""

import re
from collections.abc import Iterator

from metrics_core.doctor import Diagnosis
from metrics_core.index_advice import CROWDED, IndexNeed, TableAdvice
from metrics_core.remark import Level, Remark

MADE = "outside of a transaction; others go on writing meanwhile:"
LATER = "it is small. Once it has grown, "
UNREACHED = (
    "the window's condition does not reach this table; compare an indexed column of it with "
    ":window_from and :window_to in the SELECT."
)
BACKLOG = "no index can serve the window of this system: delete what nobody will ask for again."
NO_END = "give the SELECT a column finished_at, null on open tasks."
HIDDEN = "not examined: row level security leaves this role no row, so no table is read."
READ_WHOLE = re.compile(r"SCAN (?!\(|CONSTANT)")
MADE_BETWEEN = re.compile(r"(?:CO-ROUTINE|MATERIALIZE) (.+)")
BY_INDEX = re.compile(r"SEARCH .*INDEX (\S+)")
INDEX_BOTH = "once it has grown: index created_at and finished_at, each as the SELECT makes it."
SAY_UTC = (
    "once it has grown: if all its texts of times are in UTC, set utc_texts = true, and index "
    "created_at and finished_at, each as the SELECT makes it. (Texts of any zone are in no order.)"
)
UNUSED = (
    "its indexes could serve. If this does not help, too many of its tasks are open (finished_at "
    "is null): every window holds them."
)


def remarks_on_indexes(found: Diagnosis) -> Iterator[Remark]:
    """A verdict on each table that the scan reads, and what to do where that is not good."""
    if found.plan is None:
        yield _in_sqlite(found, found.steps or ())
        return
    if not found.bounded:
        yield _said(
            "without finished_at each scan reads every task that there ever was.",
            level="not_good",
            to_do=NO_END,
        )
    for table in found.plan.tables:
        yield from _table(
            table, sparse=_is_sparse(found, table), preset=found.source.preset is not None
        )
    if not found.plan.tables:
        yield _said(HIDDEN if found.row_security else "the SELECT reads no table.")


def _in_sqlite(found: Diagnosis, steps: tuple[str, ...]) -> Remark:
    """Of SQLite's plan: whether a scan of the last hour reads a table whole."""
    whole = _read_whole(steps)
    if not whole:
        used = sorted({hit for step in steps for hit in BY_INDEX.findall(step)})
        by = ", ".join(used) or "a key"
        return _said(f"a scan of the last hour reads by {by}.", level="good")
    if found.source.preset:
        to_do = None
    elif found.bounded:
        to_do = INDEX_BOTH if found.source.utc_texts else SAY_UTC
    else:
        to_do = NO_END
    return _said(f"a scan of the last hour reads a whole table ({', '.join(whole)}).", to_do=to_do)


def _read_whole(steps: tuple[str, ...]) -> list[str]:
    """The steps that read a table from end to end: not those over what a step before them made."""
    whole = [step for step in steps if READ_WHOLE.match(step)]
    for made in filter(None, map(MADE_BETWEEN.fullmatch, steps)):
        if (over := f"SCAN {made[1]}") in whole:
            whole.remove(over)
    return whole


def _said(
    text: str, *, level: Level = "note", to_do: str | None = None, sql: tuple[str, ...] = ()
) -> Remark:
    return Remark(about="index", level=level, text=text, to_do=to_do, sql=sql)


def _is_sparse(found: Diagnosis, table: TableAdvice) -> bool:
    """Whether the window is known to hold few of its rows, whatever the server expects."""
    sample = found.sample
    if sample is None or not sample.complete:
        return False
    return sample.rows <= (table.rows or 0) * CROWDED


def _table(table: TableAdvice, *, sparse: bool, preset: bool) -> Iterator[Remark]:
    if table.rows is None:
        yield _said(
            f"{table.table}: its size is unknown to the server.",
            to_do="before its plans can be judged:",
            sql=(f"ANALYZE {table.table};",),
        )
    size = "" if table.rows is None else f" (about {table.rows:,} rows)"
    text = f"{table.table}{size}: {_how(table)}."
    to_do, sql = _what_to_do(table, sparse=sparse)
    if to_do == UNREACHED and preset:
        to_do = BACKLOG
    level: Level = "not_good" if to_do and table.large else "good"
    yield _said(text, level=level, to_do=to_do, sql=sql)
    for need in table.needs:
        if need.index is not None:
            yield _said(f"{need.expression} has an index: {need.index}.")
    yield from _doubts(table.missing)


def _how(table: TableAdvice) -> str:
    if table.whole:
        return "a scan of the last hour reads all of it (Seq Scan)"
    by = f" by {', '.join(table.indexes)}" if table.indexes else ""
    return f"a scan of the last hour reads a part of it ({', '.join(table.nodes)}{by})"


def _what_to_do(table: TableAdvice, *, sparse: bool) -> tuple[str | None, tuple[str, ...]]:
    """In words, and as SQL; nothing where nothing is to be done."""
    if table.missing:
        made = tuple(need.sql for need in table.missing)
        return (MADE if table.large else LATER + MADE), (*made, f"ANALYZE {table.table};")
    # Of a table that is only joined the server knows best whether to look up rows or to read it.
    crowded = table.crowded and not (sparse and table.servable)
    is_fine = table.indexed and (crowded or not table.needs)
    if is_fine or not table.whole or not table.large:
        return None, ()
    if not table.indexed:
        return UNREACHED, ()
    return UNUSED, (f"ANALYZE {table.table};",)


def _doubts(needs: tuple[IndexNeed, ...]) -> Iterator[Remark]:
    for need in needs:
        if not need.surely_immutable:
            yield _said(
                f"PostgreSQL refuses an index on {need.expression} where a part of it is not "
                "immutable: select a plain column then."
            )
