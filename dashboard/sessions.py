"""Who is signed in: signed cookie tokens, sign-outs, and the open streams of each session.

Knows no HTTP and no clock: callers pass `now`, in seconds since the epoch. Safe across threads.
"""

import hmac
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from threading import Lock

from itsdangerous import BadSignature, URLSafeSerializer

SESSION_SECONDS = 12 * 3600
MAX_NAME_LENGTH = 80
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, kw_only=True)
class Session:
    """One sign-in. `name` is what the person called himself: it proves nothing."""

    id: str
    name: str | None
    began_at: float

    @property
    def ends_at(self) -> float:
        return self.began_at + SESSION_SECONDS


class Sessions:
    """The sessions of this process.

    A token proves itself: its key comes from the password's hash, so it outlives a restart and a
    new password voids it. (The time of the sign-in is in the signed part, not itsdangerous' own
    timestamp, so that tests can pass any `now`.) Only sign-outs must be remembered, and a restart
    forgets them: what a browser held is deleted at sign-out, but a stolen copy lives on to its end.
    """

    def __init__(self, password_hash: str, *, remembered: int = 10_000) -> None:
        key = _derived(password_hash, "cookie key").digest()
        self._signer = URLSafeSerializer(key, signer_kwargs={"digest_method": sha256})
        # Cookies do not know ports: two Stillframes on one host must not overwrite each other's.
        self.cookie_name = "stillframe_" + _derived(password_hash, "cookie name").hexdigest()[:8]
        self._remembered = remembered
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._ended: OrderedDict[str, float] = OrderedDict()
        self._void_up_to = 0.0
        self._closers: dict[str, set[Callable[[], None]]] = {}
        self._lock = Lock()

    def begin(self, name: str, *, now: float) -> tuple[Session, str]:
        """A new session and the token that proves it."""
        session = Session(id=token_urlsafe(18), name=declared_name(name), began_at=int(now))
        return session, self._signer.dumps([session.id, session.name, session.began_at])

    def session_of(self, token: str, *, now: float) -> Session | None:
        """The session that the token proves, or None: not ours, over, or signed out."""
        try:
            session_id, name, began_at = self._signer.loads(token)
        except (BadSignature, ValueError):
            return None
        session = Session(id=session_id, name=name, began_at=began_at)
        with self._lock:
            if not self._is_valid(session, now):
                return None
            self._remember(session)
        return session

    def still_signed_in(self, session_id: str, *, now: float) -> bool:
        """Whether a session, once seen by `session_of`, is neither over nor signed out."""
        with self._lock:
            session = self._known.get(session_id)
            return session is not None and self._is_valid(session, now)

    def end(self, session_id: str, *, now: float) -> None:
        """Sign out: the token is void from here on, and every open stream of it is closed."""
        with self._lock:
            self._known.pop(session_id, None)
            self._ended[session_id] = now
            self._forget_old_sign_outs(now)
            closers = self._closers.pop(session_id, set())
        for close in closers:
            close()

    @contextmanager
    def stream(self, session: Session, close: Callable[[], None]) -> Iterator[None]:
        """An open stream of the session; `close` is called, from any thread, at its sign-out."""
        with self._lock:
            self._closers.setdefault(session.id, set()).add(close)
            ended_meanwhile = session.id in self._ended
        if ended_meanwhile:
            close()
        try:
            yield
        finally:
            self._drop(session.id, close)

    def _drop(self, session_id: str, close: Callable[[], None]) -> None:
        with self._lock:
            closers = self._closers.get(session_id, set())
            closers.discard(close)
            if not closers:
                self._closers.pop(session_id, None)

    def _is_valid(self, session: Session, now: float) -> bool:
        return (
            now < session.ends_at
            and session.id not in self._ended
            and session.began_at > self._void_up_to
        )

    def _remember(self, session: Session) -> None:
        self._known[session.id] = session
        self._known.move_to_end(session.id)
        while len(self._known) > self._remembered:
            self._known.popitem(last=False)

    def _forget_old_sign_outs(self, now: float) -> None:
        """Drop what is over anyway; if that is not enough, void all tokens of that age.

        Forgetting a sign-out alone would let its token in again.
        """
        while self._ended:
            session_id, ended_at = next(iter(self._ended.items()))
            if ended_at + SESSION_SECONDS > now and len(self._ended) <= self._remembered:
                return
            if ended_at + SESSION_SECONDS > now:
                self._void_up_to = max(self._void_up_to, ended_at)
            del self._ended[session_id]


def declared_name(text: str) -> str | None:
    """A name as a person gave it, on one line of at most 80 characters; None if nothing is left.

    >>> declared_name("  Ada\\r\\nLovelace ")
    'Ada Lovelace'
    """
    # Categories C* are control, invisible and bidirectional marks; Zl and Zp break lines.
    shown = (" " if unicodedata.category(c) in HIDDEN else c for c in text)
    return " ".join("".join(shown).split())[:MAX_NAME_LENGTH].strip() or None


def _derived(password_hash: str, purpose: str) -> "hmac.HMAC":
    return hmac.new(password_hash.encode(), f"stillframe {purpose}".encode(), sha256)
