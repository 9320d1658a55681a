"""Table facts: what is known of a foreign table from its catalog and a bounded sample. Values only.

The sample's values are texts as the scan would read them, cut to SHOWN_TEXT characters.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from metrics_core.database import Kind

SAMPLE_ROWS = 2_000
SHOWN_TEXT = 200
TEXT_TYPES = ("char", "text", "citext", "name", "clob")
Texts = tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: `type` as the database declares it, `labels` of an enumerated type.

    `texts` is one entry a sampled row; `numeric` where all that are there are numbers.
    """

    name: str
    type: str
    kind: Kind
    texts: Texts = ()
    numeric: bool = False
    labels: tuple[str, ...] = ()
    is_key: bool = False

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How often each value came, the most frequent first, ties by value."""
        found = Counter(text for text in self.texts if text is not None)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @property
    def there(self) -> int:
        """In how many sampled rows it is not null."""
        return sum(self.counts.values())

    @property
    def nulls(self) -> int:
        return len(self.texts) - self.there

    @property
    def is_text(self) -> bool:
        """Whether it holds words, so far as type and values tell."""
        if self.kind == "any":
            return not self.numeric and (bool(self.counts) or self._declares_text)
        return self.kind == "text" or bool(self.labels) or self._declares_text

    @property
    def _declares_text(self) -> bool:
        return not self.type or any(word in self.type.lower() for word in TEXT_TYPES)


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """One table or view; `estimate` is the server's own count of its rows, where it has one.

    `complete` says that the sample is all there is. `row_id` names the database's own row number
    where there is no key.
    """

    dialect: str
    schema: str
    name: str
    visible: bool
    columns: tuple[Column, ...]
    size: int
    complete: bool
    estimate: int | None = None
    row_id: str | None = None

    @property
    def title(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def quoted(self) -> str:
        """The table as SQL names it."""
        plain = identifier(self.name)
        return plain if self.visible or not self.schema else f"{identifier(self.schema)}.{plain}"

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns of the primary key."""
        return tuple(column for column in self.columns if column.is_key)


def identifier(name: str) -> str:
    """The name as an SQL identifier, whatever it holds.

    >>> identifier('say "x" now')
    '"say ""x"" now"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
