"""Throttle: how many wrong passwords a client, and all clients together, may try.

Knows no HTTP and no clock: callers pass `now` in seconds of a clock that never jumps.
"""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 300
FORGET_AFTER_SECONDS = 900
STRANGERS_TRIES_A_MINUTE = 30


@dataclass
class _Tries:
    count: int = 0
    last_at: float = 0
    wait_until: float = 0


class Throttle:
    """Slows guessing down, with bounded memory, without locking anybody out for long.

    - A client's fifth wrong password in a row makes it wait 30 s, each further one twice as long
      up to 5 minutes. While it waits nothing it sends is looked at, the right password included:
      an answer would be a guess. So no wait lasts longer than 5 minutes, a refused try does not
      lengthen it, and the right password, or 15 quiet minutes, clear it.
    - All clients together have 30 tries a minute, so that many addresses do not help. An address
      that has signed in before (of the last 1,000) is not held up by the others' guesses.
    - A try counts as wrong from the moment it is admitted, so that parallel ones gain nothing.

    Who is signed in stays so, and a restart forgets it all. Clients behind one proxy count as one
    until the proxy's forwarded address is trusted. For one event loop; not safe across threads.
    """

    def __init__(self, *, remembered: int = 10_000, familiar: int = 1_000) -> None:
        self._remembered = remembered
        self._most_familiar = familiar
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._familiar: OrderedDict[str, None] = OrderedDict()
        self._minute = 0
        self._tries_this_minute = 0

    def admit(self, address: str, *, now: float) -> int:
        """0: the password may be looked at, once. Else the seconds to wait, at least 1."""
        client = _client(address)
        tries = self._tries_of(client, now)
        wait = max(tries.wait_until - now, self._strangers_wait(client, now))
        if wait > 0:
            return ceil(wait)
        self._count(client, tries, now)
        return 0

    def welcome(self, address: str) -> None:
        """The admitted password was right: the client starts afresh."""
        client = _client(address)
        self._tries.pop(client, None)
        self._tries_this_minute = max(0, self._tries_this_minute - 1)
        self._familiar[client] = None
        self._familiar.move_to_end(client)
        if len(self._familiar) > self._most_familiar:
            self._familiar.popitem(last=False)

    def _tries_of(self, client: str, now: float) -> _Tries:
        tries = self._tries.get(client)
        if tries is None or now - tries.last_at > FORGET_AFTER_SECONDS:
            return _Tries()
        return tries

    def _strangers_wait(self, client: str, now: float) -> float:
        if int(now // 60) != self._minute:
            self._minute, self._tries_this_minute = int(now // 60), 0
        if client in self._familiar or self._tries_this_minute < STRANGERS_TRIES_A_MINUTE:
            return 0
        return (self._minute + 1) * 60 - now

    def _count(self, client: str, tries: _Tries, now: float) -> None:
        self._tries_this_minute += 1
        tries.count, tries.last_at = tries.count + 1, now
        if tries.count >= FREE_TRIES:
            doublings = min(tries.count - FREE_TRIES, 10)
            tries.wait_until = now + min(FIRST_WAIT_SECONDS * 2**doublings, LONGEST_WAIT_SECONDS)
        self._tries[client] = tries
        self._tries.move_to_end(client)
        if len(self._tries) > self._remembered:
            self._tries.popitem(last=False)


def _client(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 host can roam in."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))
