"""The API's door: who may pass is who has the admin secret, or for some of it, who is signed in."""

import logging
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from dashboard import logs
from dashboard.api.admin_secret import AdminSecret, Verdict
from dashboard.api.problems import too_many_requests, unauthorized
from dashboard.same_origin import is_cross_site, origin_is_host
from dashboard.sessions import Session

ROOTS = ("/api", "/v1", "/schemas")
PATHS = ("/metrics", "/openapi.json")
OPEN_PATHS = ("/healthz", "/readyz")
"""They hold no data: no door and no gate is before them, and any host name will do."""
COOKIE_OPENS = (
    "/api/admin/metrics-snapshot",
    "/api/admin/health",
    "/openapi.json",
    "/schemas/snapshot.json",
)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger("stillframe.api")


def is_api(path: str) -> bool:
    """Whether the path is one of the API's, known or unknown.

    >>> is_api("/api/x"), is_api("/v1"), is_api("/metrics"), is_api("/apiary"), is_api("/")
    (True, True, True, False, False)
    """
    return path in (*PATHS, *ROOTS) or path.startswith(tuple(f"{root}/" for root in ROOTS))


class ApiDoor:
    """Refuses strangers. `steady` gives the seconds of a clock that never jumps."""

    def __init__(
        self, secret: AdminSecret, *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._secret = secret
        self._steady = steady

    def refusal(self, scope: Scope, session: Session | None) -> Response | None:
        """Why the request goes no further, or None."""
        verdict = self._secret.verdict(HTTPConnection(scope).headers)
        if verdict is Verdict.RIGHT:
            return None
        if verdict is Verdict.MISSING:
            return None if session and _opens_with_cookie(scope) else unauthorized()
        return self._after_wrong(scope)

    def _after_wrong(self, scope: Scope) -> Response:
        client = scope["client"][0] if scope.get("client") else ""
        wait = self._secret.wait_after_wrong(client, now=self._steady())
        fields: dict[str, logs.Value] = {"client": client, "waitSeconds": wait}
        logs.tell(log, "wrong admin secret", fields, level=logging.WARNING)
        return too_many_requests(scope["path"], wait) if wait else unauthorized()


def _opens_with_cookie(scope: Scope) -> bool:
    is_read = scope["method"] in SAFE_METHODS and scope["path"] in COOKIE_OPENS
    headers = HTTPConnection(scope).headers
    return is_read and not is_cross_site(headers) and origin_is_host(headers)
