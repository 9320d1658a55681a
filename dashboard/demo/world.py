"""The demo's world: what goes wrong when, how busy each hour is, and dice that can be thrown again.

Everything in it is a function of a seed and the instant the demo began. So the past can be made at
once, the future second by second, and both are the same world. Instants are whole microseconds
since 1970, UTC.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

# The shares are cumulative percentages.
ENGINES = ("runway", "luma", "pika")
ENGINE_SHARES = (45, 80, 100)
DEPLOYED_ENGINE = "runway"
DRIFTING_ENGINE = "luma"
TENANTS = ("acme", "bluebird", "cobalt", "dynamo", "ember", "fjord", "granite", "harbor")
TENANT_SHARES = (24, 42, 57, 69, 79, 88, 95, 100)
FAILING_TENANT = "fjord"

DEPLOY_AGE_US = 3 * HOUR_US
STALL_AGE_US = 7 * HOUR_US
STALL_LENGTH_US = 12 * MINUTE_US
DRIFT = 0.6
RHYTHM = 0.4

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class World:
    """One demo: its seed, and the instant at which its history ends and its life begins."""

    seed: int
    now_us: int

    @property
    def begin_us(self) -> int:
        return self.now_us - DAY_US

    @property
    def deploy_us(self) -> int:
        """When the bad deploy came; nobody has rolled it back since."""
        return self.now_us - DEPLOY_AGE_US

    @property
    def stall_us(self) -> tuple[int, int]:
        """The half-open interval in which no task was started."""
        begin_us = self.now_us - STALL_AGE_US
        return begin_us, begin_us + STALL_LENGTH_US

    def dice(self, *names: object) -> Random:
        """The dice of one thing: the same throws each time that it is asked about."""
        return Random("/".join(map(str, (self.seed, *names))))  # noqa: S311 no secret

    def drift(self, at_us: int) -> float:
        """How many times its first run time an engine takes: grows for a day, then stays."""
        return 1 + DRIFT * min(max((at_us - self.begin_us) / DAY_US, 0), 1)

    def rhythm(self, at_us: int) -> float:
        """How busy an instant is; 1 is the mean of a day. The demo begins at the busiest hour."""
        return 1 + RHYTHM * math.cos((at_us - self.now_us) / DAY_US * math.tau)

    def moments(self, dice: Random, minute: int, *, a_day: float) -> Iterator[int]:
        """Poisson arrivals in one minute of the clock, at a mean of so many a day."""
        minute_us = minute * MINUTE_US
        rate = a_day / DAY_US * self.rhythm(minute_us)
        at_us = minute_us + int(dice.expovariate(rate))
        while at_us < minute_us + MINUTE_US:
            yield at_us
            at_us += int(dice.expovariate(rate))


def minutes(since_us: int, until_us: int) -> range:
    """The minutes of the clock that overlap `[since, until)`."""
    return range(since_us // MINUTE_US, -(-until_us // MINUTE_US))


def microseconds(at: datetime) -> int:
    """An instant with a zone, as whole microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def iso(at_us: int) -> str:
    """
    >>> iso(1_500_000)
    '1970-01-01T00:00:01.500000Z'
    """
    minute, rest_us = divmod(at_us, MINUTE_US)
    second, us = divmod(rest_us, SECOND_US)
    return f"{_minute_text(minute)}:{second:02d}.{us:06d}Z"


@lru_cache(maxsize=4096)  # a history of a day has 300,000 instants, but only 1440 minutes
def _minute_text(minute: int) -> str:
    return (EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M")


def microseconds_of(text: str) -> int:
    """
    >>> microseconds_of(iso(1_500_000))
    1500000
    """
    return microseconds(datetime.fromisoformat(text))
