"""SQLite as a source: ADBC on a read-only connection, and its SQL dialect.

A column may hold texts, numbers and blobs side by side, which SQLite orders so: numbers, texts,
blobs. To compare tells them apart sooner than typeof() does; + lets no affinity convert them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import adbc_driver_sqlite.dbapi
import pyarrow as pa
from adbc_driver_manager import Error as DriverError
from adbc_driver_manager.dbapi import Connection

from metrics_core.adbc import explained, fetch, sql_comment
from metrics_core.database import Kind, Types
from metrics_core.errors import DatabaseError
from metrics_core.source import Source
from metrics_core.sqlite_values import times_of, with_valid_texts
from metrics_core.tasks import Instants, Mask
from metrics_core.times import DAY_US, LATEST_US, naive_text

SECOND_US = 1_000_000
EPOCH_JULIAN = 2440587.5
BATCH_ROWS = "adbc.sqlite.query.batch_rows"
FEW_ROWS, CATALOG_ROWS = 100, 100_000
"""More than statements of our own bring; and than others that max_rows does not bound."""


class Sqlite:
    """One read-only connection to an SQLite file. See `metrics_core.database.Database`."""

    name = "sqlite"

    def __init__(self, source: Source, request_id: str = "") -> None:
        self._source = source
        self._comment = sql_comment(request_id)
        self._connection = _connect(source)

    def close(self) -> None:
        self._connection.close()

    def cancel(self) -> None:
        """Nothing: the driver cannot interrupt SQLite, so a scan past its deadline is abandoned."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One read transaction; it waits for a writer as long as the source's deadline."""
        wait_ms = round(self._source.deadline_seconds * 1000)
        self._fetch(f"PRAGMA busy_timeout = {wait_ms}")
        try:
            yield
        finally:
            self._connection.rollback()

    def _fetch(self, statement: str, *values: str, most: int = FEW_ROWS) -> pa.Table:
        """In one batch: ADBC takes types from the first; it reserves memory for `most` rows."""
        with explained(self._source.name):
            commented, batch = self._comment + statement, {BATCH_ROWS: str(most)}
            return fetch(self._connection, commented, values, batch)

    def columns(self, select: str) -> Mapping[str, Kind]:
        schema = self._fetch(f"SELECT * FROM (\n{select}\n) AS task LIMIT 0").schema
        return dict.fromkeys(schema.names, "any")

    def server(self) -> str:
        return f"SQLite {self._fetch('SELECT sqlite_version()').column(0)[0].as_py()}"

    def clock(self) -> datetime:
        now = self._fetch("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')").column(0)[0].as_py()
        return datetime.fromisoformat(now).replace(tzinfo=UTC)

    def fetch(
        self, statement: str, scope: Mapping[str, str], types: Types | None = None
    ) -> pa.Table:
        """The rows as SQLite gives them, in one batch."""
        most = max(self._source.max_rows + 1, CATALOG_ROWS)
        return with_valid_texts(self._fetch(statement, *scope.values(), most=most))

    def in_scope(self, column: str, kind: Kind, place: int) -> str:
        return f"{self.text(column, kind)} = ?"

    def instant(self, value: int) -> str:
        return f"'{naive_text(value)}'"

    def text(self, column: str, kind: Kind) -> str:
        as_hex, as_text = f"lower(hex({column}))", f"CAST({column} AS TEXT)"
        return f"CASE WHEN {_is_blob(column)} THEN {as_hex} ELSE {as_text} END"

    def cut_text(self, column: str, kind: Kind, limit: int) -> str:
        text, half = f"CAST({column} AS TEXT)", limit // 2
        halves = f"substr({text}, 1, {half}) || ' … ' || substr({text}, -{half})"
        return f"CASE WHEN length({text}) > {limit} THEN {halves} ELSE {text} END"

    def number(self, column: str, kind: Kind) -> str:
        return f"CASE WHEN {_is_number(column)} THEN CAST({column} AS REAL) END"

    def time_columns(self, column: str, kind: Kind) -> Mapping[str, str]:
        """The column as it is, and beside it what of it is no text: numbers, and blobs as Inf."""
        number = f"CASE WHEN {_is_blob(column)} THEN 9e999 ELSE CAST({column} AS REAL) END"
        no_text = f"CASE WHEN +{column} NOT BETWEEN '' AND x'' THEN {number} END"
        return {"": column, ".number": no_text}

    def times(self, rows: pa.Table, column: str, kind: Kind) -> tuple[Instants, Mask]:
        return times_of(rows[column], rows[f"{column}.number"], self._source)

    def before(self, column: str, kind: Kind, value: int) -> str:
        """The commonest form first: texts after numbers, and in order if all are UTC.

        One CASE, of which null falls through: an OR would be asked of each index's rows anew.
        """
        bound = value + self._margin
        day, clock = naive_text(bound)[:19].split()
        in_order = self._source.utc_texts
        with_t = f"WHEN {column} BETWEEN '{day}T' AND '{day}T{clock}' THEN 1 " * in_order
        with_blank = f"WHEN {column} < '{day} {clock}' THEN 1 " * in_order
        number = f"{column} NOT BETWEEN {self._epoch(bound)} AND {self._epoch(LATEST_US)}"
        return (
            f"CASE {with_t}WHEN {column} < '' THEN {number} {with_blank}"
            f"ELSE ifnull({_julian(column)} < {_julian_of(bound)}, 1) END"
        )

    def since(self, column: str, kind: Kind, value: int) -> str:
        """The cheapest look first: ISO texts order by date; before '1970' may be no date.

        Numbers come before texts, and these before blobs. No index serves it: texts of any zone are
        in no order.
        """
        bound = value - self._margin
        if self._source.utc_texts:
            return self._since_in_order(column, bound)
        return (
            f"CASE WHEN {column} >= '{_day(bound - DAY_US)}'"
            f" THEN ifnull({_julian(column)} >= {_julian_of(bound)}, 1)"
            f" WHEN {column} >= '' THEN {column} < '1970-'"
            f" ELSE {column} >= {self._epoch(bound)} OR {column} < {self._epoch(-LATEST_US)} END"
        )

    def _since_in_order(self, column: str, bound: int) -> str:
        """In ranges, each of which an index serves; without `unlikely` SQLite reads the table.

        Of the bound's hour, '103000' comes before '10:00:00': a range of its own holds such clocks.
        """
        day, clock = naive_text(bound)[:19].split()
        hour = clock[:2]
        ranges = (
            f"{column} >= '{day}T{clock}'",
            f"{column} >= '{day}T{hour}' AND {column} < '{day}T{hour}:'",
            f"{column} >= '{day} {clock}' AND {column} < '{day}T'",
            f"{column} >= '{day} {hour}' AND {column} < '{day} {hour}:'",
            f"{column} >= '' AND {column} < '1970-'",
            f"{column} >= {self._epoch(bound)} AND {column} < ''",
            f"{column} < {self._epoch(-LATEST_US)}",
        )
        return " OR ".join(f"unlikely({each})" for each in ranges)

    def between(self, column: str, kind: Kind, start: int, end: int) -> str:
        return f"({self.since(column, kind, start)}) AND {self.before(column, kind, end)}"

    def sort_key(self, column: str, kind: Kind) -> str:
        """Seconds since the epoch, to the millisecond."""
        unit = self._source.time_units_per_second
        texts = f"({_julian(column)} - {EPOCH_JULIAN}) * 86400"
        return f"CASE WHEN {_is_number(column)} THEN {column} / {unit}.0 ELSE {texts} END"

    def exact_time(self, column: str, kind: Kind) -> str | None:
        """None: texts and numbers side by side, and not all that are times are so to SQLite."""
        return None

    @property
    def _margin(self) -> int:
        """julianday() knows milliseconds and no zones: bounds are moved outwards."""
        return SECOND_US if self._source.timezone == "UTC" else DAY_US

    def _epoch(self, value: int) -> str:
        return repr(value / SECOND_US * self._source.time_units_per_second)


def _is_number(column: str) -> str:
    return f"+{column} < ''"


def _is_blob(column: str) -> str:
    return f"+{column} >= x''"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _day(value: int) -> str:
    return naive_text(value)[:10]


def _julian(column: str) -> str:
    """A date begins with a digit; what does not, "now" among it, is none."""
    return f"CASE WHEN {column} < ':' THEN julianday({column}) END"


def _julian_of(value: int) -> str:
    return f"julianday('{naive_text(value)[:23]}')"


def _connect(source: Source) -> Connection:
    place = source.url.partition("://")[2]
    path = Path(place.removeprefix("/"))
    if not place.startswith("/") or not _is_file(path):
        raise DatabaseError(f"source {source.name}: there is no SQLite file at {path}")
    try:
        return adbc_driver_sqlite.dbapi.connect(f"file:{quote(str(path))}?mode=ro")
    except DriverError as error:
        raise DatabaseError(
            f"source {source.name}: cannot open the SQLite file {path} ({type(error).__name__})"
        ) from None
