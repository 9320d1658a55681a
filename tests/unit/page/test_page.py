"""The page as a script: what it draws of a snapshot, and what it says where there is none."""

from html import unescape
from pathlib import Path

import pytest

from dashboard import runtime
from tests.unit.page.conftest import (
    OpenPage,
    drawn,
    press,
    recent,
    settings_of,
    text_of,
    tiles_of,
)
from tests.unit.test_view_parsing import BAD_MINUTES

HOSTILE = ":red[x] **b** $y$ [l](http://evil.example) <img src=x onerror=alert(1)> :smile: `c`"


def test_the_six_counts_are_those_of_the_snapshot(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [recent(f"t{i}", "completed", ago=100 + i) for i in range(5)]
    rows += [recent("f", "failed", ago=100), recent("p", "processing", ago=70)]
    rows += [recent("q", "queued", ago=50, started_at=None), recent("c", "cancelled", ago=9)]
    page = open_page(settings_of(tmp_path, *rows))
    tasks = drawn(page).tasks
    shown = {name: int(value) for name, value in tiles_of(page).items()}
    assert shown == {
        "created": 9,
        "completed": 5,
        "failed": 1,
        "cancelled": 1,
        "processing": 1,
        "queued": 1,
    }
    assert shown == tasks.model_dump(include=set(shown))


def test_the_failure_rate_stands_on_the_failed_tile(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [recent("a", "completed", ago=9), recent("b", "failed", ago=9)]
    page = open_page(settings_of(tmp_path, *rows))
    assert "<b>50 %</b> failure rate" in text_of(page)


def test_an_empty_table_is_said_in_words(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    assert "No tasks in this window." in text_of(page)
    assert "No failures in this window." in text_of(page)
    assert set(tiles_of(page).values()) == {"0"}
    assert not page.exception


def test_a_window_with_open_tasks_only_says_so(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path, recent("q", "queued", ago=7200, started_at=None)))
    assert "No task began or ended in this window; 1 were open at its end." in text_of(page)


@pytest.mark.parametrize("text", [text for text in BAD_MINUTES if text != "60\n"])
def test_bad_minutes_in_the_url_give_one_line_and_no_figures(
    open_page: OpenPage, tmp_path: Path, text: str
) -> None:
    page = open_page(settings_of(tmp_path), minutes=text)
    assert "but minutes must be a whole number from 1 to 1440." in text_of(page)
    assert 'href="?source=tasks"' in text_of(page)
    assert not tiles_of(page)
    assert not page.exception
    assert "snapshots/" not in text_of(page)


def test_an_unknown_source_in_the_url_is_named_with_the_known_ones(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path), source="<b>video")
    assert "the source “<b>video”, which there is not. The sources are: tasks." in text_of(page)
    assert not tiles_of(page)


def test_the_window_is_the_urls(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path), minutes="90")
    assert drawn(page).window.minutes == 90
    assert page.slider[0].value == 90
    assert page.segmented_control[0].value is None


def test_a_choice_of_the_window_is_written_to_the_url(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    assert dict(page.query_params) == {}
    page.slider[0].set_value(17).run()
    assert page.query_params["minutes"] == "17"
    assert page.segmented_control[0].value is None
    page.segmented_control[0].set_value(180).run()
    assert page.query_params["minutes"] == "180"
    assert page.slider[0].value == 180


def test_the_source_that_is_marked_default_is_shown(open_page: OpenPage, tmp_path: Path) -> None:
    two = settings_of(tmp_path) + settings_of(tmp_path, name="runs", more="default = true")
    page = open_page(two)
    assert drawn(page).source == page.selectbox[0].value == "runs"
    page.selectbox[0].set_value("tasks").run()
    assert page.query_params["source"] == "tasks"
    assert "tasks: the 1 h to" in text_of(page)


def test_the_first_of_several_sources_is_shown_and_said(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path) + settings_of(tmp_path, name="runs"))
    assert "No source is marked as the default, so this is the first one: tasks." in text_of(page)


def test_texts_out_of_the_table_are_escaped(open_page: OpenPage, tmp_path: Path) -> None:
    failed = recent("<i>id</i>", "failed", ago=60, error=HOSTILE, queue=HOSTILE)
    waiting = recent("*q*:red[x]<b>", "queued", ago=60, started_at=None)
    page = open_page(settings_of(tmp_path, failed, waiting), name="<u>anna</u>")
    raw = "\n".join(element.proto.body for element in page.get("html"))
    for tag in ("<img", "<i>id", "[x]<b>", "<u>"):
        assert tag not in raw
    for text in (HOSTILE, "*q*:red[x]<b>", "<u>anna</u>"):
        assert text in text_of(page)
    markdown = [element.value for element in (*page.markdown, *page.caption)]
    labels = [expander.label for expander in page.expander]
    assert not any("evil" in text or "q*" in text for text in (*markdown, *labels))


def test_what_is_not_measurable_is_no_zero(open_page: OpenPage, tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path, recent("a", "completed", ago=60), more='lacks = ["created_at"]'
    )
    page = open_page(settings)
    assert tiles_of(page)["created"] == "–"
    assert "Not measurable. The source has no created_at." in text_of(page)
    assert "not measurable. The source has no created_at." in text_of(page)
    assert "4 figures not measurable" in [expander.label for expander in page.expander]


def test_findings_are_one_line_that_opens(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path, recent("a", ":red[odd]", ago=60)))
    (expander,) = [each for each in page.expander if each.label == "1 finding about the rows"]
    (details,) = expander.get("html")
    assert "Rows with the status ':red[odd]', which this source does not map: 1." in unescape(
        details.proto.body
    )


def test_a_database_that_is_away_is_one_line_and_comes_back(
    open_page: OpenPage, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, recent("a", "completed", ago=60))
    database, hidden = tmp_path / "tasks.db", tmp_path / "hidden.db"
    database.rename(hidden)
    page = open_page(settings)
    assert "No figures now: source tasks: there is no SQLite file" in text_of(page)
    assert "Stillframe asks again every 30 s." in text_of(page)
    assert not tiles_of(page)
    assert not page.exception
    hidden.rename(database)
    page.run()
    assert tiles_of(page)["created"] == "1"
    assert "No figures now" not in text_of(page)


def test_a_select_that_fails_is_one_line(open_page: OpenPage, tmp_path: Path) -> None:
    settings = settings_of(tmp_path).replace("FROM tasks", "FROM nowhere")
    page = open_page(settings)
    assert "No figures now: source tasks" in text_of(page)
    assert not page.exception


def test_each_refresh_is_a_snapshot_of_its_own(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    first = drawn(page)
    assert first.request_id != drawn(page.run()).request_id
    assert runtime.recall(first.request_id) is not None


def test_nothing_is_drawn_for_who_is_not_signed_in(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    page.user = {"session_id": "another", "name": ""}
    page.run()
    assert not tiles_of(page)
    assert "You are signed out." in text_of(page)


def test_signing_out_ends_the_session(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    press(page, "sign-out")
    assert "You are signed out." in text_of(page)
    assert not tiles_of(page)
