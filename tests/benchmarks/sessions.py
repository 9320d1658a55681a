"""Many viewers of the page: `python -m tests.benchmarks.sessions`, about four minutes.

Each signs in, opens the page's websocket as a browser does and refreshes every 5 s; they and the
server share the machine. The p95 of a refresh is from the question to the end of its answer. The
source is the demo's SQLite, or with --postgresql a table with 100,000 tasks in the window.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
from pathlib import Path

from tests.campaigns.page_crowd import Crowd, crowd
from tests.campaigns.page_sources import busy_postgresql, living_demo
from tests.campaigns.served import served


def main() -> None:
    arguments = _arguments()
    source = busy_postgresql if arguments.postgresql else living_demo
    refreshes = max(2, round(arguments.seconds / arguments.every))
    with (
        tempfile.TemporaryDirectory() as folder,
        source() as config,
        served(config, Path(folder) / "log") as server,
    ):
        looking = crowd(
            server, viewers=arguments.viewers, refreshes=refreshes, every_seconds=arguments.every
        )
        _print(asyncio.run(looking), arguments.viewers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=80)
    parser.add_argument("--seconds", type=int, default=180, help="for how long they look")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between refreshes")
    parser.add_argument("--postgresql", action="store_true", help="100,000 tasks in the window")
    return parser.parse_args()


def _print(seen: Crowd, viewers: int) -> None:
    cuts = statistics.quantiles(seen.seconds, n=100)
    memory = ", ".join(f"{megabytes:.0f}" for megabytes in seen.megabytes)
    each_ms = 1000 * seen.cpu_seconds / len(seen.seconds)
    print("| viewers | refreshes | unanswered | p50 | p95 | max | cores | CPU each | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    print(
        f"| {viewers} | {len(seen.seconds):,} | {seen.unanswered} | {cuts[49]:.2f} s"
        f" | {cuts[94]:.2f} s | {max(seen.seconds):.2f} s"
        f" | {seen.cpu_seconds / seen.wall_seconds:.2f} | {each_ms:.1f} ms | {memory} |"
    )
    print("MB: the server's resident memory at the start, midway and at the end")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
