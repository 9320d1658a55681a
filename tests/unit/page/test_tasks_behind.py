"""Lists of single tasks: read when they are opened, by no refresh and no slider, as text."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from dashboard.collector import Collector
from dashboard.kept import Kept
from dashboard.panels import on_demand
from dashboard.report import Exhibit
from dashboard.shown import Shown
from dashboard.task_lists import LISTS
from dashboard.view import View
from metrics_core.errors import DatabaseError
from metrics_core.evidence import Freshness
from metrics_core.window import utc_text
from tests.unit.page.conftest import OpenPage, Reads, drawn, press, recent, settings_of, text_of

HOUR_AGO = 3_600
MARKUP = "<b>bold</b> **b** :red[x]"


def turn(page: AppTest, name: str, *, open_: bool = True) -> AppTest:
    title = next(each.title for each in LISTS if each.name == name)
    lists = page.pills(key="task-lists")
    return (lists.select(title) if open_ else lists.unselect(title)).run()


def entries(page: AppTest) -> list[str]:
    return re.findall(
        r"<li>(?:(?!</li>).)*</li>",
        "".join(re.findall(r'<ol class="sf-tasks">.*?</ol>', text_of(page))),
    )


def listed(page: AppTest) -> list[tuple[str, str]]:
    """The id of each listed task, and what it is ranked by."""
    line = r'class="id"><bdi>(.*?)</bdi></code><b class="number">(.*?)</b>'
    return [found for entry in entries(page) for found in re.findall(line, entry)]


def tasks() -> list[dict[str, object]]:
    rows = [recent(f"f{i}", "failed", ago=60 + i, error=f"CODE_{i % 2}: no luck") for i in range(4)]
    rows += [
        recent("done", "completed", ago=90),
        recent("waits", "queued", ago=700, started_at=None),
    ]
    rows += [recent("runs", "processing", ago=500), recent("old", "failed", ago=HOUR_AGO * 2)]
    return rows


@pytest.fixture
def opened(open_page: OpenPage, tmp_path: Path, reads: Reads) -> AppTest:
    return open_page(settings_of(tmp_path, *tasks()))


def test_a_closed_list_reads_nothing_whatever_is_drawn(opened: AppTest, reads: Reads) -> None:
    opened.run()
    opened.query_params["minutes"] = "30"
    opened.run()
    assert opened.pills(key="task-lists").options == [
        "Recent failures",
        "Slowest completed",
        "Oldest queued",
        "Longest processing",
    ]
    assert (reads, entries(opened)) == ([], [])


def test_an_opened_list_is_read_once_and_no_refresh_reads_it_again(
    opened: AppTest, reads: Reads
) -> None:
    turn(opened, "failures")
    assert [name for name, _ in listed(opened)] == ["f0", "f1", "f2", "f3"]
    opened.run().run()
    assert [question[0] for question in reads] == ["failures"]
    assert "Failed in the window: all 4, newest first. As of " in text_of(opened)
    assert "(the figures above are of " in text_of(opened)
    press(opened, "failures-read-again")
    assert len(reads) == 2
    assert "(the figures above are of " not in text_of(opened)


def test_a_list_that_was_closed_is_read_anew(opened: AppTest, reads: Reads) -> None:
    turn(opened, "queued")
    turn(opened, "queued", open_=False)
    assert entries(opened) == []
    turn(opened, "queued")
    assert len(reads) == 2


def test_another_window_is_not_read_before_somebody_asks(opened: AppTest, reads: Reads) -> None:
    turn(opened, "failures")
    opened.query_params["minutes"] = "180"
    opened.run()
    assert (len(reads), entries(opened)) == (1, [])
    assert "This list was of another window" in text_of(opened)
    press(opened, "failures-read-this-list")
    assert [name for name, _ in listed(opened)][-1] == "old"
    assert len(reads) == 2


def test_what_a_task_has_done_since_is_told_as_such(open_page: OpenPage, tmp_path: Path) -> None:
    to = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
    created, started = to - timedelta(seconds=7), to + timedelta(seconds=1)
    row = recent("t", "processing", ago=0, created_at=created, started_at=started)
    page = turn(open_page(settings_of(tmp_path, row), to=utc_text(to)), "queued")
    (entry,) = entries(page)
    assert re.findall(r"<span>((?:created|started) .*?)</span>", entry) == [
        f"created {created:%H:%M:%S}",
        f"started since, at {started:%H:%M:%S}",
    ]


def test_each_list_agrees_with_its_tile(opened: AppTest) -> None:
    for name in ("slowest", "queued", "processing"):
        turn(opened, name)
        press(opened, f"{name}-read-again")
    backlog = drawn(opened).backlog
    assert [name for name, _ in listed(opened)] == ["done", "waits", "runs"]
    assert (backlog.queued.oldest_id, backlog.processing.oldest_id) == ("waits", "runs")
    ages = [rank for _, rank in listed(opened)][1:]
    assert [age.split()[:2] for age in ages] == [["11", "min"], ["8", "min"]]
    assert "Completed in the window, with a time to complete: one. As of " in text_of(opened)


def test_a_code_that_is_looked_into_narrows_the_failures_alone(
    open_page: OpenPage, tmp_path: Path, reads: Reads
) -> None:
    page = open_page(settings_of(tmp_path, *tasks()), error="CODE_1")
    turn(turn(page, "failures"), "queued")
    assert [name for name, _ in listed(page)] == ["f1", "f3", "waits"]
    assert "Failed in the window with <b><bdi>CODE_1</bdi></b>: all 2, newest first." in text_of(
        page
    )


def test_more_than_a_few_are_shown_when_asked_and_no_more_than_100(
    open_page: OpenPage, tmp_path: Path, reads: Reads
) -> None:
    rows = [recent(f"q{i:03}", "queued", ago=60 + i, started_at=None) for i in range(130)]
    page = turn(open_page(settings_of(tmp_path, *rows)), "queued")
    assert len(listed(page)) == 20
    assert "Queued at the window's end: the oldest 20." in text_of(page)
    press(page, "queued-show-100")
    assert [name for name, _ in listed(page)] == [f"q{i:03}" for i in range(129, 29, -1)]
    assert page.code[-1].value.splitlines() == [f"q{i:03}" for i in range(129, 29, -1)]
    assert "queued-show-100" not in [each.key for each in page.button]
    press(page, "queued-read-again")
    assert len(listed(page)) == 100


def test_an_empty_list_says_so(open_page: OpenPage, tmp_path: Path) -> None:
    page = turn(open_page(settings_of(tmp_path, recent("a", "queued", ago=60))), "failures")
    assert "Failed in the window: none. As of " in text_of(page)


def test_all_of_a_task_is_text(open_page: OpenPage, tmp_path: Path) -> None:
    long = "E" * 300
    rows = [
        recent(MARKUP, "failed", ago=60, error=MARKUP, queue=MARKUP),
        recent("long", "failed", ago=70, error=f"SOME_CODE: {long}"),
    ]
    page = turn(open_page(settings_of(tmp_path, *rows)), "failures")
    raw = "".join(e.proto.body for e in page.get("html") if "sf-tasks" in e.proto.body)
    assert raw.count("&lt;b&gt;bold&lt;/b&gt; **b** :red[x]</bdi>") == 3
    assert "<b>bold" not in raw
    assert f"<bdi>SOME_CODE: {long}</bdi>" in raw
    assert "<details" in raw
    assert page.code[-1].value == f"{MARKUP}\nlong"


def test_a_list_tells_the_times_and_dimensions_of_a_task(
    open_page: OpenPage, tmp_path: Path
) -> None:
    task = recent("t", "failed", ago=60, error="CODE_1: no", queue="q1")
    created: Any = task["created_at"]
    page = turn(open_page(settings_of(tmp_path, task)), "failures")
    clock = f"{created:%H:%M:%S}"
    (entry,) = entries(page)
    assert f'<b class="number">{clock}</b>' in entry
    for fact in (f"created {clock}", f"started {clock}", "took 0 ms", "queue <bdi>q1</bdi>"):
        assert f"<span>{fact}</span>" in entry
    assert '<p class="message"><b><bdi>CODE_1</bdi></b><bdi>: no</bdi></p>' in entry


def test_the_code_stands_before_a_message_that_does_not_begin_with_it(
    open_page: OpenPage, tmp_path: Path
) -> None:
    rule = 'errors = [{ match = "busy", code = "ENGINE_BUSY" }]'
    task = recent("t", "failed", ago=60, error="Service busy.")
    page = turn(open_page(settings_of(tmp_path, task, more=rule)), "failures")
    assert "<b><bdi>ENGINE_BUSY</bdi></b> <bdi>Service busy.</bdi></p>" in text_of(page)


def test_what_goes_wrong_is_said_in_one_line_and_can_be_tried_again(
    opened: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Collector.read

    def failing(*_: Any, **__: Any) -> Any:
        raise DatabaseError("source tasks: <no> luck")

    monkeypatch.setattr(Collector, "read", failing)
    turn(opened, "failures")
    assert "Not read: source tasks: <no> luck" in text_of(opened)
    assert not opened.exception
    monkeypatch.setattr(Collector, "read", read)
    press(opened, "failures-try-again")
    assert len(listed(opened)) == 4


@pytest.fixture
def shown(opened: AppTest) -> Shown:
    return Shown(view=View(source="tasks"), snapshot=drawn(opened))


def of_state(shown: Shown, state: Literal["STALE", "UNAVAILABLE"]) -> Shown:
    freshness = Freshness(state=state, since=shown.snapshot.window.to, reason="x")
    return replace(shown, snapshot=shown.snapshot.marked(freshness, request_id="req-1"))


def test_no_list_is_read_of_figures_that_are_not_of_the_database_as_it_is(
    shown: Shown, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_demand.why_no_read(shown) == ""
    archived = replace(shown, kept=Kept(exhibit=Exhibit.of(shown.snapshot)))
    assert on_demand.why_no_read(archived).startswith("Not archived: a snapshot keeps figures")
    states: tuple[Literal["STALE", "UNAVAILABLE"], ...] = ("STALE", "UNAVAILABLE")
    for state in states:
        why = f"Not read: the figures are {state}, and a list would not agree with them."
        assert on_demand.why_no_read(of_state(shown, state)) == why
    elsewhere = replace(runtime.current(), sources={})
    monkeypatch.setattr(runtime._Process, "runtime", elsewhere)
    assert on_demand.why_no_read(shown) == "Not read: there is no source tasks here."
    assert reads == []


def test_a_list_of_stale_figures_is_not_read_and_says_why(
    opened: AppTest, tmp_path: Path, reads: Reads
) -> None:
    database = tmp_path / "tasks.db"
    database.rename(tmp_path / "away.db")
    opened.run()
    turn(opened, "failures")
    assert "Not read: the figures are STALE, and a list would not agree" in text_of(opened)
    (tmp_path / "away.db").rename(database)
    opened.run().run()
    assert reads == []
    press(opened, "failures-try-again")
    assert len(listed(opened)) == 4
