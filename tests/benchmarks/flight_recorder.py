"""The flight recorder on the demo's day: `python -m tests.benchmarks.flight_recorder`.

The recorder of the demo's own rules looks at windows that end on successive ticks of the demo's
day, from its second hour on: each minute, and around each beginning of a rule once more at the
server's own tick of five seconds. What it archived is compared with an evaluation by plain loops
over the rows, debounce included. Bars: each planted fault is recorded once, within one tick of its
rule's beginning; nothing is recorded in an hour in which nothing begins or ends.
"""

import argparse
import logging
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.demo import make_demo
from dashboard.demo.world import World, microseconds
from tests.campaigns.replay import HOUR, Day, Happening, calm_hours, expected, replayed, ticks

NOW = datetime(2026, 2, 1, 10, 7, 13, tzinfo=UTC)
BEFORE, AFTER = timedelta(minutes=4), timedelta(minutes=1)
SERVER_TICK_SECONDS = 5
RULES_OF = {
    "stall": ("backlog_age_seconds > 300", "no_completed_for > 300"),
    "bad deploy": ("failure_rate > 0.09",),
    "drift": ("p95_ms.time_to_complete by engine > 95000",),
    "failing tenant": ("failure_rate by tenant_id > 0.08",),
}
HEADINGS = (
    *("fault", "planted", "rule", "should begin", "recorded", "ticks late", "begun", "over"),
    f"ticks of {SERVER_TICK_SECONDS} s late",
)
Found = dict[str, list[Happening]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tick-seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_demo(folder, seed=given.seed, now=NOW)
        day = Day.of(folder, World(seed=given.seed, now_us=microseconds(NOW)))
        at = ticks(day.end - 23 * HOUR, day.end, given.tick_seconds)
        found, should = replayed(day, folder / "archive.db", at), expected(day, at)
        print("| " + " | ".join(HEADINGS) + " |\n" + "|---" * len(HEADINGS) + "|", flush=True)
        lines = [
            _line(day, folder, fault, rule, found, should, given.tick_seconds)
            for fault, rules in RULES_OF.items()
            for rule in rules
        ]
    hours = calm_hours(day, should)
    recorded = [instant for each in found.values() for _, instant in each]
    loud = sum(hour < instant <= hour + HOUR for hour in hours for instant in recorded)
    print(
        f"\n{len(at)} ticks in {time.monotonic() - began:.0f} s; {len(recorded)} records, ", end=""
    )
    print(f"{loud} of them in the {len(hours)} calm hours")
    if not all(lines) or loud or found != should:
        sys.exit("the bar is not met")


def _line(
    day: Day, folder: Path, fault: str, rule: str, found: Found, should: Found, tick_seconds: int
) -> bool:
    """Prints it; whether the rule began once, and was recorded in time on both ticks."""
    begins, due = _begins(found[rule]), _begins(should[rule])
    late = _late(begins, due, tick_seconds)
    closer = [each for when in due for each in _closer(day, folder, rule, when)]
    cells = (
        *(fault, day.ago(day.planted[fault]), rule, ", ".join(map(day.ago, due))),
        *(", ".join(map(day.ago, begins)), _numbers(late), str(len(begins))),
        *(str(len(found[rule]) - len(begins)), _numbers(closer)),
    )
    print("| " + " | ".join(cells) + " |", flush=True)
    is_once = len(begins) == len(due) == len(closer) == 1
    return is_once and all(0 <= each <= 1 for each in (*late, *closer))


def _closer(day: Day, folder: Path, rule: str, due: datetime) -> list[float]:
    """How late it is where the recorder looks as often as the server does."""
    alone = Day(
        source=day.source.model_copy(update={"record_when": (rule,)}),
        database=day.database,
        world=day.world,
    )
    at = ticks(due - BEFORE, due + AFTER, SERVER_TICK_SECONDS)
    found = replayed(alone, folder / f"{microseconds(due)}.db", at)
    return _late(_begins(found[rule]), _begins(expected(alone, at)[rule]), SERVER_TICK_SECONDS)


def _late(begins: list[datetime], due: list[datetime], tick_seconds: int) -> list[float]:
    pairs = zip(begins, due, strict=True) if len(begins) == len(due) else ()
    return [(began - when).total_seconds() / tick_seconds for began, when in pairs]


def _numbers(values: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values) or "-"


def _begins(happenings: list[Happening]) -> list[datetime]:
    return [instant for turn, instant in happenings if turn == "began"]


if __name__ == "__main__":
    main()
