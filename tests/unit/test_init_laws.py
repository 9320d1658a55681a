"""Whatever tables an SQLite file holds: init's look ends, and what it would write reads again."""

import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.init_blocks import proposal_text
from dashboard.init_text import evidence_text, nothing_text
from metrics_core import Source, load_sources, take_snapshot
from metrics_core.errors import StillframeError
from metrics_core.look import Found, looked_at
from metrics_core.proposal import Proposal
from metrics_core.table_facts import identifier
from tests.builders import HOUR

HOSTILE = ('a"b', "x\ny", "'; --", "{tail}", "ü", "%s", "?", "\x1b[31m", "[sources.x]", "FALSE")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
NAMES = st.one_of(st.sampled_from(HOSTILE), ANY_TEXT)
WORDS = st.sampled_from(["queued", "RUNNING", "done", "failed", "x\n'''", "", "0", "a=b, c"])
CODES = st.integers(-1, 3)
ISO = st.sampled_from(["2026-01-30T10:30:00Z", "2026-01-30 10:31:00.5", "2026-01-30 10:29"])
EPOCHS = st.sampled_from([1769769000, 1769769000000, 1769769000.25, 0])
ANYTHING = st.one_of(
    st.none(),
    WORDS,
    st.sampled_from(["2026-01-30", "now", "12", 1e300, float("inf")]),
    st.binary(max_size=3),
    st.integers(-(2**63), 2**63 - 1),
)
USUAL = {
    "status": (("state", "Status", 'job "state"', "phase\n"), (WORDS, CODES, ANYTHING)),
    "created": (("created_at", "inserted", "timestamp", "queued'at"), (ISO, EPOCHS, ANYTHING)),
    "started": (("began", "startedAt"), (ISO, EPOCHS, ANYTHING)),
    "finished": (("done", "finished at", "failed_at"), (ISO, EPOCHS, ANYTHING)),
    "other": (("reason", "queue", "cost", "error_code", "order", "run_at"), (WORDS, ANYTHING)),
}
TYPES = st.sampled_from(["", "TEXT", "INTEGER", "REAL", "TIMESTAMP", "BLOB", "JSON", "VARCHAR(9)"])


@dataclass(frozen=True)
class DrawnTable:
    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]

    def make(self, connection: sqlite3.Connection) -> None:
        columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in self.columns)
        connection.execute(f"CREATE TABLE {identifier(self.name)} ({columns})")
        marks = ", ".join("?" * len(self.columns))
        connection.executemany(f"INSERT INTO {identifier(self.name)} VALUES ({marks})", self.rows)


@st.composite
def tables(draw: st.DrawFn) -> DrawnTable:
    """Mostly with a column for each use, under usual names or hostile ones, and of any values."""
    drawn: dict[str, st.SearchStrategy[object]] = {}
    for names, values in USUAL.values():
        if draw(st.integers(0, 4)):
            usual = draw(st.sampled_from(values))
            drawn[draw(st.sampled_from(names))] = st.one_of(st.none(), usual)
    drawn |= dict.fromkeys(draw(st.lists(NAMES, max_size=3)), ANYTHING)
    columns = [*{name.lower(): name for name in drawn}.values()] or ["x"]
    row = st.tuples(*(drawn.get(name, ANYTHING) for name in columns))
    return DrawnTable(
        draw(NAMES.filter(lambda name: not name.lower().startswith("sqlite_"))),
        [(name, draw(TYPES)) for name in columns],
        draw(st.lists(row, max_size=6)),
    )


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(tables(), max_size=3, unique_by=lambda table: table.name.lower()))
def test_any_tables_give_a_file_that_reads_as_the_same_source_or_a_clear_no(
    drawn: list[DrawnTable],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/queue.db"
        connection = sqlite3.connect(Path(folder, "queue.db"))
        for table in drawn:
            table.make(connection)
        connection.commit()
        connection.close()
        found = looked_at(url)
        assert found.tables == len(drawn)
        assert "\x1b" not in nothing_text(found)
        for fit in found.fits:
            if fit.proposal is not None:
                assert_reads_again(found, fit.proposal, url, Path(folder, "stillframe.toml"))


def assert_reads_again(found: Found, proposal: Proposal, url: str, file: Path) -> None:
    likely = {value.native: value.likely for value in proposal.unclear if value.likely}
    answered = proposal.with_meanings(likely)
    assert "\x1b" not in evidence_text(found, answered)
    file.write_text(proposal_text(answered, url), encoding="utf-8")
    (source,) = load_sources(file).values()
    wanted = answered.settings()
    assert source.sql == wanted["sql"]
    assert list(source.dimensions) == wanted["dimensions"]
    statuses = {status: list(natives) for status, natives in source.statuses.items()}
    assert statuses == wanted.get("statuses", {})
    assert source.timezone == wanted.get("timezone", "UTC")
    assert source.time_unit == wanted.get("time_unit", "s")
    told = snapshot_fault(source)
    assert told is None or "does not hold a" in told


def snapshot_fault(source: Source) -> str | None:
    """What a snapshot is refused for: a column may hold what neither its name nor sample says."""
    try:
        take_snapshot(source, HOUR)
    except StillframeError as error:
        return str(error)
    return None
