"""The API as schemathesis sees it: `python -m tests.benchmarks.api_fuzz`.

Runs until at least so many requests were answered, on a PostgreSQL of its own, each time with
another seed, and prints schemathesis' summary, the statuses, and the server's errors. Exits 1 where
a check failed or an answer was of 5xx. Bounded: about 4 minutes by default.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.campaigns.fuzz import Fuzzed, Target, target
from tests.campaigns.server import running_server


def main() -> None:
    arguments = _arguments()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server() as server,
        target(Path(folder), server.url) as served,
    ):
        runs = list(_runs(served, arguments.requests, arguments.examples))
    statuses = sum((run.statuses for run in runs), Counter[int]())
    print(runs[-1].printed[runs[-1].printed.rfind("=== SUMMARY") - 40 :])
    print("| runs | failed | requests | answers of 5xx | statuses |")
    print("|---|---|---|---|---|")
    failed = sum(not run.passed for run in runs)
    errors = sum(run.server_errors for run in runs)
    told = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    print(f"| {len(runs)} | {failed} | {statuses.total():,} | {errors} | {told} |")
    sys.exit(1 if failed or errors else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5_000, help="at least so many in all")
    parser.add_argument("--examples", type=int, default=300, help="of an operation, in one run")
    return parser.parse_args()


def _runs(served: Target, requests: int, examples: int) -> list[Fuzzed]:
    runs: list[Fuzzed] = []
    while sum(run.requests for run in runs) < requests:
        runs.append(served.fuzzed(examples=examples, seed=len(runs) + 1))
        if not runs[-1].passed:
            print(runs[-1].printed)
    return runs


if __name__ == "__main__":
    main()
