"""Problems: every error of the API, in the shape of the contract that its path belongs to."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from dashboard import logs
from metrics_core.take import new_request_id

UNAUTHORIZED = "ADMIN_UNAUTHORIZED"
INVALID_QUERY = "INVALID_QUERY"
NOT_FOUND = "NOT_FOUND"
METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
UNAVAILABLE = "SNAPSHOT_UNAVAILABLE"
QUERY_FAILED = "METRICS_QUERY_FAILED"
INTERNAL = "INTERNAL_ERROR"


def problem(
    path: str, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """`{"code", ...}`, or under /v1 `{"error", ...}`; both with message and requestId."""
    named = {"error": code.lower()} if is_v1(path) else {"code": code}
    body = {**named, "message": message, "requestId": logs.request_id.get() or new_request_id()}
    return JSONResponse(body, status, headers=headers)


def unauthorized() -> Response:
    """One body whether the secret is missing, wrong or not configured; it fits both contracts."""
    body = {
        "code": UNAUTHORIZED,
        "error": UNAUTHORIZED.lower(),
        "message": "This needs the admin secret in the header X-Admin-Secret.",
        "requestId": logs.request_id.get() or new_request_id(),
    }
    return JSONResponse(body, 401, headers={"WWW-Authenticate": 'Bearer realm="stillframe"'})


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
