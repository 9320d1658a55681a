"""The parts that descriptions of operations are made of: parameters, headers, problems. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.api import openapi_archive
from dashboard.api.admin_secret import HEADER as SECRET_HEADER
from dashboard.api.conditional import FRESHNESS_HEADER
from dashboard.api.operation import Operation, WholeNumber
from dashboard.api.problems import (
    ARCHIVE_NOT_SET,
    INTERNAL,
    INVALID_QUERY,
    METHOD_NOT_ALLOWED,
    NOT_ARCHIVED,
    QUERY_FAILED,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
    Unauthorized,
    is_v1,
    problem_body,
)
from dashboard.request_log import HEADER as REQUEST_ID_HEADER
from metrics_core import Source
from metrics_core.record import REQUEST_ID_PATTERN

Json = dict[str, Any]

CONDITIONAL = ("ETag", FRESHNESS_HEADER)
HEADERS: Json = {
    REQUEST_ID_HEADER: {
        "description": "The id of the request, as in every line of the log about it.",
        "required": True,
        "schema": {"type": "string", "pattern": REQUEST_ID_PATTERN},
    },
    "ETag": {
        "description": "Of the figures alone: equal figures have equal ones.",
        "required": True,
        "schema": {"type": "string", "pattern": '^(W/)?"[0-9a-f]{64}"$'},
    },
    FRESHNESS_HEADER: {
        "description": "LIVE, or STALE where the last good figures stand in for new ones.",
        "required": True,
        "schema": {"type": "string", "enum": ["LIVE", "STALE"]},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next try.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "Allow": {
        "description": "The methods that are answered.",
        "required": True,
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {
        "description": "That a bearer token is asked for.",
        "required": True,
        "schema": {"type": "string"},
    },
    **openapi_archive.HEADERS,
}


def security_schemes(cookie_name: str) -> Json:
    """The ways through the door."""
    return {
        "adminSecret": {"type": "apiKey", "in": "header", "name": SECRET_HEADER},
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The same secret, as Prometheus sends it.",
        },
        "pageCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie_name,
            "description": "Of who is signed in at the page; not from other sites.",
        },
    }


def reference(kind: str, name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def response(text: str, *, headers: Iterable[str] = (), content: Json | None = None) -> Json:
    """A response; each has the request's id."""
    names = (REQUEST_ID_HEADER, *headers)
    found = {"description": text, "headers": {name: reference("headers", name) for name in names}}
    return found if content is None else {**found, "content": content}


def parameters(operation: Operation, sources: Mapping[str, Source]) -> list[Json]:
    """Of the query, then of the headers."""
    found = [_number(each) for each in operation.numbers]
    if "source" in operation.asks:
        found.append(_source(sources))
    if "to" in operation.asks:
        found.append(TO)
    found += [_dimension(name, sources) for name in operation.dimensions(sources.values())]
    if "archive" in operation.asks:
        found += openapi_archive.PARAMETERS
    found.append(_header(REQUEST_ID_HEADER, "Your id of this request, kept if it is well formed."))
    if operation.conditional:
        found.append(_header("If-None-Match", "ETags that you have: 304 if one is still right."))
    return found


def answer_headers(operation: Operation) -> tuple[str, ...]:
    """Those that the operation's good answers may have."""
    conditional = CONDITIONAL if operation.conditional else ()
    return (*conditional, *(openapi_archive.ANSWER_HEADERS if "archive" in operation.asks else ()))


TO: Json = {
    "name": "to",
    "in": "query",
    "description": "End of a past window: ISO 8601 with its zone, not in the future. Without it "
    "the window ends now.",
    "schema": {"type": "string", "format": "date-time"},
}


def _number(number: WholeNumber) -> Json:
    return {
        "name": number.name,
        "in": "query",
        "description": number.meaning,
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": number.most,
            "default": number.default,
        },
    }


def _source(sources: Mapping[str, Source]) -> Json:
    return {
        "name": "source",
        "in": "query",
        "description": "The task table that is meant. Without it: the default one, or the only.",
        "schema": {"type": "string", "enum": list(sources)},
    }


def _dimension(name: str, sources: Mapping[str, Source]) -> Json:
    having = [source.name for source in sources.values() if name in source.dimensions]
    whose = f"A dimension of: {', '.join(having)}." if having else "No source here has it."
    return {
        "name": name,
        "in": "query",
        "description": f"Only tasks with this value. {whose}",
        "schema": {"type": "string"},
    }


def _header(name: str, text: str) -> Json:
    return {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}


def problems(operation: Operation) -> Json:
    """The errors of an operation behind the door."""
    found = {
        "400": _problem(operation, "The query is wrong; the message says how.", INVALID_QUERY),
        "401": _unauthorized(),
        "405": _problem(operation, "Another method.", METHOD_NOT_ALLOWED, "Allow"),
        "429": _problem(operation, "Too many wrong secrets.", TOO_MANY_REQUESTS, "Retry-After"),
        "500": _problem(operation, "A fault of ours; the log says more.", INTERNAL),
    }
    if operation.unavailable is not None:
        code = QUERY_FAILED if is_v1(operation.path) else UNAVAILABLE
        text = "The figures could not be read now; the log says why."
        found[str(operation.unavailable)] = _problem(operation, text, code)
    return found | (_archive_problems(operation) if "archive" in operation.asks else {})


def _archive_problems(operation: Operation) -> Json:
    unset = "The answer was to be archived, and no archive is set here."
    failed = "The answer was to be archived, and could not be: nothing is archived."
    headers = openapi_archive.PROBLEM_HEADERS
    return {
        "501": _problem(operation, unset, ARCHIVE_NOT_SET),
        "507": _problem(operation, failed, NOT_ARCHIVED, *headers),
    }


def open_problems(operation: Operation) -> Json:
    """The errors of an operation that needs no secret: plain text, and no data either."""
    content = {"text/plain": {"schema": {"type": "string"}}}
    found = {"405": response("Another method.", headers=("Allow",), content=content)}
    if operation.unavailable is not None:
        found[str(operation.unavailable)] = response("Not yet.", content=content)
    return found


def _problem(operation: Operation, text: str, code: str, *headers: str) -> Json:
    body = problem_body(operation.path, code, text, request_id="req_xxx")
    return response(text, headers=headers, content=_json(body))


def _unauthorized() -> Json:
    body = Unauthorized(request_id="req_xxx")
    text = "The secret is missing, wrong or not configured: one answer for all three."
    return response(text, headers=("WWW-Authenticate",), content=_json(body))


def _json(body: Any) -> Json:
    return {
        "application/json": {
            "schema": reference("schemas", type(body).__name__),
            "example": body.model_dump(mode="json", by_alias=True),
        }
    }
