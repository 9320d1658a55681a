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
