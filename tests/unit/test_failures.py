"""Failures by error code: grouping, ranking, samples, bins and dimension values."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from metrics_core.failures import errors, top_errors
from metrics_core.groups import Errors
from metrics_core.source import ErrorRule
from tests.builders import Row, at, figures_of, row


def failure(name: str, finished: float, **values: object) -> dict[str, object]:
    return row(name, "failed", created=0, finished=finished, **values)


def found(*rows: Row, **settings: Any) -> Errors:
    measured = errors(figures_of(*rows, **settings))
    assert measured is not None
    return measured


def test_a_code_tells_of_its_failures() -> None:
    (group,) = found(
        failure("a", 10, error_code="E1", error="first", queue="x"),
        failure("c", 200, error_code="E1", error=" ", queue="x"),
        failure("b", 130, error_code="E1", error="second", queue=None),
    ).codes
    assert (group.code, group.count, group.share) == ("E1", 3, 1.0)
    assert group.sample_message == "second"
    assert (group.first_at, group.last_at) == (at(10), at(200))
    assert group.task_ids == ("c", "b", "a")
    assert group.bins == (1, 0, 1, 1, *[0] * 56)
    (queue,) = group.dimensions
    assert (queue.dimension, queue.other) == ("queue", 0)
    assert [(each.value, each.count) for each in queue.values] == [("x", 2), (None, 1)]


def test_codes_are_ranked_by_count_and_ties_by_code() -> None:
    codes = ["b", "a", "c", "c", "Z", "ä"]
    groups = found(*(failure(f"t{i}", 5, error_code=code) for i, code in enumerate(codes))).codes
    assert [(group.code, group.count) for group in groups] == [
        ("c", 2),
        ("Z", 1),
        ("a", 1),
        ("b", 1),
        ("ä", 1),
    ]
    assert [group.share for group in groups][:2] == [0.333333, 0.166667]


def test_the_code_column_wins_and_is_trimmed_and_cut() -> None:
    groups = found(
        failure("a", 1, error_code=" E1 \n", error="GPU_OOM: x"),
        failure("b", 2, error_code="c" * 300),
    ).codes
    assert [group.code for group in groups] == ["E1", "c" * 200]


def test_a_blank_code_leaves_it_to_the_message_and_the_sources_rules() -> None:
    rules = (ErrorRule(match="timed out", code="ENGINE_TIMEOUT"),)
    groups = found(
        failure("a", 1, error_code=" ", error="it timed out"),
        failure("b", 2, error="GPU_OOM: x"),
        failure("c", 3),
        errors=rules,
    ).codes
    assert [group.code for group in groups] == ["ENGINE_TIMEOUT", "GPU_OOM", "NO_MESSAGE"]
    assert [group.sample_message for group in groups] == ["it timed out", "GPU_OOM: x", None]


def test_the_newest_five_ids_are_named_and_ties_go_by_id() -> None:
    same_time = [failure(name, 5, error_code="E") for name in ("t1", "t9", "t10", "t2")]
    ends = failure("old", 1, error_code="E"), failure("new", 9, error_code="E")
    (group,) = found(*ends, *same_time).codes
    assert group.task_ids == ("new", "t9", "t2", "t10", "t1")


@given(
    st.lists(
        st.builds(
            failure,
            st.sampled_from("abcä😀"),
            st.integers(0, 3),
            error_code=st.sampled_from("XYZ"),
            error=st.sampled_from(["m", "n", " ", None]),
        ),
        max_size=12,
    )
)
def test_the_order_in_which_a_table_gives_its_rows_changes_nothing(rows: list[Row]) -> None:
    newest = sorted(
        rows, key=lambda each: (each["finished_at"], each["id"], each["error"] or ""), reverse=True
    )
    for group in found(*rows).codes:
        own = [each for each in newest if each["error_code"] == group.code]
        told = [each["error"] for each in own if str(each["error"] or "").strip()]
        assert group.task_ids == tuple(each["id"] for each in own[:5])
        assert group.sample_message == next(iter(told), None)
    assert found(*rows) == found(*reversed(rows))


def test_only_failures_that_ended_in_the_window_count() -> None:
    groups = found(
        failure("at to", 3600, error_code="E"),
        failure("within", 3599.999999, error_code="E"),
        row("completed", "completed", created=0, finished=5, error_code="E"),
    ).codes
    assert [group.task_ids for group in groups] == [("within",)]


def test_codes_beyond_the_hundredth_are_counted_together() -> None:
    rows = [failure(f"t{i:03}", i, error_code=f"C{i:03}") for i in range(102)]
    given = found(*rows, failure("x", 61, error_code="C000"))
    assert len(given.codes) == 100
    assert (given.codes[0].code, given.codes[0].count) == ("C000", 2)
    assert given.codes[-1].code == "C099"
    assert given.other is not None
    assert (given.other.codes, given.other.count, given.other.share) == (2, 2, 0.019417)
    assert given.other.bins == (0, 2, *[0] * 58)


def test_dimension_values_beyond_the_tenth_are_counted_together() -> None:
    rows = [failure(f"t{i}", 5, error_code="E", queue=f"v{i:02}") for i in range(12)]
    (group,) = found(*rows).codes
    assert [each.value for each in group.dimensions[0].values] == [f"v{i:02}" for i in range(10)]
    assert group.dimensions[0].other == 2


def test_dimension_values_are_those_of_the_codes_own_failures() -> None:
    groups = found(
        failure("a", 1, error_code="E", queue="x"), failure("b", 2, error_code="F", queue="y")
    ).codes
    assert [[each.value for each in g.dimensions[0].values] for g in groups] == [["x"], ["y"]]


def test_top_errors_are_the_first_five_without_bins() -> None:
    rows = [failure(f"t{i}", i, error_code=f"C{i}") for i in range(7)]
    top = top_errors(found(*rows))
    assert [each.code for each in top] == ["C0", "C1", "C2", "C3", "C4"]
    assert "bins" not in type(top[0]).model_fields
    assert top[4].task_ids == ("t4",)


def test_without_failures_there_are_no_codes() -> None:
    given = found(row("a", "queued", created=1))
    assert (given.codes, given.other) == ((), None)
    assert top_errors(given) == ()


def test_a_source_without_error_and_code_has_no_errors_to_measure() -> None:
    figures = figures_of(failure("a", 1), lacks=["error", "error_code"])
    assert errors(figures) is None
    assert top_errors(None) == ()


def test_one_of_error_and_code_is_enough() -> None:
    figures = figures_of(failure("a", 1, error_code="E"), lacks=["error"])
    given = errors(figures)
    assert given is not None
    assert given.codes[0].code == "E"
