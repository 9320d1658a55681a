"""The demo's rules on its faults, in short: `tests.benchmarks.flight_recorder` is the whole day."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.campaigns.replay import Day, expected, replayed, ticks
from tests.unit.demo.rows import WORLD

MINUTE = timedelta(minutes=1)
TENANT, DRIFT = "failure_rate by tenant_id > 0.08", "p95_ms.time_to_complete by engine > 95000"


@pytest.fixture(name="day")
def made(folder: Path) -> Day:
    return Day.of(folder, WORLD)


@pytest.mark.parametrize(
    ("fault", "first", "last", "rules"),
    [
        ("stall", 3, 14, ["backlog_age_seconds > 300", "no_completed_for > 300"]),
        ("bad deploy", 10, 50, ["failure_rate > 0.09"]),
    ],
)
def test_a_planted_fault_is_recorded_once_at_the_very_tick_at_which_its_rule_begins(
    day: Day, tmp_path: Path, fault: str, first: int, last: int, rules: list[str]
) -> None:
    at = day.planted[fault]
    window = ticks(at + first * MINUTE, at + last * MINUTE, 60)
    found = replayed(day, tmp_path / "archive.db", window)
    assert found == expected(day, window)
    turned = {rule: [turn for turn, _ in each] for rule, each in found.items() if each}
    begun = {rule: turns for rule, turns in turned.items() if found[rule][0][1] > window[0]}
    assert begun == {rule: ["began"] for rule in rules}
    assert set(turned) - set(rules) == {TENANT, DRIFT}  # these held before


def test_nothing_is_recorded_in_a_calm_hour(day: Day, tmp_path: Path) -> None:
    calm_until = day.planted["stall"]
    window = ticks(calm_until - 60 * MINUTE, calm_until, 300)
    found = replayed(day, tmp_path / "archive.db", window)
    assert found == expected(day, window)
    assert {rule: len(each) for rule, each in found.items() if each} == {TENANT: 1, DRIFT: 1}
    assert {instant for each in found.values() for _, instant in each} == {window[0]}
