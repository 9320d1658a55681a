"""What the query of a request says of archiving: `archive=1`, and why, for what, by whom."""

from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from dashboard.api.operation import ARCHIVE_NAMES
from dashboard.api.problems import ARCHIVE_NOT_SET, NOT_ARCHIVED, problem
from dashboard.api.query import Query
from dashboard.archive_stamp import Stamp
from dashboard.archiving import NO_ARCHIVE
from dashboard.identity import NAME_HEADER, TOLD_HEADER
from metrics_core.errors import UsageError
from metrics_core.evidence import Viewer

ARCHIVE, NOTE, INCIDENT, ACTOR = ARCHIVE_NAMES


@dataclass(frozen=True, kw_only=True)
class Wish:
    """That the answer is to be archived before it is given, and what is to stand beside it."""

    actor: Viewer | None
    note: str | None
    incident: str | None


def archive_wish(query: Query, request: Request) -> Wish | None:
    """The wish of `archive=1`; None without it. UsageError where it makes no sense.

    Who is signed in is the actor; a script may name one, which then counts as self-declared.
    """
    wanted = query.get(ARCHIVE) or "0"
    if wanted not in ("0", "1"):
        raise UsageError(f"{ARCHIVE} must be 1, or 0 for the same as without it")
    if wanted == "0":
        _refuse_beside_nothing(query)
        return None
    named = query.get(ACTOR)
    declared = Viewer(name=named, self_declared=True) if named else None
    return Wish(
        actor=viewer_of(request) or declared,
        note=query.get(NOTE) or None,
        incident=query.get(INCIDENT) or None,
    )


def viewer_of(request: Request) -> Viewer | None:
    """The signed-in viewer, as the gate hands him on: named by himself, or by a trusted proxy."""
    name = unquote(request.headers.get(NAME_HEADER, ""))
    is_told = TOLD_HEADER in request.headers
    return Viewer(name=name, self_declared=not is_told) if name else None


def no_archive_set(path: str) -> Response:
    """501, not 507: asking again never helps. No figures were read for it."""
    return problem(path, 501, ARCHIVE_NOT_SET, f"{NO_ARCHIVE}, and start Stillframe anew")


def not_archived(path: str, stamp: Stamp) -> Response:
    """507 to who asked for it explicitly; the figures are to be had without `archive=1`."""
    message = f"The snapshot was not archived: {stamp.why_not} Without {ARCHIVE}=1 it is answered."
    return problem(path, 507, NOT_ARCHIVED, message, stamp.headers())


def _refuse_beside_nothing(query: Query) -> None:
    for name in (NOTE, INCIDENT, ACTOR):
        if query.get(name):
            raise UsageError(f"{name} is kept in the archive: give {ARCHIVE}=1 too")
