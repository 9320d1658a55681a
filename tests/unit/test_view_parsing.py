"""View parsing: what a URL asks for, or what is wrong with it."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.view import OFF, View
from dashboard.view_parsing import (
    Params,
    default_source,
    is_arbitrary,
    parse_view,
    views_instead,
)
from metrics_core import Source
from metrics_core.errors import InvalidScope, InvalidWindow, UnknownSource, UsageError
from tests.builders import new_source

NOW = datetime(2026, 1, 30, 10, tzinfo=UTC)


def sources(*names: str, default: str | None = None) -> dict[str, Source]:
    return {
        name: new_source(name=name, default=name == default, dimensions=("engine", "zone"))
        for name in names
    }


TWO = sources("tasks", "runs")
BAD_MINUTES = [
    "0",
    "-1",
    "1441",
    "1000000000000000000",
    "1" * 50,
    "NaN",
    "inf",
    "1e3",
    "１２",
    "",
    " 60",
    "12.5",
    "60\n",
    "0x10",
    "<b>60</b>",
]


def parsed(**values: str) -> View:
    return parse_view({name: [value] for name, value in values.items()}, TWO, now=NOW)


def instead(**values: str) -> list[View]:
    return views_instead({name: [value] for name, value in values.items()}, TWO, now=NOW)


@pytest.mark.parametrize("text", BAD_MINUTES)
def test_minutes_that_are_none_are_refused_with_one_line(text: str) -> None:
    with pytest.raises(InvalidWindow) as refusal:
        parsed(minutes=text)
    said = str(refusal.value)
    assert said.startswith(f"This address asks for minutes=“{text[:40]}")
    assert said.endswith("but minutes must be a whole number from 1 to 1440.")
    assert len(said) < 150


@pytest.mark.parametrize(("text", "minutes"), [("1", 1), ("60", 60), ("1440", 1440), ("007", 7)])
def test_minutes_from_1_to_1440_are_the_window(text: str, minutes: int) -> None:
    assert parsed(minutes=text) == View(source="tasks", minutes=minutes)


def test_an_address_without_parameters_is_the_last_hour_live() -> None:
    view = parsed()
    assert view == View(source="tasks", minutes=60, to=None, scope={}, compare=None)
    assert (view.zone, view.every, view.error) == ("utc", 30, None)


@pytest.mark.parametrize("text", ["2026-01-30T09:00:00Z", "2026-01-30T10:00:00+01:00"])
def test_to_is_an_instant_with_its_zone(text: str) -> None:
    assert parsed(to=text).to == NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("last night", "the time must be ISO 8601 with a zone, as in 2026-01-30T10:00:00Z"),
        ("", "the time must be ISO 8601 with a zone, as in 2026-01-30T10:00:00Z"),
        ("2026-01-30T09:00:00", "the time needs a zone"),
        ("2026-01-30T10:00:01Z", "the time lies in the future: it is 2026-01-30T10:00:00Z now"),
        ("1969-12-31T23:59:59Z", "the time lies before 1970-01-01T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("name", ["to", "compare"])
def test_an_instant_that_is_none_is_refused_with_one_line(name: str, text: str, why: str) -> None:
    with pytest.raises(InvalidWindow) as refusal:
        parsed(**{name: text})
    assert str(refusal.value).startswith(f"This address asks for {name}=“{text}”, but {why}")


@pytest.mark.parametrize(
    "values",
    [
        {"to": "1970-01-01T00:30:00Z"},
        {"compare": "1970-01-01T00:30:00Z"},
        {"to": "1970-01-01T20:00:00Z", "compare": "yesterday"},
    ],
)
def test_a_window_that_begins_before_1970_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(InvalidWindow, match="must not begin before 1970"):
        parsed(**values)


def test_the_comparison_is_a_word_or_an_instant() -> None:
    assert parsed(compare="previous").compare == "previous"
    assert parsed(compare="yesterday").compare == "yesterday"
    assert parsed(compare="2026-01-30T09:00:00Z").compare == NOW - timedelta(hours=1)


def test_a_scope_is_one_parameter_a_dimension() -> None:
    assert parsed(engine="runway").scope == {"engine": "runway"}
    assert parsed(engine="").scope == {"engine": ""}


def test_a_dimension_called_like_one_of_the_views_own_has_a_prefix() -> None:
    view = parsed(zone="local", **{"scope.zone": "eu-1"})
    assert view == View(source="tasks", zone="local", scope={"zone": "eu-1"})


@pytest.mark.parametrize("value", ["a\0b", "\ud800"])
def test_a_scope_that_no_text_can_be_is_refused(value: str) -> None:
    with pytest.raises(InvalidScope, match="asks for a engine that no text can be"):
        parsed(engine=value)


def test_an_unknown_name_is_refused_and_the_dimensions_are_named() -> None:
    with pytest.raises(UsageError) as refusal:
        parsed(engien="runway")
    assert str(refusal.value) == (
        "This address names “engien”, which this page does not know. "
        "The dimensions of tasks are: engine, scope.zone."
    )


@pytest.mark.parametrize(("text", "every"), [("off", OFF), ("2", 2), ("60", 60)])
def test_the_refresh_is_one_of_its_steps(text: str, every: int) -> None:
    assert parsed(every=text).every == every


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [("every", "3", "off, 2, 5, 15, 30, 60"), ("zone", "CET", "utc, local")],
)
def test_a_wrong_choice_is_refused_and_the_right_ones_are_named(
    name: str, text: str, known: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        parsed(**{name: text})
    assert str(refusal.value) == (
        f"This address asks for {name}=“{text}”, but {name} is one of: {known}."
    )


def test_an_unknown_source_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownSource) as refusal:
        parsed(source="video")
    assert str(refusal.value) == (
        "This address asks for the source “video”, which there is not. "
        "The sources are: tasks, runs."
    )


@pytest.mark.parametrize("name", ["", "Tasks", "tasks "])
def test_a_source_is_known_by_its_exact_name(name: str) -> None:
    with pytest.raises(UnknownSource):
        parsed(source=name)


@pytest.mark.parametrize(
    "name", ["source", "minutes", "to", "engine", "compare", "zone", "every", "error"]
)
def test_a_name_given_twice_is_refused(name: str) -> None:
    twice: Params = {name: ["5", "7"]}
    with pytest.raises(UsageError, match=f"names {name} more than once"):
        parse_view(twice, TWO, now=NOW)


def test_without_a_name_the_source_marked_default_is_shown() -> None:
    assert default_source(sources("a", "b", default="b")) == "b"
    assert default_source(sources("a")) == "a"
    assert default_source(sources("a", "b")) == "a"


def test_a_source_that_nobody_chose_is_told_so() -> None:
    assert is_arbitrary({}, TWO)
    assert not is_arbitrary({"source": ["tasks"]}, TWO)
    assert not is_arbitrary({}, sources("tasks"))
    assert not is_arbitrary({}, sources("tasks", "runs", default="runs"))


def test_instead_of_bad_minutes_the_same_source_is_offered() -> None:
    assert instead(source="runs", minutes="0") == [View(source="runs", minutes=60)]


def test_instead_of_an_unknown_source_each_known_one_is_offered() -> None:
    assert instead(source="video", minutes="15") == [
        View(source="tasks", minutes=15),
        View(source="runs", minutes=15),
    ]


def test_what_is_right_in_a_wrong_address_is_kept() -> None:
    (view,) = instead(
        source="runs", to="tomorrow", engine="runway", compare="previous", every="3", nonsense="1"
    )
    assert view == View(source="runs", scope={"engine": "runway"}, compare="previous")


def test_what_is_right_only_by_itself_is_not_kept_together() -> None:
    (view,) = instead(source="runs", to="1970-01-01T02:00:00Z", minutes="180", every="5")
    assert view == View(source="runs", to=datetime(1970, 1, 1, 2, tzinfo=UTC), every=5)
