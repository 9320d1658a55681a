"""The path under which a reverse proxy shows us. Behind this, paths begin at our own root.

The proxy may strip the base path or pass it on: both arrive alike. Whoever makes a link for a
browser puts it back with `outside`; links in pages are relative, and need not know it.
"""

from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.headers import with_security_headers

BASE_PATH = "stillframe.base_path"


class BasePath:
    """Takes `base_path` off each path that has it. The page itself needs its closing slash."""

    def __init__(self, app: ASGIApp, *, base_path: str = "") -> None:
        self._app = app
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif self._base_path and scope["path"] == self._base_path and scope["type"] == "http":
            query = scope["query_string"].decode("latin-1")
            page = f"{self._base_path}/?{query}" if query else f"{self._base_path}/"
            await RedirectResponse(page, 308)(scope, receive, with_security_headers(send))
        else:
            await self._app(self._inside(scope), receive, send)

    def _inside(self, scope: Scope) -> Scope:
        path = scope["path"]
        if path.startswith(f"{self._base_path}/"):
            path = path.removeprefix(self._base_path)
        # No root_path: with one, the routes would strip it anew, after the gate has judged.
        own = {"path": path, "raw_path": quote(path).encode(), "root_path": ""}
        return {**scope, **own, BASE_PATH: self._base_path}


def base_of(scope: Scope) -> str:
    """The base path that the request came by, "" where there is none."""
    return str(scope.get(BASE_PATH, ""))


def outside(scope: Scope, path: str) -> str:
    """A path of ours as a browser has to ask for it."""
    return base_of(scope) + path
