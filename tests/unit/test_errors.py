"""Errors: one tree, and each has words of its own."""

import pytest

from metrics_core.errors import (
    DatabaseError,
    InvalidScope,
    InvalidSnapshot,
    InvalidWindow,
    ScanTooLarge,
    SettingsError,
    SourceError,
    StillframeError,
    UnknownSource,
    UsageError,
)


def test_without_a_message_an_error_says_what_its_class_means() -> None:
    assert str(InvalidWindow()) == "The window is not valid."
    assert str(DatabaseError(sqlstate="57014")) == "The database did not answer."


def test_a_message_of_its_own_wins() -> None:
    assert str(DatabaseError("no")) == "no"


@pytest.mark.parametrize("kind", [InvalidWindow, InvalidScope, UnknownSource])
def test_a_wrong_request_is_told_from_what_cannot_be_done(kind: type[StillframeError]) -> None:
    assert issubclass(kind, UsageError)


@pytest.mark.parametrize("kind", [SettingsError, SourceError, ScanTooLarge, InvalidSnapshot])
def test_what_cannot_be_done_is_no_wrong_request(kind: type[StillframeError]) -> None:
    assert issubclass(kind, StillframeError)
    assert not issubclass(kind, UsageError)
