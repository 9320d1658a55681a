"""The admin secret: who has it may ask the API. Knows no clock: callers pass `now`.

A right secret always passes; only wrong ones are slowed down, so nobody can lock its owner out.
"""

import hmac
from enum import Enum, auto
from hashlib import sha256
from secrets import token_bytes

from starlette.datastructures import Headers

from dashboard.throttle import Throttle

HEADER = "X-Admin-Secret"
BEARER = "bearer "


class Verdict(Enum):
    """What is to be said of the secret in a request."""

    RIGHT = auto()
    WRONG = auto()
    MISSING = auto()


class AdminSecret:
    """Compares digests in constant time. Without a configured secret nothing is right."""

    def __init__(self, secret: str | None, *, throttle: Throttle) -> None:
        self._digest = _digest(secret.encode() if secret else token_bytes(32))
        self._throttle = throttle

    def verdict(self, headers: Headers) -> Verdict:
        """On the one secret that the request gives; several are wrong, whatever they say."""
        given = _given(headers)
        if not given:
            return Verdict.MISSING
        is_right = hmac.compare_digest(_digest(given[0].encode("latin-1")), self._digest)
        return Verdict.RIGHT if is_right and len(given) == 1 else Verdict.WRONG

    def wait_after_wrong(self, client: str, *, now: float) -> int:
        """The seconds that this client has to wait after one more wrong secret; 0: none yet."""
        return self._throttle.admit(client, now=now)


def _given(headers: Headers) -> list[str]:
    bearers = [
        value[len(BEARER) :].strip()
        for value in headers.getlist("Authorization")
        if value.lower().startswith(BEARER)
    ]
    return [secret for secret in (*headers.getlist(HEADER), *bearers) if secret]


def _digest(secret: bytes) -> bytes:
    return sha256(secret).digest()
