"""View: from one view to the next, and back and forth between a view and its URL."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view import INTERVALS_SECONDS, OFF, View, zoom_to
from dashboard.view_parsing import parse_view
from metrics_core import Window
from metrics_core.errors import InvalidWindow
from tests.builders import new_source

NOW = datetime(2026, 1, 30, 10, 0, 0, 250_000, tzinfo=UTC)
TEN = datetime(2026, 1, 30, 10, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIVE = View(source="tasks")
PAST = View(source="tasks", minutes=30, to=TEN - 5 * HOUR)
SOURCES = {"tasks": new_source(name="tasks", dimensions=("engine", "zone", "embed"))}

FIRST = datetime(2000, 1, 1, tzinfo=UTC)
instants = st.integers(0, (NOW - FIRST) // timedelta(microseconds=1)).map(
    lambda microseconds: FIRST + timedelta(microseconds=microseconds)
)
views = st.builds(
    View,
    source=st.just("tasks"),
    minutes=st.integers(1, 1440),
    to=st.none() | instants,
    scope=st.dictionaries(
        st.sampled_from(["engine", "zone", "embed"]),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    ),
    compare=st.none() | st.sampled_from(["previous", "yesterday"]) | instants,
    zone=st.sampled_from(["utc", "local"]),
    every=st.sampled_from([OFF, *INTERVALS_SECONDS]),
    error=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
)


@given(views)
def test_every_view_can_be_read_back_from_its_parameters(view: View) -> None:
    asked = {name: [value] for name, value in view.params.items()}
    assert parse_view(asked, SOURCES, now=NOW) == view


def test_what_is_at_its_default_is_left_out_of_the_url() -> None:
    assert LIVE.link == "?source=tasks"


def test_all_that_is_chosen_stands_in_the_url() -> None:
    view = View(
        source="tasks",
        minutes=90,
        to=TEN,
        scope={"zone": "eu 1", "engine": "a&b"},
        compare=TEN - HOUR,
        zone="local",
        every=OFF,
        error="DISK_FULL",
    )
    assert view.link == (
        "?source=tasks&minutes=90&to=2026-01-30T10%3A00%3A00Z&engine=a%26b&scope.zone=eu+1"
        "&compare=2026-01-30T09%3A00%3A00Z&zone=local&every=off&error=DISK_FULL"
    )


def test_but_changes_what_is_named_and_nothing_else() -> None:
    assert PAST.but(minutes=5) == View(source="tasks", minutes=5, to=PAST.to)
    assert PAST.minutes == 30


def test_another_source_has_neither_the_scope_nor_the_error_of_the_one_before() -> None:
    view = PAST.but(scope={"engine": "x"}, error="E", every=5)
    assert view.of_source("runs") == PAST.but(source="runs", every=5)


def test_a_scope_grows_and_shrinks_by_one_dimension() -> None:
    view = LIVE.within("engine", "a").within("zone", "b").within("engine", "c")
    assert view.scope == {"engine": "c", "zone": "b"}
    assert view.without("engine").scope == {"zone": "b"}
    assert view.without("nothing") == view


def test_the_window_of_a_live_view_ends_now_and_that_of_a_past_one_where_it_says() -> None:
    assert LIVE.window(NOW) == Window.ending(TEN, minutes=60, live=True)
    assert PAST.window(NOW) == Window.ending(TEN - 5 * HOUR, minutes=30)


def test_earlier_ends_where_the_window_began() -> None:
    assert LIVE.earlier(NOW).to == TEN - HOUR
    assert PAST.earlier(NOW).to == TEN - 5.5 * HOUR


def test_later_begins_where_the_window_ended() -> None:
    assert PAST.later(NOW) == PAST.but(to=TEN - 4.5 * HOUR)


@pytest.mark.parametrize("ago", [timedelta(0), MINUTE, 30 * MINUTE, 30.9 * MINUTE])
def test_later_is_live_where_it_would_come_within_a_minute_of_now(ago: timedelta) -> None:
    assert PAST.but(to=TEN - ago).later(NOW).is_live


def test_later_is_of_the_past_where_it_would_end_more_than_a_minute_ago() -> None:
    assert PAST.but(to=TEN - 32 * MINUTE).later(NOW).to == TEN - 2 * MINUTE


def test_a_live_view_has_no_later_one() -> None:
    assert LIVE.later(NOW) == LIVE


def test_earlier_and_later_undo_each_other() -> None:
    assert PAST.earlier(NOW).later(NOW) == PAST
    assert LIVE.earlier(NOW).later(NOW) == LIVE


def test_there_is_nothing_earlier_than_1970() -> None:
    first = View(source="tasks", to=datetime(1970, 1, 1, 0, 30, tzinfo=UTC))
    with pytest.raises(InvalidWindow):
        first.earlier(NOW)


def test_only_live_views_refresh() -> None:
    assert LIVE.refresh_seconds == 30
    assert LIVE.but(every=2).refresh_seconds == 2
    assert LIVE.but(every=OFF).refresh_seconds is None
    assert PAST.but(every=2).refresh_seconds is None


def test_the_window_to_compare_with() -> None:
    assert LIVE.compared_end(TEN) is None
    assert LIVE.but(compare="previous").compared_end(TEN) == TEN - HOUR
    assert PAST.but(compare="previous").compared_end(TEN) == TEN - HOUR / 2
    assert LIVE.but(compare="yesterday").compared_end(TEN) == TEN - 24 * HOUR
    assert LIVE.but(compare=TEN - 7 * HOUR).compared_end(TEN) == TEN - 7 * HOUR


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (TEN - 10 * MINUTE, TEN, 10),
        (TEN, TEN - 10 * MINUTE, 10),
        (TEN - 10 * MINUTE - timedelta(microseconds=1), TEN, 11),
        (TEN - timedelta(seconds=1), TEN, 1),
        (TEN, TEN, 1),
        (TEN - 48 * HOUR, TEN, 1440),
    ],
)
def test_a_zoom_has_whole_minutes_and_holds_the_stretch(
    start: datetime, end: datetime, minutes: int
) -> None:
    assert zoom_to(LIVE, start, end) == LIVE.but(to=TEN, minutes=minutes)


def test_the_end_of_a_zoom_is_cut_to_the_second_and_is_utc() -> None:
    end = datetime(2026, 1, 30, 11, 0, 0, 999_000, tzinfo=timezone(HOUR))
    view = zoom_to(LIVE, end - 5 * MINUTE, end)
    assert view == LIVE.but(to=TEN, minutes=5)
    assert view.params["to"] == "2026-01-30T10:00:00Z"
