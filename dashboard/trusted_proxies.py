"""Trusted proxies: the client, the scheme and the user that they tell are believed; nobody else's.

Pure ASGI, outermost, so that log, throttles and cookies all see the real client.
"""

from ipaddress import IPv6Address, ip_address
from typing import cast

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dashboard.behind_proxy import Network
from dashboard.sessions import declared_name

USER = "stillframe.user"


class TrustedProxies:
    """Puts the real client and scheme into the scope, and under USER the name or None."""

    def __init__(
        self, app: ASGIApp, *, networks: tuple[Network, ...] = (), user_header: str | None = None
    ) -> None:
        self._app = app
        self._networks = networks
        self._user_header = user_header
        trusted = [str(network) for network in networks]
        self._forwarded = cast("ASGIApp", ProxyHeadersMiddleware(cast("type", app), trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        client = _plain(scope.get("client"))
        told = {**scope, "client": client, USER: self._user(client, Headers(scope=scope))}
        await self._forwarded(told, receive, send)

    def _user(self, client: tuple[str, int] | None, headers: Headers) -> str | None:
        """The one name that a trusted proxy tells; of several, one may be the client's own."""
        if self._user_header is None or client is None or not self._trusts(client[0]):
            return None
        names = headers.getlist(self._user_header)
        return declared_name(_decoded(names[0])) if len(names) == 1 else None

    def _trusts(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def told_user(scope: Scope) -> str | None:
    """The name that a trusted proxy gave the viewer of this request."""
    name = scope.get(USER)
    return name if isinstance(name, str) else None


def _plain(client: tuple[str, int] | None) -> tuple[str, int] | None:
    """The client, an IPv4 address as such: a socket that listens on `::` shows it as IPv6."""
    if client is None:
        return None
    try:
        address = ip_address(client[0])
    except ValueError:
        return client
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (str(mapped), client[1]) if mapped else client


def _decoded(header: str) -> str:
    """Headers arrive as Latin-1; most proxies write UTF-8."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeDecodeError:
        return header
