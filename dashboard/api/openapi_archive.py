"""What the API's description tells of archiving: the query's parameters, the headers. Pure."""

from typing import Any

from dashboard.api.archive_query import ACTOR, ARCHIVE, INCIDENT, NOTE
from dashboard.archive_stamp import ARCHIVED_HEADER, HEAD_HEADER, RECORD_HEADER, WHY_HEADER
from metrics_core.archive_record import LONGEST_TEXT

Json = dict[str, Any]

ANSWER_HEADERS = (ARCHIVED_HEADER, RECORD_HEADER, HEAD_HEADER)
PROBLEM_HEADERS = (ARCHIVED_HEADER, HEAD_HEADER, WHY_HEADER)
HEADERS: Json = {
    ARCHIVED_HEADER: {
        "description": "Whether this very document is in the archive, on the disk.",
        "required": True,
        "schema": {"type": "string", "enum": ["yes", "no"]},
    },
    RECORD_HEADER: {
        "description": "The number of its record there, where it is archived.",
        "required": False,
        "schema": {"type": "integer", "minimum": 1},
    },
    HEAD_HEADER: {
        "description": "The hash of the archive's last record, for `verify --expect-head`; absent "
        "where no archive is set, or it cannot be read.",
        "required": False,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    WHY_HEADER: {
        "description": "Why the document is not archived, though it was to be.",
        "required": True,
        "schema": {"type": "string"},
    },
}


def _text(name: str, meaning: str, **schema: Any) -> Json:
    return {
        "name": name,
        "in": "query",
        "description": meaning,
        "schema": {"type": "string", **schema},
    }


PARAMETERS: list[Json] = [
    _text(ARCHIVE, "1: archive the answer before it is given.", enum=["0", "1"], default="0"),
    _text(NOTE, "Why; kept beside the archived snapshot.", maxLength=LONGEST_TEXT),
    _text(INCIDENT, "The key of an incident, as OPS-4711.", maxLength=LONGEST_TEXT),
    _text(
        ACTOR,
        "Who archives it; who is signed in needs not say so, and cannot say otherwise.",
        maxLength=LONGEST_TEXT,
    ),
]
