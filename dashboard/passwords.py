"""Passwords: how they are hashed, compared, and refused when weak. Knows no HTTP."""

import re
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import scrypt
from hmac import compare_digest
from importlib.resources import files
from secrets import token_bytes

from metrics_core.errors import SettingsError

MINIMUM_LENGTH = 12
MINIMUM_DISTINCT = 5
LONGEST_BLOCK = 6
N, R, P = 2**14, 8, 1
COSTS = (2**14, 2**15, 2**16, 2**17)
MINIMUM_SALT_BYTES = 8
DIGEST_BYTES = 64
SEQUENCES = (
    "0123456789" * 3,
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
LOOKALIKES = str.maketrans("@4301!$57", "aaeoiisst")


@dataclass(frozen=True, kw_only=True)
class _Scrypt:
    """The parts of `scrypt$n$r$p$salt$digest`."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes


def hash_password(password: str, *, salt: bytes | None = None) -> str:
    """`scrypt$16384$8$1$<salt>$<digest>`, both in base64. Takes some 60 ms, on purpose."""
    salt = token_bytes(16) if salt is None else salt
    digest = _digest(password, n=N, r=R, p=P, salt=salt)
    return f"scrypt${N}${R}${P}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def verify(password: str, password_hash: str) -> bool:
    """Whether the password has this hash. Takes some 60 ms: never on an event loop."""
    known = _parsed(password_hash)
    digest = _digest(password, n=known.n, r=known.r, p=known.p, salt=known.salt)
    return compare_digest(digest, known.digest)


def refuse_malformed(password_hash: str) -> None:
    """SettingsError unless the text is a hash that `verify` can read."""
    _parsed(password_hash)


def refuse_weak(password: str, what: str = "password") -> None:
    """SettingsError if the password is short, well known, an example, or a mere pattern.

    `what` names it in the error where it is another secret.
    Case, separators and the usual look-alikes (0 for o, @ for a) make no difference.
    """
    if len(password) < MINIMUM_LENGTH:
        raise SettingsError(f"the {what} must have at least {MINIMUM_LENGTH} characters")
    if not _spellings(password).isdisjoint(_well_known()):
        raise SettingsError(f"the {what} is a common or an example one: choose another")
    if _is_a_pattern(password) or re.fullmatch(_TIME_OF_YEAR, password.casefold()):
        raise SettingsError(f"the {what} is a mere pattern of keys: choose another")


_TIME_OF_YEAR = (
    r"\W*(?:spring|summer|autumn|fall|winter|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|your-?_?password|stillframe)[\W_]*\d*\W*(?:toml|com)?"
)


def _parsed(text: str) -> _Scrypt:
    try:
        scheme, n, r, p, salt, digest = text.strip().split("$")
        parts = _Scrypt(
            n=int(n), r=int(r), p=int(p), salt=_from_base64(salt), digest=_from_base64(digest)
        )
    except ValueError:
        raise SettingsError(_MALFORMED) from None
    # Bounds keep a mistyped cost from needing gigabytes or from being none at all.
    costs_are_sane = parts.n in COSTS and parts.r == R and parts.p == P
    is_whole = len(parts.salt) >= MINIMUM_SALT_BYTES and len(parts.digest) == DIGEST_BYTES
    if scheme != "scrypt" or not costs_are_sane or not is_whole:
        raise SettingsError(_MALFORMED)
    return parts


_MALFORMED = (
    "the password's hash is malformed: it reads scrypt$16384$8$1$<salt>$<hash>, in single "
    "quotes where a shell sees it; make one with `stillframe hash-password`"
)


def _from_base64(text: str) -> bytes:
    return b64decode(text, validate=True)


def _digest(password: str, *, n: int, r: int, p: int, salt: bytes) -> bytes:
    # NFC: the same password typed on another system may arrive decomposed.
    spelled = unicodedata.normalize("NFC", password).encode("utf-8", "surrogateescape")
    return scrypt(spelled, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=DIGEST_BYTES)


def _bare(text: str) -> str:
    """Casefolded, letters and digits only."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


def _spellings(text: str) -> set[str]:
    return {_bare(text), _bare(text.translate(LOOKALIKES))} - {""}


@cache
def _well_known() -> frozenset[str]:
    text = files("dashboard").joinpath("weak_passwords.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset(spelling for line in lines for spelling in _spellings(line))


def _is_a_pattern(password: str) -> bool:
    bare = _bare(password)
    return (
        len(set(password.casefold())) < MINIMUM_DISTINCT
        or _repeats_a_block(bare)
        or any(bare in row or bare in row[::-1] for row in SEQUENCES if bare)
    )


def _repeats_a_block(bare: str) -> bool:
    """Whether it is one short block over and over: abcabcabcabc."""
    blocks = range(1, min(LONGEST_BLOCK, len(bare) // 2) + 1)
    return any(bare[size:] == bare[:-size] for size in blocks)
