"""View: what a URL asks for, or what is wrong with it."""

import pytest

from dashboard.view import View, default_source, is_arbitrary, parse_view, views_instead
from metrics_core import Source
from metrics_core.errors import InvalidWindow, UnknownSource
from tests.builders import new_source


def sources(*names: str, default: str | None = None) -> dict[str, Source]:
    return {name: new_source(name=name, default=name == default) for name in names}


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


@pytest.mark.parametrize("text", BAD_MINUTES)
def test_minutes_that_are_none_are_refused_with_one_line(text: str) -> None:
    with pytest.raises(InvalidWindow) as refusal:
        parse_view({"minutes": [text]}, TWO)
    said = str(refusal.value)
    assert said.startswith(f"This address asks for minutes=“{text[:40]}")
    assert said.endswith("but minutes must be a whole number from 1 to 1440.")
    assert len(said) < 150


@pytest.mark.parametrize(("text", "minutes"), [("1", 1), ("60", 60), ("1440", 1440), ("007", 7)])
def test_minutes_from_1_to_1440_are_the_window(text: str, minutes: int) -> None:
    assert parse_view({"minutes": [text]}, TWO) == View(source="tasks", minutes=minutes)


def test_no_minutes_are_60() -> None:
    assert parse_view({}, TWO).minutes == 60


def test_an_unknown_source_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownSource) as refusal:
        parse_view({"source": ["video"]}, TWO)
    assert str(refusal.value) == (
        "This address asks for the source “video”, which there is not. "
        "The sources are: tasks, runs."
    )


@pytest.mark.parametrize("name", ["", "Tasks", "tasks "])
def test_a_source_is_known_by_its_exact_name(name: str) -> None:
    with pytest.raises(UnknownSource):
        parse_view({"source": [name]}, TWO)


@pytest.mark.parametrize("name", ["source", "minutes"])
def test_a_name_given_twice_is_refused(name: str) -> None:
    with pytest.raises((UnknownSource, InvalidWindow), match=f"names {name} more than once"):
        parse_view({name: ["5", "7"]}, TWO)


def test_without_a_name_the_source_marked_default_is_shown() -> None:
    assert default_source(sources("a", "b", default="b")) == "b"
    assert default_source(sources("a")) == "a"
    assert default_source(sources("a", "b")) == "a"


def test_a_source_that_nobody_chose_is_told_so() -> None:
    assert is_arbitrary({}, TWO)
    assert not is_arbitrary({"source": ["tasks"]}, TWO)
    assert not is_arbitrary({}, sources("tasks"))
    assert not is_arbitrary({}, sources("tasks", "runs", default="runs"))


def test_a_view_can_be_read_back_from_its_link() -> None:
    view = View(source="runs", minutes=90)
    assert view.link == "?source=runs&minutes=90"
    assert parse_view({name: [value] for name, value in view.params.items()}, TWO) == view


def test_instead_of_bad_minutes_the_same_source_is_offered() -> None:
    wrong = {"source": ["runs"], "minutes": ["0"]}
    assert views_instead(wrong, TWO) == [View(source="runs", minutes=60)]


def test_instead_of_an_unknown_source_each_known_one_is_offered() -> None:
    wrong = {"source": ["video"], "minutes": ["15"]}
    assert views_instead(wrong, TWO) == [
        View(source="tasks", minutes=15),
        View(source="runs", minutes=15),
    ]
