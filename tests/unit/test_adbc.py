"""What is said of a driver's error: the operator's own SELECT in its words, else only ours."""

import pytest
from adbc_driver_manager import (
    AdbcStatusCode,
    Error,
    OperationalError,
    ProgrammingError,
)

from metrics_core.adbc import explained
from metrics_core.errors import DatabaseError, StillframeError

SECRET = "hunter2"


def explanation(message: str, sqlstate: str | None = None, kind: type[Error] = Error) -> str:
    """Class and text of what a driver's error becomes."""
    with pytest.raises(StillframeError) as caught, explained("tasks"):
        raise kind(message, status_code=AdbcStatusCode.UNKNOWN, sqlstate=sqlstate)
    return f"{type(caught.value).__name__}: {caught.value}"


def test_a_select_that_postgresql_refuses_is_told_in_its_words() -> None:
    message = 'INVALID_ARGUMENT: [libpq] failed: ERROR:  column "x" does not exist\nLINE 3: x'
    assert explanation(message, "42703", ProgrammingError) == (
        'SourceError: source tasks: its SELECT fails: column "x" does not exist'
    )


def test_a_refusal_in_an_unknown_form_is_told_by_its_first_line() -> None:
    assert explanation("syntax error\nDETAIL: more", "42601") == (
        "SourceError: source tasks: its SELECT fails: syntax error"
    )


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            '[SQLite] Failed to prepare query: near "x": syntax error\nquery: x',
            'near "x": syntax error',
        ),
        ("IO: Failed to step query: malformed JSON", "malformed JSON"),
        ("IO: Failed to step query: integer overflow", "integer overflow"),
    ],
)
def test_a_select_that_sqlite_refuses_is_told_in_its_words(message: str, told: str) -> None:
    assert explanation(message) == f"SourceError: source tasks: its SELECT fails: {told}"


@pytest.mark.parametrize(
    ("sqlstate", "meaning"),
    [
        ("42501", "the role may not read it"),
        ("57014", "the scan took longer than the source's deadline"),
        ("55P03", "a lock on the table was not granted in time"),
        ("28P01", "the password was refused"),
        ("22P02", "a value in its SELECT cannot be converted or computed"),
        ("25006", "its SELECT must only read"),
        ("XX000", "the database did not answer as it should"),
    ],
)
def test_any_other_error_is_told_by_its_state_and_never_in_the_drivers_words(
    sqlstate: str, meaning: str
) -> None:
    assert explanation(f"ERROR: invalid input {SECRET!r}", sqlstate, OperationalError) == (
        f"DatabaseError: source tasks: {meaning} (OperationalError, SQLSTATE {sqlstate})"
    )


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        (
            "[SQLite] Failed to prepare query: database is locked",
            "a writer kept it locked for longer than the source's deadline",
        ),
        ("Failed to step query: database disk image is malformed", "its file is damaged"),
        (
            "[SQLite] Failed to prepare query: file is not a database\nquery: hunter2",
            "its file is not one of SQLite",
        ),
        (
            f"Failed to step query: bad JSON path: '{SECRET}'",
            "the database did not answer as it should",
        ),
        (f"cannot reach postgresql://u:{SECRET}@h", "the database did not answer as it should"),
    ],
)
def test_an_error_without_a_state_keeps_values_and_urls_to_itself(
    message: str, meaning: str
) -> None:
    assert explanation(message, kind=OperationalError) == (
        f"DatabaseError: source tasks: {meaning} (OperationalError)"
    )


def test_the_state_is_kept_for_those_who_ask() -> None:
    with pytest.raises(DatabaseError) as caught, explained("tasks"):
        raise Error("x", status_code=AdbcStatusCode.UNKNOWN, sqlstate="57P01")
    assert caught.value.sqlstate == "57P01"
    assert caught.value.__cause__ is None


def test_nothing_is_explained_where_nothing_fails() -> None:
    with explained("tasks"):
        done = True
    assert done


def test_errors_that_are_no_drivers_pass_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), explained("tasks"):
        raise ZeroDivisionError
