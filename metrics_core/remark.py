"""Remark: one thing that the doctor says of a source, with what to do about it. Shape only."""

from collections.abc import Iterable
from typing import Literal

from metrics_core.record import Record

Level = Literal["note", "good", "not_good", "not_safe"]
SENTENCES = {"note": "", "good": "good: ", "not_good": "NOT GOOD: ", "not_safe": "NOT SAFE: "}


class Remark(Record):
    """What was found about one thing, how good that is, and what to do: in words, and as SQL."""

    about: str
    level: Level
    text: str
    to_do: str | None = None
    sql: tuple[str, ...] = ()

    @property
    def is_fault(self) -> bool:
        return self.level in ("not_good", "not_safe")

    @property
    def sentence(self) -> str:
        """The text, with its level in front where it has one."""
        return SENTENCES[self.level] + self.text


def listed(names: Iterable[str]) -> str:
    """
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
