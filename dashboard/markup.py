"""HTML that cannot be injected into: every text and every attribute is escaped, in one place.

What comes out of a task table must never be read as Markdown. Streamlit's labels, captions and
alerts are Markdown, and a backslash does not stop its emoji, colours and autolinks: so such texts
are shown in our own elements, through `st.html`, which scrubs scripts once more in the browser.
"""

from dataclasses import dataclass
from html import escape

# Signs that reorder, or hide in, the text around them; right-to-left text itself is untouched.
CONCEALED = {
    point: f"\\u{point:04x}"
    for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0xFEFF)
}


@dataclass(frozen=True)
class Html:
    """Text that is markup already. Only this module makes one."""

    text: str

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """What `st.html` takes as it is: a plain text it searches for a path, and dedents."""
        return self.text


def tag(name: str, *children: str | Html | None, **attributes: str | bool | None) -> Html:
    """An element; children that are plain text are escaped, and None is left out.

    An attribute's `_` is a hyphen, and a trailing one is dropped (`class_`); True is written bare.

    >>> print(tag("p", "<b>", tag("i", "&"), class_="note", hidden=True, id=None))
    <p class="note" hidden>&lt;b&gt;<i>&amp;</i></p>
    """
    opening = "".join((name, *(_attribute(*pair) for pair in attributes.items())))
    inside = "".join(_inner(child) for child in children if child is not None)
    return Html(f"<{opening}>{inside}</{name}>")


def untrusted(text: str) -> Html:
    """A text out of a task table, in its own direction, with its concealed signs made visible."""
    return tag("bdi", text.translate(CONCEALED))


def _inner(child: str | Html) -> str:
    return child.text if isinstance(child, Html) else escape(child)


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(str(value))}"'
