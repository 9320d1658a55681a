"""Conditions as EXPLAIN words them, and what must be indexed so that they choose rows."""

import pytest

from metrics_core.conditions import Asked, needed

SINCE = "'2026-01-30 09:00:00+00'::timestamp with time zone"
LATER = (
    f"((done IS NULL) OR (done >= {SINCE}) OR (done = '-infinity'::timestamp) OR (made >= {SINCE}))"
)
BEFORE = f"((made IS NULL) OR (made < {SINCE}) OR (made = 'infinity'::timestamp))"
INNER = (
    f"(((state = ANY ('{{a,b}}'::states[])) AND (done >= {SINCE})) OR "
    "(state = ANY ('{c}'::states[])))"
)


def expressions(*conditions: str) -> list[list[str]]:
    return [sorted(each) for each in needed(conditions)]


def test_both_times_of_the_window_must_be_indexed() -> None:
    (found,) = needed([f"({LATER} AND {BEFORE})"])
    assert found == {
        "done": Asked(operators=frozenset({"IS NULL", ">=", "="})),
        "made": Asked(operators=frozenset({">="})),
    }


def test_an_upper_bound_alone_chooses_nothing() -> None:
    assert needed([BEFORE]) == ()


def test_inner_bounds_are_a_second_way() -> None:
    assert expressions(LATER, INNER) == [["done", "made"], ["done", "state"]]
    (found,) = needed([INNER])
    assert found["done"].beside == {"state"}


def test_what_is_fixed_beside_may_come_first_in_an_index() -> None:
    (found,) = needed([f"((kind = 'x'::text) AND (at >= {SINCE}))"])
    assert found["at"].beside == {"kind"}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"(at >= {SINCE})", [["at"]]),
        (f"(at > ({SINCE} - '8 days'::interval))", [["at"]]),
        (f"((kind = 'x'::text) AND (at >= {SINCE}))", [["at"]]),
        ("(done >= '1769763599999'::bigint)", [["done"]]),
        ("(priority >= 5)", []),
        (f"(COALESCE(a, b) >= {SINCE})", [["COALESCE(a, b)"]]),
        (f"(((status)::text < 'F'::text) OR (at >= {SINCE}))", [["at", "status"]]),
        (f'("a OR b" >= {SINCE})', [['"a OR b"']]),
        (f"((at >= {SINCE}) OR f(at))", []),
        (f"((at >= {SINCE}) OR (NOT (hashed SubPlan 1)))", []),
        (f"((CASE WHEN (t > {SINCE}) THEN a ELSE b END) >= {SINCE})", []),
        ("(job_id = $1)", []),
        ("", []),
    ],
)
def test_what_is_to_be_indexed(condition: str, found: list[list[str]]) -> None:
    assert expressions(condition) == found
