"""Problems: every error of the API, in the shape of the contract that its path belongs to."""

from collections.abc import Mapping
from typing import Literal

from starlette.responses import Response

from dashboard import logs
from metrics_core.record import Record, RequestId
from metrics_core.take import new_request_id

INVALID_QUERY = "INVALID_QUERY"
NOT_FOUND = "NOT_FOUND"
METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
UNAVAILABLE = "SNAPSHOT_UNAVAILABLE"
NOT_ARCHIVED = "NOT_ARCHIVED"
ARCHIVE_NOT_SET = "ARCHIVE_NOT_SET"
QUERY_FAILED = "METRICS_QUERY_FAILED"
INTERNAL = "INTERNAL_ERROR"


class Problem(Record):
    """What went wrong. The same requestId is in the header and in every line of the log."""

    code: str
    message: str
    request_id: RequestId


class RunsProblem(Record):
    """What went wrong under /v1. The same requestId is in the header and in the log."""

    error: str
    message: str
    request_id: RequestId


class Unauthorized(Record):
    """One body whether the secret is missing, wrong or not configured; it fits both contracts."""

    code: Literal["ADMIN_UNAUTHORIZED"] = "ADMIN_UNAUTHORIZED"
    error: Literal["admin_unauthorized"] = "admin_unauthorized"
    message: str = "This needs the admin secret in the header X-Admin-Secret."
    request_id: RequestId


def problem(
    path: str, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """`{"code", ...}`, or under /v1 `{"error", ...}`; both with message and requestId."""
    body = problem_body(path, code, message, request_id=_request_id())
    return _answer(body, status, headers)


def problem_body(path: str, code: str, message: str, *, request_id: str) -> Problem | RunsProblem:
    """In the shape of the contract that the path belongs to."""
    if is_v1(path):
        return RunsProblem(error=code.lower(), message=message, request_id=request_id)
    return Problem(code=code, message=message, request_id=request_id)


def unauthorized() -> Response:
    """The same for whoever has not shown the admin secret."""
    body = Unauthorized(request_id=_request_id())
    return _answer(body, 401, {"WWW-Authenticate": 'Bearer realm="stillframe"'})


def too_many_requests(path: str, wait: int) -> Response:
    """After wrong secrets. The right one would have passed."""
    message = f"Too many wrong secrets: wait {wait} s before the next one."
    return problem(path, 429, TOO_MANY_REQUESTS, message, {"Retry-After": str(wait)})


def no_figures(path: str) -> Response:
    """The database's own words stay in the log."""
    message = "The figures could not be read now. The log says why, under this requestId."
    if is_v1(path):
        return problem(path, 500, QUERY_FAILED, message)
    return problem(path, 503, UNAVAILABLE, message)


def is_v1(path: str) -> bool:
    """Whether the path belongs to the second contract."""
    return path == "/v1" or path.startswith("/v1/")


def _request_id() -> str:
    return logs.request_id.get() or new_request_id()


def _answer(body: Record, status: int, headers: Mapping[str, str] | None) -> Response:
    text = body.model_dump_json(by_alias=True)
    return Response(text, status, headers=headers, media_type="application/json")
