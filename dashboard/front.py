"""What stands in front of page and API alike: the log of requests, then the gate."""

from starlette.middleware import Middleware

from dashboard.api.admin_secret import AdminSecret
from dashboard.api.door import ApiDoor
from dashboard.gate import Gate
from dashboard.request_log import RequestLog
from dashboard.runtime import Runtime
from dashboard.sign_in import SignIn
from dashboard.throttle import Throttle


def front(held: Runtime) -> list[Middleware]:
    """The middleware, outermost first."""
    return [Middleware(RequestLog), _gate(held)]


def _gate(held: Runtime) -> Middleware:
    sign_in = SignIn(
        password_hash=held.settings.password_hash, sessions=held.sessions, throttle=held.throttle
    )
    # A throttle of its own: wrong secrets do not keep people from signing in.
    secret = AdminSecret(held.settings.admin_secret, throttle=Throttle())
    return Middleware(Gate, sessions=held.sessions, sign_in=sign_in, door=ApiDoor(secret))
