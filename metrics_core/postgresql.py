"""PostgreSQL as a source: ADBC in a read-only repeatable-read transaction, and its SQL dialect."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager import Error as DriverError

from metrics_core.adbc import explained, fetch, fetch_as, sql_comment
from metrics_core.database import Kind, Types
from metrics_core.postgresql_connection import connected
from metrics_core.source import Source
from metrics_core.tasks import NULL, Instants, Mask
from metrics_core.times import DAY_US, epoch_number, naive_instants, naive_text
from metrics_core.window import from_epoch_us

LOCK_TIMEOUT_MS = 500
SETTINGS = """
SELECT
  set_config('statement_timeout', $1, true),
  set_config('lock_timeout', $2, true),
  set_config('idle_in_transaction_session_timeout', '3s', true),
  set_config('timezone', $3, true),
  -- The default, 4, is of spinning disks: for a tenth of a table it scans all, whatever the index.
  set_config('random_page_cost', '1.1', true),
  -- Compiling the few expressions of a scan takes longer than they do.
  set_config('jit', 'off', true),
  (
    -- Of PostgreSQL 14 and later: the server ends the query of a client that has died.
    SELECT set_config(name, '1s', true)
    FROM pg_settings
    WHERE name = 'client_connection_check_interval'
  )
"""
"""Local to the transaction, so that none leaks through a pooler to another client."""
NO_COPY = {"adbc.postgresql.use_copy": "false"}
"""ADBC reads through COPY, of which EXPLAIN can be no part."""
INFINITE_BEYOND = 2**61
TEXT_TYPES = {"text", "varchar", "name"}
NUMBER_TYPES = {"int2", "int4", "int8", "float4", "float8", "numeric"}
TIME_KINDS: Mapping[str, Kind] = {"timestamptz": "instant", "timestamp": "naive", "date": "naive"}


class Postgresql:
    """One connection to a PostgreSQL source. See `metrics_core.database.Database`."""

    name = "postgresql"

    def __init__(self, source: Source, request_id: str = "") -> None:
        self._source = source
        self._comment = sql_comment(request_id)
        self._connection = connected(source)

    def close(self) -> None:
        self._connection.close()

    def cancel(self) -> None:
        with suppress(DriverError):  # nothing runs just now
            self._connection.adbc_cancel()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Settings are local to the transaction, so that none leaks through a pooler."""
        try:
            self._fetch("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._fetch(SETTINGS, *self._settings())
            yield
        finally:
            with suppress(DriverError):  # a lost connection has lost its transaction too
                self._connection.rollback()

    def _settings(self) -> tuple[str, str, str]:
        return (
            f"{round(self._source.deadline_seconds * 1000)}ms",
            f"{LOCK_TIMEOUT_MS}ms",
            self._source.timezone,
        )

    def _set(self, setting: str, value: str) -> None:
        self._fetch("SELECT set_config($1, $2, true)", setting, value)

    def _fetch(self, statement: str, *values: str) -> pa.Table:
        with explained(self._source.name):
            return fetch(self._connection, self._comment + statement, values)

    def columns(self, select: str) -> Mapping[str, Kind]:
        schema = self._fetch(f"SELECT * FROM (\n{select}\n) AS task LIMIT 0").schema
        return {field.name: _kind(field) for field in schema}

    def server(self) -> str:
        version = self._fetch("SELECT current_setting('server_version')").column(0)[0].as_py()
        return f"PostgreSQL {version}"

    def avoid_whole_tables(self) -> None:
        """From here on plans look rows up by indexes where they can, however few there are."""
        for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            self._set(setting, "off")

    def plan(self, statement: str) -> Mapping[str, Any]:
        """How the server would run the statement, as EXPLAIN tells it; nothing of it is run."""
        explain = f"{self._comment}EXPLAIN (VERBOSE, FORMAT JSON) {statement}"
        with explained(self._source.name):
            plans = fetch(self._connection, explain, (), NO_COPY)
        plan: Mapping[str, Any] = json.loads(plans.column(0)[0].as_py())[0]["Plan"]
        return plan

    def clock(self) -> datetime:
        now = self._fetch("SELECT clock_timestamp()").column(0)[0].as_py()
        return datetime.fromtimestamp(now.timestamp(), UTC)

    def fetch(
        self, statement: str, scope: Mapping[str, str], types: Types | None = None
    ) -> pa.Table:
        """Scope values go by settings of the transaction: bound values would halve ADBC's speed."""
        for place, value in enumerate(scope.values()):
            self._set(f"stillframe.scope_{place}", value)
        with explained(self._source.name):
            return fetch_as(self._connection, self._comment + statement, types or {})

    def in_scope(self, column: str, kind: Kind, place: int) -> str:
        return f"{self.text(column, kind)} = current_setting('stillframe.scope_{place}')"

    def instant(self, value: int) -> str:
        return f"TIMESTAMPTZ '{from_epoch_us(value).isoformat()}'"

    def text(self, column: str, kind: Kind) -> str:
        return column if kind == "text" else f"CAST({column} AS text)"

    def cut_text(self, column: str, kind: Kind, limit: int) -> str:
        """Null becomes an empty text, which says as much: a null costs ADBC more than that."""
        text, half = self.text(column, kind), limit // 2
        halves = f"left({text}, {half}) || ' … ' || right({text}, {half})"
        return f"CASE WHEN length({text}) > {limit} THEN {halves} ELSE coalesce({text}, '') END"

    def number(self, column: str, kind: Kind) -> str:
        return f"CAST({column} AS double precision)"

    def time_columns(self, column: str, kind: Kind) -> Mapping[str, str]:
        if kind == "naive":
            return {"": f"CAST({column} AS timestamp)"}
        return {"": self.number(column, kind) if kind == "number" else column}

    def times(self, rows: pa.Table, column: str, kind: Kind) -> tuple[Instants, Mask]:
        values = rows[column]
        if kind == "number":
            return epoch_number(values.to_numpy(), self._source.time_units_per_second)
        micros = pc.fill_null(values.cast(pa.int64()), NULL).to_numpy()
        infinite = np.abs(micros) > INFINITE_BEYOND
        instants = np.where(infinite, NULL, micros) if infinite.any() else micros
        if kind == "naive":
            naive = pd.Series(instants.view("datetime64[us]"))
            instants = naive_instants(naive, self._source.zone)
        return instants, np.zeros(len(instants), np.bool_)

    def before(self, column: str, kind: Kind, value: int) -> str:
        before = self._compared(column, kind, f"< {self._bound(kind, value, +1)}", "infinity")
        return f"({column} IS NULL OR {before})"

    def since(self, column: str, kind: Kind, value: int) -> str:
        return self._compared(column, kind, f">= {self._bound(kind, value, -1)}", "-infinity")

    def between(self, column: str, kind: Kind, start: int, end: int) -> str:
        first, last = self._bound(kind, start, -1), self._bound(kind, end, +1)
        return f"{column} >= {first} AND {column} < {last}"

    def sort_key(self, column: str, kind: Kind) -> str:
        return column

    def exact_time(self, column: str, kind: Kind) -> str | None:
        """None of numbers, whose reading rounds, and of zones, where an hour may come twice."""
        if kind == "instant":
            return f"CASE WHEN isfinite({column}) THEN {column} END"
        if kind == "naive" and self._source.timezone == "UTC":
            naive = f"CAST({column} AS timestamp)"
            return f"CASE WHEN isfinite({column}) THEN {naive} AT TIME ZONE 'UTC' END"
        return None

    def _compared(self, column: str, kind: Kind, comparison: str, infinite: str) -> str:
        """The comparison, true of that infinity too, which is no time for us."""
        if kind == "number":
            return f"{column} {comparison}"
        return f"({column} {comparison} OR {column} = '{infinite}')"

    def _bound(self, kind: Kind, value: int, side: int) -> str:
        """The instant in the column's own terms, moved outwards where those are not exact."""
        if kind == "number":
            return str(value * self._source.time_units_per_second // 1_000_000 + side)
        if kind == "naive":
            margin = 0 if self._source.timezone == "UTC" else side * DAY_US
            return f"TIMESTAMP '{naive_text(value + margin)}'"
        return self.instant(value)


def _kind(field: pa.Field) -> Kind:
    metadata = field.metadata or {}
    name = metadata.get(b"POSTGRESQL:type", b"").decode()
    if name in TEXT_TYPES:
        return "text"
    return "number" if name in NUMBER_TYPES else TIME_KINDS.get(name, "other")
