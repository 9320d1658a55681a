"""CSV files: nothing that a spreadsheet runs, nothing that is lost."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.report import Exhibit
from dashboard.report.csv_files import csv_files, neutral, plain
from tests.exhibits import HOSTILE, hostile

SIGNS = "=+-@＝＋－＠"
FORMULAS = f"{SIGNS}\t\r\n"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


@given(st.text())
def test_what_is_neutralised_can_be_decoded(text: str) -> None:
    assert plain(neutral(text)) == text


@given(st.text(alphabet=st.sampled_from(" \x00\x0b\u00a0"), max_size=3), st.text())
@pytest.mark.parametrize("sign", SIGNS)
def test_no_blanks_hide_a_formula(sign: str, blanks: str, rest: str) -> None:
    assert neutral(f"{blanks}{sign}{rest}")[0] == "'"


@given(st.text())
@pytest.mark.parametrize("sign", FORMULAS)
def test_no_text_begins_as_a_formula(sign: str, rest: str) -> None:
    assert neutral(sign + rest) == f"'{sign}{rest}"


@given(st.text(min_size=1))
def test_only_what_may_be_a_formula_is_changed(text: str) -> None:
    if text[0].isalnum():
        assert neutral(text) == text


def test_series_has_the_figures_of_each_bin(burning_hour: Exhibit) -> None:
    read = rows(csv_files(burning_hour.snapshot)["series.csv"])
    series = burning_hour.snapshot.series
    assert [int(each["failed"]) for each in read] == [part.tasks.failed for part in series]
    assert [each["time_to_complete_ms_p95"] for each in read] == [
        "" if part.time_to_complete_ms.p95 is None else str(part.time_to_complete_ms.p95)
        for part in series
    ]
    assert read[0]["from"] == "2026-01-30T10:00:00Z"
    assert {each["retrying"] for each in read} == {""}


def test_errors_and_breakdowns_have_the_figures_of_the_snapshot(burning_hour: Exhibit) -> None:
    files = csv_files(burning_hour.snapshot)
    errors = [(each["code"], each["count"], each["share"]) for each in rows(files["errors.csv"])]
    assert errors == [("E_DISK", "80", "0.888889"), ("E_TIMEOUT", "10", "0.111111")]
    parts = rows(files["breakdowns.csv"])
    assert [(p["dimension"], p["kind"], p["value"], p["failed"]) for p in parts] == [
        ("queue", "value", "slow", "90"),
        ("queue", "value", "fast", "0"),
    ]
    named = [tuple(each.values()) for each in rows(files["tasks.csv"])]
    assert named[0] == ("patient", "oldest", "queued")
    assert len(named) == 1 + 5 + 5


def test_hostile_texts_are_neutral_and_whole(tmp_path: Path) -> None:
    exhibit = hostile(tmp_path)
    for text in csv_files(exhibit.snapshot).values():
        cells = [cell for line in csv.reader(StringIO(text, newline="")) for cell in line]
        assert all(cell[:1] not in {*FORMULAS} or not cell for cell in cells)
    errors = rows(csv_files(exhibit.snapshot)["errors.csv"])
    assert {plain(each["code"]) for each in errors} == {*HOSTILE}
    assert {plain(each["sample_message"]) for each in errors} == {*HOSTILE}
