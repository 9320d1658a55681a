"""Databases: what a scan needs of one, and which ones there are.

The two dialects that fulfil it, `postgresql` and `sqlite`, are one file each, and know nothing of
tasks; `connect` chooses between them.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import pyarrow as pa

from metrics_core.tasks import Instants, Mask

Kind = Literal["instant", "naive", "number", "text", "any", "other"]
"""What a column holds: zoned times, naive times, numbers, texts, anything (SQLite), else."""

Types = Mapping[str, pa.DataType]
"""The Arrow types of columns, by name."""


class Database(Protocol):
    """One open connection to a source's database, and how its dialect says what a scan needs.

    Expressions are SQL text made of column names and instants only, never of a viewer's words.
    Instants are microseconds since the epoch.
    """

    name: str

    def cancel(self) -> None:
        """Asks the server to end what runs on this connection; from another thread."""

    def transaction(self) -> AbstractContextManager[None]:
        """A read-only transaction with one view of the data and the source's deadline."""

    def columns(self, select: str) -> Mapping[str, Kind]:
        """The columns that the SELECT yields."""

    def server(self) -> str:
        """What the database is, with its version."""

    def clock(self) -> datetime:
        """The database's own time."""

    def fetch(
        self, statement: str, scope: Mapping[str, str], types: Types | None = None
    ) -> pa.Table:
        """The rows of a statement; `scope` are the values that `in_scope` compares with.

        A dialect whose rows come in batches may cast the columns `types` on their way.
        """

    def instant(self, value: int) -> str:
        """What :window_from and :window_to stand for in an operator's SELECT."""

    def text(self, column: str, kind: Kind) -> str:
        """The column as text."""

    def cut_text(self, column: str, kind: Kind, limit: int) -> str:
        """The column as text; where longer than `limit`, its first and last half."""

    def number(self, column: str, kind: Kind) -> str:
        """The column as a double."""

    def time_columns(self, column: str, kind: Kind) -> Mapping[str, str]:
        """The expressions, by suffix of the alias, from which `times` reads the column."""

    def times(self, rows: pa.Table, column: str, kind: Kind) -> tuple[Instants, Mask]:
        """The column as Instants, and which of its values could not be read."""

    def before(self, column: str, kind: Kind, value: int) -> str:
        """True at least where the column is null or before the instant."""

    def since(self, column: str, kind: Kind, value: int) -> str:
        """True at least where the column is at or after it, in a form that indexes serve."""

    def between(self, column: str, kind: Kind, start: int, end: int) -> str:
        """True at least of times in [start, end), in a form that indexes serve best."""

    def sort_key(self, column: str, kind: Kind) -> str:
        """What orders the column's times as far as SQL can tell, in a form that indexes serve."""

    def exact_time(self, column: str, kind: Kind) -> str | None:
        """The column as a time that compares just as its Instants do, null where they have none.

        None where SQL cannot tell that of this kind of column.
        """

    def in_scope(self, column: str, kind: Kind, place: int) -> str:
        """True at least where the column as text equals the scope's `place`-th value."""

    def close(self) -> None:
        """Give the connection back."""
