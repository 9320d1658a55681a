"""Place: what a page can be at: the figures of a view, a snapshot, or the archive's list."""

from typing import Protocol


class Place(Protocol):
    """Whatever the URL can name."""

    @property
    def params(self) -> dict[str, str]:
        """The names and values of the URL."""
