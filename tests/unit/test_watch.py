"""When a rule begins to hold and when it is over: debounce, and what says nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from metrics_core.rules import Reading, parsed
from metrics_core.watch import Turn, Watch, note, turn_in

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
RULE = parsed("failure_rate > 0.2", ())
MINUTE = 60


def turns(values: Sequence[float | None], *, every: int = MINUTE) -> list[tuple[int, Turn]]:
    """At which of the values, so many seconds apart, something turned."""
    watch, found = Watch(), []
    for place, value in enumerate(values):
        seen = None if value is None else Reading(value=value)
        watch, turn = watch.after(RULE, seen, NOON + timedelta(seconds=place * every))
        if turn:
            found.append((place, turn))
    return found


def test_it_begins_at_the_first_value_beyond_the_limit_and_only_once() -> None:
    assert turns([0.1, 0.2, 0.21, 0.3, 0.25]) == [(2, "began")]


def test_it_is_over_after_five_minutes_clear_of_the_limit() -> None:
    assert turns([0.3, *[0.1] * 6]) == [(0, "began"), (6, "ended")]
    assert turns([0.3, *[0.1] * 5]) == [(0, "began")]


@pytest.mark.parametrize("between", [0.3, 0.21, 0.2, 0.19])
def test_what_comes_near_the_limit_meanwhile_keeps_it_going(between: float) -> None:
    values = [0.3, *[0.1] * 4, between, *[0.1] * 5]
    assert turns(values) == [(0, "began")]
    assert turns([*values, 0.1]) == [(0, "began"), (11, "ended")]


def test_a_figure_that_dances_about_the_limit_is_one_beginning() -> None:
    assert turns([0.21, 0.19] * 60, every=5) == [(0, "began")]


def test_what_cannot_be_measured_neither_begins_nor_ends() -> None:
    assert turns([None] * 3) == []
    assert turns([0.3, *[None] * 20]) == [(0, "began")]
    assert turns([0.3, 0.1, *[None] * 20, 0.1]) == [(0, "began"), (22, "ended")]


def test_it_may_begin_anew() -> None:
    assert [turn for _, turn in turns([0.3, *[0.1] * 6, 0.3])] == ["began", "ended", "began"]


def test_a_rule_below_a_limit_is_clear_above_it() -> None:
    rule, watch = parsed("completed < 10", ()), Watch(is_open=True)
    for place, value in enumerate([10, 10.9, 11, 11, 11, 11, 11, 11]):
        watch, turn = watch.after(rule, Reading(value=value), NOON + timedelta(minutes=place))
        assert turn == ("ended" if place == 7 else None)


def test_a_note_is_one_line_that_tells_rule_and_value() -> None:
    told = note("began", RULE, Reading(value=0.31, tasks=120, of='tenant="a\nb"'))
    assert told == 'began: failure_rate > 0.2; it is 0.31 (n=120) of tenant="a b"'
    assert turn_in(told, RULE) == "began"
    assert turn_in(note("ended", RULE, Reading(value=0)), RULE) == "ended"
    assert turn_in(told, parsed("failure_rate > 0.21", ())) is None
    assert turn_in(None, RULE) is None
    assert len(note("began", RULE, Reading(value=1, of="x" * 5_000))) == 1_000
