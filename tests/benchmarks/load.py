"""The load that Stillframe is: `python -m tests.benchmarks.load`.

First, 200 viewers ask for the same live window at once, tick after tick, and the server's own log
tells how many scans it saw. Then pgbench runs alone and beside 20 viewers at a refresh of 5 s, in
turn, server and pgbench on one core and Stillframe on the other; medians and their ratio are
printed. Bounded: about 3 minutes by default.
"""

import argparse
import statistics

from tests.campaigns.crowd import crowd
from tests.campaigns.pgbench import benched_server, transactions_a_second, viewers_looking


def main() -> None:
    arguments = _arguments()
    if arguments.ticks:
        print_crowd(arguments.viewers, arguments.ticks)
    if arguments.rounds:
        print_throughput(arguments.rounds, arguments.seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=200, help="viewers who ask at once")
    parser.add_argument("--ticks", type=int, default=10, help="ticks at which they ask; 0: none")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of pgbench runs; 0: none")
    parser.add_argument("--seconds", type=int, default=10, help="length of one pgbench run")
    return parser.parse_args()


def print_crowd(viewers: int, ticks: int) -> None:
    """The scans that the server saw of so many viewers."""
    seen = crowd(viewers, ticks, tick_seconds=2.0)
    print("| viewers at once | ticks | questions | wrong | scans on the server | slowest answer |")
    print("|---|---|---|---|---|---|")
    print(
        f"| {viewers} | {seen.ticks} | {seen.questions:,} | {seen.wrong} | {seen.scans}"
        f" | {seen.slowest_seconds:.2f} s |\n",
        flush=True,
    )


def print_throughput(rounds: int, seconds: int) -> None:
    """The medians of interleaved runs."""
    alone, beside = throughputs(rounds, seconds)
    ratio = statistics.median(beside) / statistics.median(alone)
    print("| pgbench, medians of", rounds, "runs | alone | beside 20 viewers | ratio |")
    print("|---|---|---|---|")
    print(f"| transactions a second | {_spread(alone)} | {_spread(beside)} | {ratio:.1%} |")


def _spread(values: list[float]) -> str:
    """The median and the extremes, which tell how quiet the machine was."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def throughputs(rounds: int, seconds: int) -> tuple[list[float], list[float]]:
    """Transactions a second alone and beside viewers, in turn; which goes first changes."""
    alone: list[float] = []
    beside: list[float] = []
    with benched_server() as (server, benched):
        transactions_a_second(server, seconds)
        for number in range(rounds):
            for watched in (number % 2 == 0, number % 2 == 1):
                if not watched:
                    alone.append(transactions_a_second(server, seconds))
                    continue
                with viewers_looking(benched):
                    beside.append(transactions_a_second(server, seconds))
    return alone, beside


if __name__ == "__main__":
    main()
