"""Markup: what comes out of a task table stays text, whatever it is."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.markup import CONCEALED, tag, untrusted


class Reader(HTMLParser):
    """What a browser makes of a piece of HTML: its tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


# The parser, as a browser, joins line ends; concealed signs are the next test's.
TEXTS = st.text().filter(
    lambda text: "\r" not in text and not any(ord(c) in CONCEALED for c in text)
)


@given(TEXTS)
def test_any_text_is_shown_literally(text: str) -> None:
    read = Reader(str(tag("p", untrusted(text), class_="message")))
    assert (read.tags, read.text) == (["p", "bdi"], text)


@given(st.text().filter(lambda text: "\r" not in text))
def test_no_attribute_ends_before_its_end(text: str) -> None:
    read = Reader(str(tag("a", "x", href=text)))
    assert (read.tags, read.attributes, read.text) == (["a"], {"href": text}, "x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("gnp.\u202eexe", "gnp.\\u202eexe"), ("a\u200bb", "a\\u200bb"), ("شكرا 💥", "شكرا 💥")],
)
def test_signs_that_reorder_or_hide_are_made_visible(text: str, shown: str) -> None:
    assert str(untrusted(text)) == f"<bdi>{shown}</bdi>"


def test_none_is_left_out() -> None:
    assert str(tag("p", None, "x", id=None, hidden=False)) == "<p>x</p>"
