"""Host check: who calls us by a name that is not ours gets a 400, over HTTP and websocket alike.

So a foreign name that is made to point here (DNS rebinding) reaches nothing.
"""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.api.door import OPEN_PATHS, is_api
from dashboard.api.problems import problem
from dashboard.headers import with_security_headers

INVALID_HOST = "INVALID_HOST"
MESSAGE = "This host name is not served here. STILLFRAME_ALLOWED_HOSTS names those that are."


class AllowedHosts:
    """Lets requests for `hosts` through, and all where there are none."""

    def __init__(self, app: ASGIApp, *, hosts: tuple[str, ...] = ()) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._lets(scope):
            await self._app(scope, receive, send)
            return
        send = with_security_headers(send) if scope["type"] == "http" else send
        await _refusal(scope)(scope, receive, send)

    def _lets(self, scope: Scope) -> bool:
        if not self._hosts or scope["path"] in OPEN_PATHS:
            return True  # who asks the open ones knows an address rather than a name
        given = Headers(scope=scope).getlist("host")
        return len(given) == 1 and any(_matches(_name(given[0]), host) for host in self._hosts)


def _refusal(scope: Scope) -> Response:
    if is_api(scope["path"]):
        return problem(scope["path"], 400, INVALID_HOST, MESSAGE)
    return PlainTextResponse(MESSAGE, 400)


def _name(host: str) -> str:
    """
    >>> _name("Ops.example:8501"), _name("[::1]:8501"), _name("ops.example")
    ('ops.example', '[::1]', 'ops.example')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


def _matches(name: str, allowed: str) -> bool:
    """
    >>> _matches("a.example.org", "*.example.org"), _matches("example.org", "*.example.org")
    (True, False)
    """
    return name.endswith(allowed[1:]) if allowed.startswith("*.") else name == allowed
