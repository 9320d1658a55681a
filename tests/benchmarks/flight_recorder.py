"""The flight recorder on the demo's day: `python -m tests.benchmarks.flight_recorder`.

The recorder of the demo's own rules looks at windows that end on successive ticks of the demo's
day, from its second hour on. What it archived is compared with an evaluation by plain loops over
the rows, debounce included. Bars: each planted fault is recorded once, within one tick of its
rule's beginning; nothing is recorded in an hour in which nothing begins or ends.
"""

import argparse
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from tests.campaigns.replay import Day, Happening, ago, calm_hours, expected, planted, replayed

RULES_OF = {
    "stall": ("backlog_age_seconds > 300", "no_completed_for > 300"),
    "bad deploy": ("failure_rate > 0.09",),
    "drift": ("p95_ms.time_to_complete by engine > 95000",),
    "failing tenant": ("failure_rate by tenant_id > 0.08",),
}
HEADINGS = ("fault", "planted", "rule", "should begin", "recorded", "ticks late", "begun", "ended")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tick-seconds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        day = Day.made(Path(folder), seed=given.seed)
        ticks = day.ticks(timedelta(hours=23), timedelta(0), given.tick_seconds)
        found = replayed(day, Path(folder) / "archive.db", ticks)
        should = expected(day, ticks)
        seconds = time.monotonic() - began
    print("| " + " | ".join(HEADINGS) + " |\n" + "|---" * len(HEADINGS) + "|")
    good = [_told(fault, day, found, should, given.tick_seconds) for fault in RULES_OF]
    hours = calm_hours(ticks, should, lambda: ticks[0])
    recorded = [at for each in found.values() for _, at in each]
    loud = sum(hour <= at < hour + timedelta(hours=1) for hour in hours for at in recorded)
    print(f"\n{len(ticks)} ticks of {given.tick_seconds} s in {seconds:.0f} s; ", end="")
    print(f"{len(recorded)} records; {loud} of them in the {len(hours)} calm hours")
    if not all(good) or loud or found != should:
        sys.exit("the bar is not met")


def _told(
    fault: str,
    day: Day,
    found: dict[str, list[Happening]],
    should: dict[str, list[Happening]],
    tick_seconds: int,
) -> bool:
    """Prints the fault's lines; whether each of its rules began once, and was recorded in time."""
    good = []
    for rule in RULES_OF[fault]:
        begins, due = _begins(found[rule]), _begins(should[rule])
        late = [(at - d).total_seconds() / tick_seconds for at, d in zip(begins, due, strict=False)]
        cells = (
            *(fault, ago(planted(day.world)[fault]), rule, ", ".join(map(ago, due))),
            *(", ".join(map(ago, begins)), ", ".join(f"{each:g}" for each in late)),
            *(str(len(begins)), str(len(found[rule]) - len(begins))),
        )
        print("| " + " | ".join(cells) + " |")
        good.append(len(begins) == len(due) == 1 and 0 <= late[0] <= 1)
    return all(good)


def _begins(happenings: list[Happening]) -> list[datetime]:
    return [at for turn, at in happenings if turn == "began"]


if __name__ == "__main__":
    main()
