"""Source: one configured task table, and what its columns and values mean. Values only, no I/O."""

import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import rfc8785
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    field_validator,
    model_validator,
)

from metrics_core.rules import Rule, parsed

STATUSES = (
    "queued",
    "processing",
    "completed",
    "failed",
    "cancelled",
    "scheduled",
    "retrying",
)
ENDED_STATUSES = ("completed", "failed", "cancelled")
TIME_COLUMNS = ("created_at", "eligible_at", "started_at", "finished_at", "updated_at")
OPTIONAL_COLUMNS = (*TIME_COLUMNS, "duration_ms", "error", "error_code", "cost_usd")
REQUIRED_COLUMNS = ("id", "status")
TRACE_ID = "trace_id"
"""Where the SELECT yields it, lists of single tasks name it; a snapshot does not read it."""
PLACING_COLUMNS = ("created_at", "started_at", "finished_at", "updated_at")
TIME_TO_PROCESSING = "time_to_processing"
"""What `lacks` names where a source has both its times, but no queue between them."""
RESERVED_NAMES = (
    *("source", "to", "from", "minutes", "limit", "window_hours"),
    *("archive", "archive_note", "archive_incident", "archive_actor"),
)
TIME_UNITS_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

DECLARABLE_FIGURES = (
    "tasks.created",
    "tasks.completed",
    "tasks.processing",
    "tasks.queued",
    "ledger",
    "failureRate",
    "latency.timeToProcessingMs",
    "latency.timeToCompleteMs",
    "backlog.queued.oldestAgeMs",
    "backlog.processing.oldestAgeMs",
    "errors",
)
"""The figures of which `not_measurable` may tell why they are null."""
ErrorFormat = Literal["json_last_attempt", "json_object", "traceback", "celery", "pickle"]

Status = Literal[
    "queued", "processing", "completed", "failed", "cancelled", "scheduled", "retrying"
]
SourceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class ErrorRule(BaseModel):
    """A message in which `match` is found, as plain text or as a regular expression, has `code`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Annotated[str, Field(min_length=1)]
    code: Annotated[str, Field(min_length=1, max_length=200)]

    def hits(self, message: str) -> bool:
        return self.match in message or bool(self._pattern and self._pattern.search(message))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        try:
            return re.compile(self.match)
        except (re.error, OverflowError, RecursionError):
            return None


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone of the IANA list, as UTC or Europe/Berlin")
    return name


class Source(BaseModel):
    """One task table: where it is, the trusted SELECT that yields task rows, and what they mean."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: SourceName
    url: Annotated[str, Field(min_length=1, repr=False)]
    sql: Annotated[str, Field(min_length=1)]
    dimensions: tuple[str, ...] = ()
    statuses: Mapping[Status, tuple[str, ...]] = {}
    errors: tuple[ErrorRule, ...] = ()
    default: StrictBool = False
    deadline_seconds: Annotated[float, Field(strict=True, ge=0.1, le=600)] = 5
    max_rows: Annotated[int, Field(strict=True, ge=1, le=100_000_000)] = 5_000_000
    unsafe_role: Literal["warn", "refuse"] = "warn"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    time_unit: Literal["s", "ms", "us", "ns"] = "s"
    utc_texts: StrictBool = False
    """That all texts of times are in UTC; one with another offset cannot be read then."""
    retention_hours: Annotated[float, Field(strict=True, gt=0)] | None = None
    lacks: tuple[str, ...] = ()
    not_measurable: Mapping[str, Annotated[str, Field(min_length=1)]] = {}
    """Figures, by the path of their member, that this system cannot give, each with its reason."""
    error_format: ErrorFormat | None = None
    """What the column `error` holds where that is no plain text: see `error_text`."""
    record_when: tuple[str, ...] = ()
    """Rules of the flight recorder, as `failure_rate > 0.2`: no part of what shapes a figure."""
    preset: str | None = None
    """The preset from which its SELECT came, if any: no part of what shapes a figure."""

    @field_validator("sql")
    @classmethod
    def _sql_is_one_statement(cls, sql: str) -> str:
        statement = sql.strip().rstrip(";").rstrip()
        if not statement:
            raise ValueError("is empty: it takes one SELECT")
        return statement

    @field_validator("dimensions")
    @classmethod
    def _dimensions_are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        taken = {*RESERVED_NAMES, *REQUIRED_COLUMNS, *OPTIONAL_COLUMNS}
        for name in names:
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
                raise ValueError(f"{name!r} is no column name (letters, digits, underscores)")
            if name.lower() in taken:
                raise ValueError(f"{name!r} is reserved: give the column another alias")
        if len(set(names)) != len(names):
            raise ValueError("a dimension is named twice")
        return names

    @field_validator("lacks")
    @classmethod
    def _lacks_are_columns(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in (*OPTIONAL_COLUMNS, TIME_TO_PROCESSING):
                known = ", ".join((*OPTIONAL_COLUMNS, TIME_TO_PROCESSING))
                raise ValueError(f"{name!r} is none of {known}")
        return names

    @field_validator("not_measurable")
    @classmethod
    def _not_measurable_are_figures(cls, reasons: Mapping[str, str]) -> Mapping[str, str]:
        for figure in reasons:
            if figure not in DECLARABLE_FIGURES:
                raise ValueError(f"{figure!r} is none of {', '.join(DECLARABLE_FIGURES)}")
        return reasons

    @model_validator(mode="after")
    def _a_value_has_one_status(self) -> "Source":
        seen: dict[str, str] = {}
        for status, values in self.statuses.items():
            for value in values:
                if seen.setdefault(value, status) != status:
                    raise ValueError(f"status {value!r} is mapped to {seen[value]} and {status}")
        return self

    @model_validator(mode="after")
    def _rules_can_be_read(self) -> "Source":
        try:
            texts = [rule.text for rule in self.rules]
        except ValueError as error:
            raise ValueError(f"record_when: {error}") from None
        if len(set(texts)) != len(texts):
            raise ValueError("record_when: a rule stands there twice")
        return self

    @model_validator(mode="after")
    def _utc_texts_are_possible(self) -> "Source":
        if self.utc_texts and not self.url.startswith("sqlite:"):
            raise ValueError("utc_texts: only in SQLite are times read from texts")
        if self.utc_texts and self.timezone != "UTC":
            raise ValueError(f"utc_texts: naive times are read as of {self.timezone}, not of UTC")
        return self

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of `record_when`."""
        return tuple(parsed(text, self.dimensions) for text in self.record_when)

    @cached_property
    def status_of(self) -> Mapping[str, str]:
        """The status of each native value; a value not named keeps its own name."""
        named = {value: status for status, values in self.statuses.items() for value in values}
        return {status: status for status in STATUSES} | named

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of naive times."""
        return ZoneInfo(self.timezone)

    @property
    def time_units_per_second(self) -> int:
        """Of epoch numbers."""
        return TIME_UNITS_PER_SECOND[self.time_unit]

    @cached_property
    def select_sha256(self) -> str:
        return sha256(self.sql.encode()).hexdigest()

    @cached_property
    def definitions_sha256(self) -> str:
        """Hash of all that shapes a figure: the SELECT and what its values mean."""
        shaping = {"sql", "dimensions", "statuses", "errors", "timezone", "time_unit", "lacks"}
        # Named only where they are set, so that the hashes of archived snapshots stay as they are.
        set_later = ("not_measurable", "error_format", "utc_texts")
        later = {name for name in set_later if getattr(self, name)}
        kept = self.model_dump(mode="json", include=shaping | later)
        return sha256(rfc8785.dumps(kept)).hexdigest()
