"""What stands in front of page and API alike: proxies, the log of requests, the gate, the style."""

from starlette.middleware import Middleware

from dashboard.allowed_hosts import AllowedHosts
from dashboard.api.admin_secret import AdminSecret
from dashboard.api.door import ApiDoor
from dashboard.base_path import BasePath
from dashboard.gate import Gate
from dashboard.request_log import RequestLog
from dashboard.runtime import Runtime
from dashboard.sign_in import SignIn
from dashboard.styled import Styled
from dashboard.throttle import Throttle
from dashboard.trusted_proxies import TrustedProxies


def front(held: Runtime) -> list[Middleware]:
    """The middleware, outermost first."""
    proxy = held.settings.proxy
    return [
        Middleware(TrustedProxies, networks=proxy.trusted_proxies, user_header=proxy.user_header),
        Middleware(RequestLog),
        Middleware(BasePath, base_path=proxy.base_path),
        Middleware(AllowedHosts, hosts=proxy.allowed_hosts),
        _gate(held),
        Middleware(Styled),
    ]


def _gate(held: Runtime) -> Middleware:
    sign_in = SignIn(
        password_hash=held.settings.password_hash, sessions=held.sessions, throttle=held.throttle
    )
    # A throttle of its own: wrong secrets do not keep people from signing in.
    secret = AdminSecret(held.settings.admin_secret, throttle=Throttle())
    return Middleware(Gate, sessions=held.sessions, sign_in=sign_in, door=ApiDoor(secret))
