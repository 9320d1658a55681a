"""States: beginning, end and every state that a task was in, by values worked out by hand."""

import numpy as np
import pytest

from metrics_core.states import ALWAYS, NEVER, lifetimes, lived, open_at, states_at, stays
from metrics_core.tasks import STATUS_CODE
from tests.builders import row, tasks_of, us

NAMES = {code: status for status, code in STATUS_CODE.items()} | {-1: "-"}


def life(status: str, **times: float) -> tuple[float, float]:
    """Beginning and end of one task in seconds after ten."""
    found = lifetimes(tasks_of(row("a", status, **times)))
    return _seconds(int(found.begin[0])), _seconds(int(found.end[0]))


def _seconds(instant: int) -> float:
    ends = {ALWAYS: float("-inf"), NEVER: float("inf")}
    return ends.get(instant, (instant - us(0)) / 1e6)


def states(status: str, *instants: float, **times: float) -> str:
    """The state of one task at each of the instants; - where it is not there or ended."""
    tasks = tasks_of(row("a", status, **times))
    found = tuple(stays(tasks, lifetimes(tasks)))
    return " ".join(NAMES[int(states_at(found, us(t), 1)[0])] for t in instants)


@pytest.mark.parametrize(
    ("status", "times", "expected"),
    [
        ("queued", {"created": 1}, (1, np.inf)),
        ("completed", {"created": 1, "started": 2, "finished": 3}, (1, 3)),
        ("completed", {"created": 5, "started": 2, "finished": 3}, (5, 5)),
        ("completed", {"started": 4, "finished": 3, "updated": 9}, (3, 3)),
        ("completed", {"created": 1, "updated": 9}, (1, 9)),
        ("completed", {"created": 9, "updated": 1}, (9, 9)),
        ("completed", {"created": 1}, (1, 1)),
        ("failed", {"eligible": 4}, (4, 4)),
        ("cancelled", {"updated": 4, "eligible": 2}, (4, 4)),
        ("queued", {"eligible": 4}, (4, np.inf)),
        ("processing", {"eligible": 4}, (4, np.inf)),
        ("scheduled", {"eligible": 4}, (-np.inf, np.inf)),
        ("retrying", {"eligible": 4}, (-np.inf, np.inf)),
        ("queued", {}, (-np.inf, np.inf)),
        ("processing", {"finished": 3, "started": 7}, (3, np.inf)),
    ],
)
def test_a_task_begins_and_ends_by_its_best_known_times(
    status: str, times: dict[str, float], expected: tuple[float, float]
) -> None:
    assert life(status, **times) == expected


@pytest.mark.parametrize(
    ("status", "times", "expected"),
    [
        ("queued", {"created": 0}, "- queued queued"),
        ("queued", {"created": -9, "eligible": 10}, "scheduled scheduled queued"),
        ("scheduled", {"created": -9, "eligible": 10}, "scheduled scheduled queued"),
        ("scheduled", {"created": -9}, "scheduled scheduled scheduled"),
        ("processing", {"created": -9, "started": 0}, "queued processing processing"),
        ("processing", {"created": -9, "started": 5}, "queued processing processing"),
        (
            "processing",
            {"created": -9, "started": 5, "updated": 12},
            "queued processing processing",
        ),
        (
            "retrying",
            {"created": -9, "started": -5, "updated": 10},
            "processing processing retrying",
        ),
        ("retrying", {"created": -9}, "retrying retrying retrying"),
        ("queued", {"created": -9, "started": -5, "updated": 10}, "processing processing queued"),
        ("completed", {"created": -9, "started": 0, "finished": 10}, "queued processing -"),
        ("failed", {"created": -9, "finished": 10}, "queued queued -"),
        ("cancelled", {"created": -9, "eligible": 9, "updated": 10}, "scheduled queued -"),
        (
            "failed",
            {"created": -9, "eligible": 5, "started": 10, "finished": 11},
            "scheduled queued -",
        ),
        ("completed", {"created": 10, "started": -5, "finished": 0}, "- - -"),
    ],
)
def test_the_state_at_ten_and_ten_and_twenty_seconds_later(
    status: str, times: dict[str, float], expected: str
) -> None:
    assert states(status, 0, 10, 20, **times) == expected


def test_an_instant_belongs_to_the_state_before_the_change() -> None:
    times = {"created": 0.0, "started": 5.0, "finished": 9.0}
    edges = (0, 0.000001, 5, 5.000001, 9, 9.000001)
    assert states("completed", *edges, **times) == "- queued queued processing processing -"


def test_a_task_that_ended_as_it_began_was_never_open() -> None:
    assert states("completed", 0, 0.000001, created=0, finished=0) == "- -"


def test_a_task_lived_if_it_began_before_the_windows_end_and_did_not_end_before_it() -> None:
    tasks = tasks_of(
        row("ends at from", "completed", created=-5, finished=0),
        row("ends before", "completed", created=-5, finished=-0.000001),
        row("begins at to", "queued", created=60),
        row("begins before to", "queued", created=59.999999),
        row("ends at to", "completed", created=5, finished=60),
    )
    found = lived(lifetimes(tasks), us(0), us(60))
    assert found.tolist() == [True, False, False, True, True]


def test_open_are_those_that_had_begun_and_not_ended_before() -> None:
    tasks = tasks_of(
        row("a", "completed", created=0, finished=10),
        row("b", "queued", created=10),
        row("c", "queued"),
    )
    found = lifetimes(tasks)
    assert [open_at(found, us(t)) for t in (0, 1, 10, 10.000001)] == [1, 2, 2, 2]


def test_no_task_is_in_no_state() -> None:
    tasks = tasks_of()
    assert states_at(tuple(stays(tasks, lifetimes(tasks))), us(0), 0).tolist() == []
