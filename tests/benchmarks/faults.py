"""Faults, injected for real: `python -m tests.benchmarks.faults --rounds 20`.

A collector with a tick of 0.5 s and a deadline of 1 s is asked every 0.1 s for two windows of a
real PostgreSQL while its server, its backends, its table or its network break. Prints a table of
faults injected and survived, with medians and extremes. Bounded: about 7 s a round.
"""

import argparse
import statistics
from collections.abc import Iterable

from tests.campaigns.kinds import KINDS
from tests.campaigns.rounds import Round, Stage, stage

HEADINGS = ("fault", "injected", "survived", "STALE after", "LIVE again", "connections")


def main() -> None:
    arguments = _arguments()
    names = [name for name in KINDS if any(part in name for part in arguments.only)]
    print("| " + " | ".join(HEADINGS) + " |\n" + "|---" * len(HEADINGS) + "|", flush=True)
    with stage() as ready:
        for name in names:
            print(_line(name, _played(ready, name, arguments.rounds)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often each fault is injected")
    parser.add_argument("--only", nargs="*", default=[""], help="parts of the names of faults")
    return parser.parse_args()


def _played(ready: Stage, name: str, rounds: int) -> list[tuple[Round, bool]]:
    played = []
    for number in range(rounds):
        done = ready.play(KINDS[name])
        complaints = done.complaints(KINDS[name])
        played.append((done, not complaints))
        if complaints:
            print(f"  {name}, round {number + 1}: {'; '.join(complaints)} {done}", flush=True)
    return played


def _line(name: str, played: list[tuple[Round, bool]]) -> str:
    rounds = [done for done, _ in played]
    cells = (
        name,
        str(len(played)),
        str(sum(survived for _, survived in played)),
        _seconds(done.stale_after for done in rounds),
        _seconds(done.live_after for done in rounds),
        f"{max(done.connections for done in rounds)} at most",
    )
    return "| " + " | ".join(cells) + " |"


def _seconds(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    return f"{statistics.median(known):.1f} s, at most {max(known):.1f} s"


if __name__ == "__main__":
    main()
