"""Which source an answer speaks of."""

import pytest

from metrics_core.choice import chosen_source
from metrics_core.errors import UnknownSource
from metrics_core.source import Source
from tests.builders import new_source


def sources(*names: str, default: str = "") -> dict[str, Source]:
    return {name: new_source(name=name, default=name == default) for name in names}


def test_a_named_source_is_chosen() -> None:
    assert chosen_source(sources("a", "b", default="a"), "b").name == "b"


def test_with_none_named_it_is_the_default_or_else_the_only_one() -> None:
    assert chosen_source(sources("a", "b", default="b")).name == "b"
    assert chosen_source(sources("a")).name == "a"


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UnknownSource, match=r"^there is no source 'c'; there are: a, b$"):
        chosen_source(sources("a", "b"), "c")


def test_an_empty_name_is_a_name_too() -> None:
    with pytest.raises(UnknownSource, match="there is no source ''"):
        chosen_source(sources("a"), "")


def test_several_without_a_default_must_be_named() -> None:
    with pytest.raises(UnknownSource, match=r"mark one default = true: a, b$"):
        chosen_source(sources("a", "b"))


def runs_and_others(**runs: str | None) -> dict[str, Source]:
    """Two video sources, and one source for each name with its preset."""
    presets = {"v1": "video_tasks", "v2": None, **runs}
    return {name: new_source(name=name, preset=preset) for name, preset in presets.items()}


def test_a_question_of_a_preset_s_kind_goes_to_its_only_source() -> None:
    found = chosen_source(runs_and_others(a="agent_events"), preset="agent_events")
    assert found.name == "a"


def test_a_name_a_default_and_an_only_source_come_before_the_preset() -> None:
    known = runs_and_others(a="agent_events")
    assert chosen_source(known, "v1", preset="agent_events").name == "v1"
    known["v2"] = new_source(name="v2", default=True)
    assert chosen_source(known, preset="agent_events").name == "v2"
    assert chosen_source(sources("b"), preset="agent_events").name == "b"


@pytest.mark.parametrize("runs", [{}, {"a": "agent_events", "b": "agent_events"}])
def test_none_or_several_of_the_preset_must_be_named(runs: dict[str, str]) -> None:
    names = ", ".join(["v1", "v2", *runs])
    with pytest.raises(UnknownSource, match=f"mark one default = true: {names}$"):
        chosen_source(runs_and_others(**runs), preset="agent_events")


def test_without_a_preset_asked_for_several_must_be_named() -> None:
    with pytest.raises(UnknownSource, match="name a source"):
        chosen_source(runs_and_others(a="agent_events"))
