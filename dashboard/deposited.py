"""Deposited: how a snapshot came into the archive, and by whom, in words. Pure."""

from dashboard.markup import Html, untrusted
from metrics_core.archive_record import Entry, Reason

HOW: dict[Reason, str] = {
    "download": "downloaded from the page",
    "freeze": "frozen on the page",
    "recorder": "recorded by a rule of the source",
    "api": "asked for over HTTP",
    "command": "asked for on the command line",
}


def deposited(entry: Entry) -> tuple[str | Html, ...]:
    """How, and by whom where a rule of the source is not all that there was."""
    how = HOW[entry.reason]
    return (how,) if entry.reason == "recorder" else (f"{how} by ", *by(entry))


def by(entry: Entry) -> tuple[str | Html, ...]:
    """Who archived it, and whether that is only his own word."""
    if entry.actor is None:
        return ("unknown",)
    return (untrusted(entry.actor), " (self-declared)" if entry.self_declared else "")
