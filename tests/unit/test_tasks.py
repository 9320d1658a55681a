"""Tasks: coded texts, the choice of rows, and ids in code-point order."""

import numpy as np
import pyarrow as pa
import pytest

from metrics_core.tasks import CODED_TYPE, NULL, Coded
from tests.builders import row, tasks_of, us


def coded(*texts: str | None, chunks: int = 1) -> Coded:
    parts = [pa.array(part, pa.string()) for part in np.array_split(np.array(texts), chunks)]
    return Coded.of(pa.chunked_array(parts, pa.string()))


@pytest.mark.parametrize("chunks", [1, 3])
def test_texts_are_coded_by_their_first_appearance_and_null_is_minus_one(chunks: int) -> None:
    column = coded("b", None, "a", "b", "", chunks=chunks)
    assert column.values == ("b", "a", "")
    assert column.codes.tolist() == [0, -1, 1, 0, 2]


def test_batches_with_dictionaries_of_their_own_are_coded_as_one() -> None:
    parts = [pa.array(part, CODED_TYPE) for part in (["b", None], ["a", "b"], [])]
    column = Coded.of(pa.chunked_array(parts, CODED_TYPE))
    assert column.values == ("b", "a")
    assert column.codes.tolist() == [0, -1, 1, 0]


def test_blanks_and_no_value_tell_nothing() -> None:
    column = coded("boom", " \n", None, "")
    assert column.told[column.codes].tolist() == [True, False, False, False]


def test_a_column_of_nulls_has_no_values() -> None:
    column = Coded.of(pa.chunked_array([pa.nulls(3)]))
    assert (column.values, column.codes.tolist()) == ((), [-1, -1, -1])


def test_a_column_without_rows_has_no_codes() -> None:
    column = Coded.of(pa.chunked_array([], pa.string()))
    assert (column.values, column.codes.tolist()) == ((), [])


def test_a_choice_of_rows_takes_every_column_along() -> None:
    tasks = tasks_of(
        row("a", "queued", created=1, queue="q1", duration_ms=1.0),
        row("b", "failed", created=2, queue="q2", error="boom", cost_usd=3.0, unreadable=True),
    )
    chosen = tasks.where(np.array([False, True]))
    assert len(chosen) == 1
    assert chosen.id.to_pylist() == ["b"]
    assert chosen.created.tolist() == [us(2)]
    assert chosen.started.tolist() == [NULL]
    assert chosen.cost_usd.tolist() == [3.0]
    assert np.isnan(chosen.duration_ms[0])
    assert chosen.unreadable.tolist() == [True]
    assert chosen.is_status("failed").tolist() == [True]
    assert chosen.error.values[chosen.error.codes[0]] == "boom"
    queue = chosen.dimensions["queue"]
    assert queue.values[queue.codes[0]] == "q2"
    assert chosen.columns == tasks.columns


def test_the_choice_of_every_row_is_the_tasks_themselves() -> None:
    tasks = tasks_of(row("a", "queued"))
    assert tasks.where(np.array([True])) is tasks


def test_a_status_is_asked_for_by_name() -> None:
    tasks = tasks_of(*(row("a", s) for s in ("queued", "failed", "completed", "archived")))
    assert tasks.is_status("failed", "completed").tolist() == [False, True, True, False]


def test_sample_ids_are_the_five_least_in_code_point_order() -> None:
    names = ["t9", "t10", "ä", "Z", "a", "", "t9"]
    tasks = tasks_of(*(row(name, "queued") for name in names))
    everyone = np.ones(len(names), np.bool_)
    assert tasks.least_ids(everyone) == ("", "Z", "a", "t10", "t9")
    assert tasks.least_ids(everyone, limit=1) == ("",)
    assert tasks.least_ids(np.array([n in ("ä", "t9") for n in names])) == ("t9", "t9", "ä")


def test_ids_of_an_astral_plane_come_after_the_basic_one() -> None:
    tasks = tasks_of(row("😀", "queued"), row("\uff5e", "queued"))
    assert tasks.least_ids(np.array([True, True])) == ("\uff5e", "😀")


def test_ids_are_given_in_the_order_of_the_rows_asked_for() -> None:
    tasks = tasks_of(row("a", "queued"), row("b", "queued"), row("c", "queued"))
    assert tasks.ids(np.array([2, 0])) == ("c", "a")
    assert tasks.ids(np.array([], np.intp)) == ()
