"""The shell of the page: window, comparison, scope and refresh are the URL's, and are told so."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from metrics_core.window import utc_text
from tests.unit.page.conftest import OpenPage, drawn, recent, settings_of, text_of, tiles_of

HOUR = timedelta(hours=1)
NOW = datetime.now(UTC).replace(microsecond=0)
AN_HOUR_AGO = utc_text(NOW - HOUR)


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The present as the test begins: this module may have been imported long before."""
    now = datetime.now(UTC).replace(microsecond=0)
    monkeypatch.setitem(globals(), "NOW", now)
    monkeypatch.setitem(globals(), "AN_HOUR_AGO", utc_text(now - HOUR))


def badge_of(page: AppTest) -> str:
    (state,) = re.findall(r"sf-badge (?!no-)[a-z]+.*?<b>(\w+)</b>", text_of(page))
    return str(state)


def param(page: AppTest, name: str) -> str | None:
    values = page.query_params.get(name)
    return values[0] if isinstance(values, list) else values


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [each for each in page.button if each.label == label]
    return button.click().run()


def test_a_live_view_says_live(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    assert badge_of(page) == "LIVE"
    assert "refreshed at" in text_of(page)
    assert "and every 30 s" in text_of(page)


def test_a_past_window_is_exactly_the_one_of_the_url(open_page: OpenPage, tmp_path: Path) -> None:
    inside = recent("in", "completed", ago=3600 + 600)
    outside = [recent("new", "completed", ago=60), recent("old", "completed", ago=3600 + 2000)]
    page = open_page(settings_of(tmp_path, inside, *outside), to=AN_HOUR_AGO, minutes="30")
    snapshot = drawn(page)
    assert snapshot.window.to == NOW - HOUR
    assert snapshot.window.minutes == 30
    assert snapshot.tasks.completed == 1
    assert badge_of(page) == "PAST"
    assert "and every" not in text_of(page)


@pytest.mark.parametrize("to", ["2999-01-01T00:00:00Z", "2026-01-30T10:00:00", "never"])
def test_a_wrong_to_is_one_line_with_a_link_to_the_present(
    open_page: OpenPage, tmp_path: Path, to: str
) -> None:
    page = open_page(settings_of(tmp_path), to=to, queue="a")
    assert f"This address asks for to=“{to}”, but the time" in text_of(page)
    assert 'href="?source=tasks&queue=a"' in text_of(page)
    assert not tiles_of(page)
    assert not page.exception


def test_back_and_forward_are_steps_of_one_window(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path), to=AN_HOUR_AGO, minutes="15")
    press(page, "Back 15 min")
    assert param(page, "to") == utc_text(NOW - 1.25 * HOUR)
    assert drawn(page).window.to == NOW - 1.25 * HOUR
    press(page, "Forward 15 min")
    assert param(page, "to") == AN_HOUR_AGO
    press(page, "Now")
    assert param(page, "to") is None
    assert badge_of(page) == "LIVE"


def test_back_from_the_present_shows_the_window_before(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    press(page, "Back 1 h")
    assert abs(drawn(page).window.to - (NOW - HOUR)) < timedelta(minutes=5)
    press(page, "Forward 1 h")
    assert badge_of(page) == "LIVE"


def test_steps_forward_are_off_in_the_present(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    off = {button.label for button in page.button if button.disabled}
    assert off == {"Forward 1 h", "Now"}


def test_an_instant_can_be_chosen(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    chosen = (NOW - 5 * HOUR).replace(second=0)
    page.datetime_input[0].set_value(chosen.replace(tzinfo=None)).run()
    assert param(page, "to") == utc_text(chosen)
    assert drawn(page).window.to == chosen


def test_an_instant_to_come_is_refused_and_the_view_stays(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path), minutes="15")
    to_come = (NOW + 24 * HOUR).replace(second=0, tzinfo=None)
    page.datetime_input[0].set_value(to_come).run()
    assert "UTC has not come yet. The view is as it was." in text_of(page)
    assert param(page, "to") is None
    assert badge_of(page) == "LIVE"
    page.run()
    assert "has not come yet" not in text_of(page)


def test_a_scope_limits_the_figures_and_stands_on_top(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [recent("a", "completed", ago=60, queue="x"), recent("b", "failed", ago=60, queue="y")]
    page = open_page(settings_of(tmp_path, *rows), queue="y")
    assert dict(drawn(page).scope) == {"queue": "y"}
    assert (drawn(page).tasks.completed, drawn(page).tasks.failed) == (0, 1)
    assert "<b>queue</b>: <bdi>y</bdi>" in text_of(page)
    press(page, "Remove queue")
    assert param(page, "queue") is None
    assert drawn(page).tasks.completed == 1


def test_a_value_of_the_scope_is_no_markup(open_page: OpenPage, tmp_path: Path) -> None:
    hostile = ":red[x] **b** <img src=x>"
    page = open_page(settings_of(tmp_path), queue=hostile)
    assert f"<b>queue</b>: <bdi>{hostile}</bdi>" in text_of(page)
    assert "<img" not in "\n".join(element.proto.body for element in page.get("html"))
    assert not any("**b**" in button.label for button in page.button)


def test_the_window_before_is_taken_for_a_comparison(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path), to=AN_HOUR_AGO, minutes="15", compare="previous")
    held = page.session_state["held-snapshots"]
    (request_id,) = [value for question, value in held.items() if question[0] == "before"]
    before = runtime.recall(request_id)
    assert before is not None
    assert before.window.to == drawn(page).window.from_
    assert before.window.minutes == 15


def test_a_comparison_that_fails_takes_no_figures_down(open_page: OpenPage, tmp_path: Path) -> None:
    forgetful = settings_of(tmp_path, recent("a", "completed", ago=60), more="retention_hours = 3")
    page = open_page(forgetful, compare="yesterday")
    assert "Nothing to compare with: source tasks keeps its tasks for 3 h" in text_of(page)
    assert drawn(page).tasks.completed == 1


def test_a_window_that_the_source_has_forgotten_is_said_with_a_way_on(
    open_page: OpenPage, tmp_path: Path
) -> None:
    forgetful = settings_of(tmp_path, more="retention_hours = 3")
    page = open_page(forgetful, to=utc_text(NOW - 4 * HOUR))
    assert "No figures: source tasks keeps its tasks for 3 h" in text_of(page)
    assert 'href="?source=tasks"' in text_of(page)
    assert not tiles_of(page)


def test_the_comparison_is_written_to_the_url(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path), to=AN_HOUR_AGO)
    (choice,) = [each for each in page.selectbox if each.label == "Compare with"]
    choice.set_value("yesterday").run()
    assert param(page, "compare") == "yesterday"
    page.selectbox(key="compare-pick").set_value("instant").run()
    assert param(page, "compare") == utc_text(NOW - HOUR - 7 * 24 * HOUR)
    page.selectbox(key="compare-pick").set_value("nothing").run()
    assert param(page, "compare") is None


def test_while_refresh_is_off_the_figures_stay_whatever_is_clicked(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path))
    press(page, "Pause")
    first = drawn(page).request_id
    assert param(page, "every") == "off"
    assert badge_of(page) == "PAUSED"
    page.selectbox(key="compare-pick").set_value("previous").run()
    assert drawn(page).request_id == first
    press(page, "Refresh now")
    assert drawn(page).request_id != first
    press(page, "Resume")
    assert badge_of(page) == "LIVE"
    assert param(page, "every") is None


def test_pausing_keeps_the_very_figures_that_were_seen(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path))
    seen = drawn(page).request_id
    press(page, "Pause")
    assert drawn(page).request_id == seen


def test_resume_leads_back_to_the_interval_before(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(settings_of(tmp_path), every="5")
    press(page, "Pause")
    press(page, "Resume")
    assert param(page, "every") == "5"


def test_a_database_that_is_away_is_asked_again_by_hand_where_nothing_refreshes(
    open_page: OpenPage, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, recent("a", "completed", ago=60))
    database, hidden = tmp_path / "tasks.db", tmp_path / "hidden.db"
    database.rename(hidden)
    page = open_page(settings, every="off")
    assert badge_of(page) == "UNAVAILABLE"
    assert "This view is not refreshed by itself" in text_of(page)
    hidden.rename(database)
    press(page, "Ask again")
    assert drawn(page).tasks.completed == 1


def test_what_a_widget_showed_before_a_quick_back_is_no_choice(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path), minutes="45")
    page.query_params["minutes"] = "15"
    page.slider[0].set_value(45 + 1).run()
    assert param(page, "minutes") == "15"
    assert drawn(page).window.minutes == 15
    assert page.slider[0].value == 15


def test_what_changed_is_said_in_sentences_with_their_n(
    open_page: OpenPage, tmp_path: Path
) -> None:
    before = [recent(f"b{i}", "completed", ago=3600 + 1000 + i) for i in range(60)]
    code = "<b>:red[odd]</b>"
    after = [recent(f"a{i}", "failed", ago=3600 + 60 + i, error=code) for i in range(60)]
    page = open_page(
        settings_of(tmp_path, *before, *after), to=AN_HOUR_AGO, minutes="15", compare="previous"
    )
    assert "What changed" in text_of(page)
    said = re.findall("<li class.*?<bdi>(.*?)</bdi>", text_of(page))
    assert said[:2] == [
        f"Failures with {code} are new: 60 (n 0 → 60)",
        "Failure rate rose from 0 % to 100 %, by 100 percentage points (n 60 → 60)",
    ]
    raw = "\n".join(element.proto.body for element in page.get("html"))
    assert "&lt;b&gt;:red[odd]" in raw
    assert "<b>:red" not in raw


def test_without_a_comparison_nothing_is_said_to_have_changed(
    open_page: OpenPage, tmp_path: Path
) -> None:
    assert "What changed" not in text_of(open_page(settings_of(tmp_path)))
