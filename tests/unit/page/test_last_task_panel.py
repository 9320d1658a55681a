"""A window in which nothing happened says when something did, once somebody asks."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from metrics_core.window import utc_text
from tests.unit.page.conftest import OpenPage, Reads, drawn, press, recent, settings_of, text_of

HOUR_AGO = 3_600
LAST = "When was the last task?"


def quiet_page(
    open_page: OpenPage, tmp_path: Path, *rows: dict[str, object], **params: str
) -> AppTest:
    return open_page(settings_of(tmp_path, *rows), **params)


def test_a_quiet_window_tells_when_the_last_task_was_once_it_is_asked(
    open_page: OpenPage, tmp_path: Path, reads: Reads
) -> None:
    task = recent("t", "completed", ago=3 * HOUR_AGO)
    ended: Any = task["finished_at"]
    page = quiet_page(open_page, tmp_path, task)
    assert "No tasks in this window." in text_of(page)
    assert reads == []
    press(page, "last-task")
    page.run()
    assert [question[0] for question in reads] == ["last-task"]
    assert f"{ended:%H:%M:%S} UTC" in text_of(page)
    (to,) = re.findall(r'href="\?source=tasks&to=([^"]*)" target', text_of(page))
    there = open_page((tmp_path / "stillframe.toml").read_text(), to=to.replace("%3A", ":"))
    assert drawn(there).tasks.completed == 1
    assert LAST not in [each.label for each in there.button]


def test_the_answer_is_of_one_view_only(open_page: OpenPage, tmp_path: Path, reads: Reads) -> None:
    page = quiet_page(open_page, tmp_path, recent("t", "completed", ago=3 * HOUR_AGO))
    press(page, "last-task")
    page.query_params["minutes"] = "30"
    page.run()
    assert [each.label for each in page.button if each.key == "last-task"] == [LAST]
    assert len(reads) == 1


@pytest.mark.parametrize(
    ("rows", "params", "text"),
    [
        ([], {}, "tasks has no task at all."),
        (
            [recent("t", "queued", ago=60, queue="q1")],
            {"queue": "q2"},
            "no task at all in this scope.",
        ),
        (
            [recent("t", "completed", ago=400 * 86_400)],
            {},
            "None began or ended before it either, back to ",
        ),
    ],
)
def test_where_there_is_no_last_task_that_is_said(
    open_page: OpenPage,
    tmp_path: Path,
    rows: list[dict[str, object]],
    params: dict[str, str],
    text: str,
) -> None:
    page = press(quiet_page(open_page, tmp_path, *rows, **params), "last-task")
    assert text in text_of(page)


def test_of_a_past_window_the_last_task_lies_before_its_end(
    open_page: OpenPage, tmp_path: Path
) -> None:
    rows = [recent("a", "completed", ago=6 * HOUR_AGO), recent("b", "completed", ago=60)]
    older, newer = (row["finished_at"] for row in rows)
    assert isinstance(newer, datetime)
    to = utc_text(newer.replace(microsecond=0) - timedelta(hours=3))
    page = press(quiet_page(open_page, tmp_path, *rows, to=to), "last-task")
    assert f"{older:%H:%M:%S} UTC" in text_of(page)
