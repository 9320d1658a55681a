"""The panels of figures: comparison, errors to look into, values to select, tables to open."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from metrics_core.window import utc_text
from tests.unit.page.conftest import OpenPage, drawn, recent, settings_of, text_of, tiles_of

RIGHT_TO_LEFT = "خطأ_في_الخادم 💥"
LONG = "E" * 300
HOUR_AGO = 3_600


def failed(name: str, code: str, *, ago: float, queue: str = "q1") -> dict[str, object]:
    return recent(name, "failed", ago=ago, error=f"{code}: no luck", queue=queue)


def ago_of(instant: datetime) -> float:
    """How many seconds ago it was."""
    return (datetime.now(UTC) - instant).total_seconds()


def button(page: AppTest, label: str) -> None:
    (found,) = [each for each in page.button if each.label == label]
    found.click().run()


@pytest.fixture
def compared(open_page: OpenPage, tmp_path: Path) -> AppTest:
    """Two failures and one completed task now; one failure and three completed the hour before."""
    rows = [failed("a", "NEW_ONE", ago=60), failed("b", "OLD_ONE", ago=70, queue="q2")]
    rows += [recent("c", "completed", ago=80, queue="q1")]
    rows += [failed("d", "OLD_ONE", ago=HOUR_AGO + 60)]
    rows += [recent(f"e{i}", "completed", ago=HOUR_AGO + 60 + i) for i in range(3)]
    return open_page(settings_of(tmp_path, *rows), compare="previous")


def test_a_delta_says_by_how_much_and_what_it_means(compared: AppTest) -> None:
    text = text_of(compared)
    assert tiles_of(compared)["failed"] == "2"
    assert ">▲ +1 worse</div>" in text
    assert ">▼ −2 worse</div>" in text
    assert ">▲ +41.7 points worse</div>" in text
    assert ">unchanged</div>" in text


def test_without_a_comparison_there_is_no_delta(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path, failed("a", "SOME_CODE", ago=60)))
    assert 'class="delta' not in text_of(page)
    assert 'class="badge"' not in text_of(page)


def test_only_a_code_that_was_not_there_before_is_new(compared: AppTest) -> None:
    _, *entries = text_of(compared).split('<div class="sf-error">')
    is_new = {("NEW_ONE" in entry): ">new<" in entry for entry in entries}
    assert is_new == {True: True, False: False}


def test_an_error_is_looked_into_and_closed_again(compared: AppTest) -> None:
    compared.pills[0].select(1).run()
    assert compared.query_params["error"] == "NEW_ONE"
    assert '<h3><span class="code"><bdi>NEW_ONE</bdi></span></h3>' in text_of(compared)
    assert [code.value for code in compared.code if "\n" not in code.value][-1] == "a"
    assert "<caption>By <bdi>queue</bdi></caption>" in text_of(compared)
    assert '<th scope="row"><bdi>q1</bdi></th><td>1</td><td>100 %</td>' in text_of(compared)
    compared.pills[0].unselect(1).run()
    assert "error" not in compared.query_params


def test_an_error_of_the_url_that_did_not_happen_is_said(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path, failed("a", "SOME_CODE", ago=60)), error="<b>GONE")
    assert "No task failed with <b><bdi><b>GONE</bdi></b> in this window." in text_of(page)
    button(page, "Look into no error")
    assert "error" not in page.query_params


def test_a_failure_of_the_last_second_was_just_now(open_page: OpenPage, tmp_path: Path) -> None:
    to = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    before_to = {"NOW_CODE": (0.3, 90.0), "OLD_CODE": (125.5, 300.0)}
    rows = [
        failed(f"{code}-{seconds}", code, ago=ago_of(to) + seconds)
        for code, both in before_to.items()
        for seconds in both
    ]
    text = text_of(open_page(settings_of(tmp_path, *rows), to=utc_text(to)))
    assert re.findall(r"last at \d\d:\d\d:\d\d \((.*?)\)", text) == ["just now", "2 min 5 s ago"]


def test_the_latencies_of_a_value_are_lengths_of_time_cut_to_what_is_read(
    open_page: OpenPage, tmp_path: Path
) -> None:
    minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    rows = [
        recent(
            name,
            "completed",
            ago=0,
            queue=name,
            started_at=minute_ago - timedelta(seconds=seconds),
            finished_at=minute_ago,
        )
        for name, seconds in (("slow", 72.345), ("quick", 3.456), ("instant", 0.012))
    ]
    page = open_page(settings_of(tmp_path, *rows))
    (table,) = [each.value for each in page.dataframe if "p95 to complete" in each.value]
    told = dict(zip(table["Value"], table["p95 to complete"], strict=True))
    assert told == {
        "slow": pd.Timedelta(seconds=72),
        "quick": pd.Timedelta(milliseconds=3_400),
        "instant": pd.Timedelta(milliseconds=12),
    }


@pytest.mark.parametrize("code", [LONG, RIGHT_TO_LEFT])
def test_a_strange_code_is_shown_whole(open_page: OpenPage, tmp_path: Path, code: str) -> None:
    rows = [failed("a", "PLAIN_CODE", ago=60), recent("b", "failed", ago=60, error=code)]
    page = open_page(settings_of(tmp_path, *rows))
    codes = [error.code for error in drawn(page).top_errors]
    assert len(codes) == 2
    for each in codes:
        assert f"<bdi>{each}</bdi>" in text_of(page)
    assert not page.exception


def test_a_chart_is_drawn_for_each_figure_over_time_and_none_of_what_is_not_measured(
    open_page: OpenPage, tmp_path: Path
) -> None:
    rows = [recent("a", "completed", ago=60)]
    page = open_page(settings_of(tmp_path, *rows, more='lacks = ["created_at"]'))
    alts = [chart.proto.alt.split(":")[0] for chart in page.get("vega_lite_chart")]
    assert alts == ["Tasks ended", "Tasks open", "Time to complete"]
    assert "Not measurable. The source has no created_at." in text_of(page)


def test_the_scope_of_the_url_narrows_every_panel(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [failed("a", "CODE_ONE", ago=60), failed("b", "CODE_TWO", ago=60, queue="q2")]
    page = open_page(settings_of(tmp_path, *rows), queue="q2")
    assert tiles_of(page)["failed"] == "1"
    assert "CODE_TWO" in text_of(page)
    assert "CODE_ONE" not in text_of(page)


def test_a_past_window_is_drawn_with_its_own_figures(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [recent("a", "completed", ago=HOUR_AGO * 1.5), recent("b", "completed", ago=60)]
    settings = settings_of(tmp_path, *rows)
    now = drawn(open_page(settings)).window.to
    page = open_page(settings, to=utc_text((now - timedelta(hours=1)).replace(microsecond=0)))
    assert tiles_of(page)["completed"] == "1"
