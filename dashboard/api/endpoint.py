"""Endpoints of the API: GET and HEAD are answered, OPTIONS says so, other methods are a 405."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from dashboard import runtime
from dashboard.api.operation import Operation
from dashboard.api.problems import INVALID_QUERY, METHOD_NOT_ALLOWED, no_figures, problem
from dashboard.api.query import Query
from dashboard.error_line import tell_error
from metrics_core.errors import ScanTooLarge, StillframeError, UsageError

ANSWERED = ("GET", "HEAD")
ALLOW = "GET, HEAD, OPTIONS"
ONLY = f"This path answers {ALLOW} only."
MOST_AT_ONCE = 16
log = logging.getLogger("stillframe.api")


class Endpoint:
    """An ASGI app around an operation; its answer runs in a thread: it may wait for a database."""

    # Not Streamlit's few threads for static files: who waits for a database must not hold those,
    # nor those of another source.
    _threads: Mapping[str | None, CapacityLimiter] = defaultdict(
        lambda: CapacityLimiter(MOST_AT_ONCE)
    )

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method in ANSWERED:
            threads = self._threads[_named_source(request)]
            response = await to_thread.run_sync(self._answered, request, limiter=threads)
        elif request.method == "OPTIONS":
            response = _options()
        else:
            response = problem(scope["path"], 405, METHOD_NOT_ALLOWED, ONLY, {"Allow": ALLOW})
        await response(scope, receive, send)

    def _answered(self, request: Request) -> Response:
        path = request.scope["path"]
        try:
            query = Query(request.query_params, self._operation, runtime.current().sources)
            return self._operation.answer(request, query)
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


class Probe:
    """An ASGI app around an open operation, which is answered at once; its 405 is plain text."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method in ANSWERED:
            response = self._operation.answer(request)
        elif request.method == "OPTIONS":
            response = _options()
        else:
            response = PlainTextResponse(ONLY, 405, {"Allow": ALLOW})
        await response(scope, receive, send)


class AnyMethod:
    """An ASGI app that answers every method alike, without waiting for anything."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(Request(scope, receive))(scope, receive, send)


def _options() -> Response:
    return Response(status_code=204, headers={"Allow": ALLOW})
