"""Many requests at once, half of them with a wrong secret, from several addresses."""

import http.client
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from tests.campaigns.served import SECRET, Served

PATHS = (
    "/api/nothing",
    "/api/admin/metrics-snapshot?minutes=60&to=2026-01-30T11:00:00Z",
    "/v1/nothing",
)
WEIGHTS = (20, 1, 20)
"""Mostly paths that cost nothing, so that it is the door that is measured."""


@dataclass
class Tally:
    """Statuses of requests with a right and with a wrong secret; the memory meanwhile, in MB."""

    right: Counter[int] = field(default_factory=Counter)
    wrong: Counter[int] = field(default_factory=Counter)
    megabytes: list[float] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.right + other.right, self.wrong + other.wrong, self.megabytes + other.megabytes
        )

    @property
    def wrong_accepted(self) -> int:
        return sum(n for status, n in self.wrong.items() if status not in (401, 429))

    @property
    def right_refused(self) -> int:
        return sum(n for status, n in self.right.items() if status in (401, 403, 429))


def ask(server: Served, requests: int, *, at_once: int = 8, seed: int = 1) -> Tally:
    """So many requests in all; every second one with a wrong secret."""
    with ThreadPoolExecutor(at_once) as pool:
        shares = [requests // at_once] * at_once
        parts = pool.map(
            lambda n: _part(server, shares[n], seed + n, f"127.0.0.{n + 1}"), range(at_once)
        )
        return reduce(add, parts)


def _part(server: Served, requests: int, seed: int, address: str) -> Tally:
    chance, tally = random.Random(seed), Tally()
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=30, source_address=(address, 0)
    )
    for number, wrong in zip(range(requests), _wrong_secrets(chance), strict=False):
        (path,) = chance.choices(PATHS, WEIGHTS)
        is_right = number % 2 == 0
        connection.request("GET", path, headers={"X-Admin-Secret": SECRET if is_right else wrong})
        response = connection.getresponse()
        response.read()
        (tally.right if is_right else tally.wrong)[response.status] += 1
        if number % 1000 == 0:
            tally.megabytes.append(server.megabytes)
    connection.close()
    return tally


def _wrong_secrets(chance: random.Random) -> Iterator[str]:
    """Near misses among them: one sign changed, cut, doubled, in another case."""
    while True:
        place = chance.randrange(len(SECRET))
        yield SECRET[:place] + "#" + SECRET[place + 1 :]
        yield SECRET[: place + 1] if place + 1 < len(SECRET) else SECRET + "x"
        yield SECRET + SECRET
        yield SECRET.upper()
        yield f"{chance.getrandbits(128):x}"
