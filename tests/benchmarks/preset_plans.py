"""How presets read large tables: `python -m tests.benchmarks.preset_plans`, some ten minutes.

Each system's tables with a million tasks and the indexes that the system itself makes, one after
the other: by what index a scan of one hour reads them, how many rows it touches, how long it takes.
Where none serves, the statements that the doctor names are run, and all of it is told again. It
fails where a preset reads a large table whole for want of an index that the doctor does not name.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metrics_core import Source, take_snapshot
from metrics_core.connect import open_database
from metrics_core.index_advice import ScanPlan
from metrics_core.scan import wanted_columns
from metrics_core.statement import bounded_select, scan_statement
from tests.campaigns.server import running_server
from tests.databases import Connection
from tests.large_tables import LARGE_SYSTEMS, make_large_table, preset_source
from tests.planned import WINDOW, named, planned, read_whole

BACKLOGS = ("graphile_worker",)
"""What they keep is nearly all of the present: reading it whole is what is needed."""
REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One scan of the hour: its plan, the rows that it really touched, and the median time."""

    plan: ScanPlan
    touched: int
    snapshot_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("names", nargs="*", default=list(LARGE_SYSTEMS))
    arguments = parser.parse_args()
    print("| preset | reads | of it by | touches | snapshot |\n|---|---|---|---|---|", flush=True)
    faults = [name for name in arguments.names if not _is_served(name, rows=arguments.rows)]
    if faults:
        sys.exit(f"read whole, and no index named: {', '.join(faults)}")


def _is_served(name: str, *, rows: int) -> bool:
    """Prints a preset's line, and that of it with the doctor's indexes; whether that is served."""
    with running_server() as server, server.connect() as connection:
        make_large_table(connection, name, rows=rows)
        source = preset_source(name, server.url)
        found = _read(source, connection)
        _print(name, found)
        missing = named(found.plan)
        for statement in missing:
            print(f"| | `{statement}` | | | |")
            connection.execute(statement.encode())
        if missing:
            connection.execute("ANALYZE")
            found = _read(source, connection)
            _print("with that", found)
        return name in BACKLOGS or not (read_whole(found.plan) or named(found.plan))


def _read(source: Source, connection: Connection) -> Reading:
    times = [take_snapshot(source, WINDOW).provenance.duration_ms for _ in range(ROUNDS)]
    return Reading(
        plan=planned(source),
        touched=sum(_touched(_executed(source, connection))),
        snapshot_ms=statistics.median(times),
    )


def _executed(source: Source, connection: Connection) -> Mapping[str, Any]:
    """What the scan's statement really did, as EXPLAIN ANALYZE tells it."""
    with open_database(source) as database, database.transaction():
        select = bounded_select(database, source, WINDOW)
        wanted = wanted_columns(source, database.columns(select))
        statement = scan_statement(database, wanted, select, WINDOW, {})
    connection.execute("SET random_page_cost = 1.1")
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    plans: Any = connection.execute(explain.encode()).fetchone()
    root: Mapping[str, Any] = plans[0][0]["Plan"]
    return root


def _touched(node: Mapping[str, Any]) -> Iterator[int]:
    if "Relation Name" in node:
        each = node["Actual Rows"] + sum(node.get(key, 0) for key in REMOVED)
        yield round(each * node["Actual Loops"])
    for child in node.get("Plans", ()):
        yield from _touched(child)


def _print(name: str, found: Reading) -> None:
    large = [table for table in found.plan.tables if table.large]
    reads = ", ".join(f"{table.table} ({table.rows:,})" for table in large)
    ways = [", ".join(t.indexes) if not t.whole else "all of it" for t in large]
    touched, took = f"{found.touched:,} rows", f"{found.snapshot_ms:,.0f} ms"
    print(f"| {name} | {reads} | {'; '.join(ways)} | {touched} | {took} |", flush=True)


if __name__ == "__main__":
    main()
