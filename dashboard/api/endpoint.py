"""An endpoint of the API: GET and HEAD are answered, OPTIONS says so, other methods are a 405."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard import runtime
from dashboard.api.problems import INVALID_QUERY, METHOD_NOT_ALLOWED, no_figures, problem
from dashboard.error_line import tell_error
from metrics_core.errors import ScanTooLarge, StillframeError, UsageError

ALLOW = "GET, HEAD, OPTIONS"
MOST_AT_ONCE = 16
log = logging.getLogger("stillframe.api")


class Endpoint:
    """An ASGI app around `answer`, which runs in a thread: it may wait for a database."""

    # Not Streamlit's few threads for static files: who waits for a database must not hold those,
    # nor those of another source.
    _threads: Mapping[str | None, CapacityLimiter] = defaultdict(
        lambda: CapacityLimiter(MOST_AT_ONCE)
    )

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD"):
            threads = self._threads[_named_source(request)]
            response = await to_thread.run_sync(self._answered, request, limiter=threads)
        elif request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ALLOW})
        else:
            response = _not_allowed(request)
        await response(scope, receive, send)

    def _answered(self, request: Request) -> Response:
        path = request.scope["path"]
        try:
            return self._answer(request)
        except (UsageError, ScanTooLarge) as error:
            tell_error(log, "refused", error, level=logging.INFO)
            return problem(path, 400, INVALID_QUERY, str(error))
        except StillframeError as error:
            tell_error(log, "no figures", error, level=logging.ERROR)
            return no_figures(path)


def _named_source(request: Request) -> str | None:
    """The source that the query names, if there is such a one."""
    name = request.query_params.get("source")
    return name if name in runtime.current().sources else None


class AnyMethod:
    """An ASGI app that answers every method alike, without waiting for anything."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(Request(scope, receive))(scope, receive, send)


def _not_allowed(request: Request) -> Response:
    message = f"This path answers {ALLOW} only."
    return problem(request.scope["path"], 405, METHOD_NOT_ALLOWED, message, {"Allow": ALLOW})
