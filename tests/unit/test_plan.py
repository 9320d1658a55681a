"""Plans: which tables they read and how, and what their columns are made of."""

import pytest

from metrics_core.plan import (
    expected_rows,
    is_column,
    readings,
    without_alias,
    without_outer_parentheses,
)


def scan(name: str, kind: str = "Seq Scan", **more: object) -> dict[str, object]:
    return {"Node Type": kind, "Schema": "public", "Relation Name": name, "Alias": name, **more}


def test_each_table_is_told_once_with_its_nodes_and_indexes() -> None:
    bitmap = {"Node Type": "Bitmap Index Scan", "Index Name": "by_end", "Index Cond": "(z.x >= 1)"}
    both = {"Node Type": "BitmapOr", "Plans": [bitmap]}
    heap = scan("z", "Bitmap Heap Scan", Filter="(z.y < 2)", Plans=[both])
    inner = scan("a", "Index Scan", **{"Index Name": "a_pkey"})
    plan = {"Node Type": "Hash Join", "Plans": [heap, inner, scan("a")]}
    first, second = readings(plan)
    assert (first.name, first.nodes, first.indexes) == (
        "a",
        ("Index Scan", "Seq Scan"),
        ("a_pkey",),
    )
    assert (second.name, second.indexes) == ("z", ("by_end",))
    assert (first.whole(), second.whole()) == (True, False)
    assert second.conditions == ("(y < 2)", "(x >= 1)")


def test_an_index_that_is_walked_reads_all_of_the_table_unless_it_holds_a_part() -> None:
    (walked,) = readings(scan("a", "Index Scan", **{"Index Name": "a_pkey"}))
    assert walked.whole()
    assert not walked.whole(partial={"a_pkey"})
    (chosen,) = readings(scan("a", "Index Scan", **{"Index Name": "i", "Index Cond": "(a.x > 1)"}))
    assert not chosen.whole()


def test_the_rows_expected_are_those_below_the_limit() -> None:
    read = {**scan("a"), "Plan Rows": 70}
    assert expected_rows(read) == 70
    assert expected_rows({"Node Type": "Limit", "Plan Rows": 5, "Plans": [read]}) == 70


def test_a_subplan_of_a_scan_reads_a_table_of_its_own() -> None:
    outer = scan("a", Filter="(a.x = 1)", Plans=[scan("b", Filter="(b.made >= 1)")])
    first, second = readings(outer)
    assert (first.conditions, second.conditions) == (("(x = 1)",), ("(made >= 1)",))


@pytest.mark.parametrize(
    ("expression", "alias", "bare"),
    [
        ("v.at", "v", "at"),
        ("(v.at + dev.at)", "v", "(at + dev.at)"),
        ('"user"."Made.at"', "user", '"Made.at"'),
        ('"a ""b""".c', 'a "b"', "c"),
        ("COALESCE(v.x, 'v.y')", "v", "COALESCE(x, 'v.y')"),
        ('v."in v.x"', "v", '"in v.x"'),
        ("v_1.at", "v", "v_1.at"),
    ],
)
def test_an_alias_is_removed_from_columns_only(expression: str, alias: str, bare: str) -> None:
    assert without_alias(expression, alias) == bare


@pytest.mark.parametrize(
    ("expression", "bare"),
    [
        ("((a))", "a"),
        ("(a) || (b)", "(a) || (b)"),
        ("f(a)", "f(a)"),
        ("(a || ')')", "a || ')'"),
        ("", ""),
    ],
)
def test_only_enclosing_parentheses_are_removed(expression: str, bare: str) -> None:
    assert without_outer_parentheses(expression) == bare


def test_a_column_is_a_bare_name() -> None:
    assert is_column("created_at")
    assert is_column('"Made ""at"""')
    assert not is_column("COALESCE(a, b)")
    assert not is_column("(a)")
