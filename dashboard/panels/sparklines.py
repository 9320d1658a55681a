"""Sparklines: a few counts over time as a small silhouette, in our own markup. Pure.

`st.html` lets no SVG through, so the silhouette is cut out of a coloured element.
"""

from collections.abc import Sequence

from dashboard.markup import Html, tag


def silhouette(counts: Sequence[int], *, kind: str = "") -> Html:
    """The counts from left to right, the largest at the top; nothing for readers of the text."""
    return tag(
        "div",
        style=f"clip-path:polygon({','.join(_corners(counts))})",
        class_=f"spark {kind}".rstrip(),
        aria_hidden="true",
    )


def _corners(counts: Sequence[int]) -> list[str]:
    """The outline; a point amid a level stretch is left out, for each refresh sends them all.

    >>> _corners([0, 2, 4])
    ['0 100%', '0% 97%', '50% 50%', '100% 3%', '100% 100%']
    >>> _corners([4, 4, 4, 4, 4])
    ['0 100%', '0% 3%', '100% 3%', '100% 100%']
    """
    top, last = max((*counts, 1)), max(len(counts) - 1, 1)
    heights = [97 - 94 * n // top for n in counts]
    points = (
        f"{100 * i // last}% {height}%"
        for i, height in enumerate(heights)
        if i in (0, last) or not heights[i - 1] == height == heights[i + 1]
    )
    return ["0 100%", *points, "100% 100%"]
