"""A queue in which nothing ever changes: what a comparison says of two of its hours is noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.builders import TEN, Row

CODES = ("E_TIMEOUT", "E_BUSY", "E_PROMPT", "E_AUTH", "E_DISK", "E_RARE")
CODE_WEIGHTS = (10, 6, 8, 2, 3, 1)
TENANTS = ("acme", "bluebird", "cobalt", "dynamo", "ember")
ENGINE_SECONDS = {"runway": 40, "luma": 90, "pika": 4}
COLUMNS = "id, status, created_at, started_at, finished_at, error_code, cost_usd, engine, tenant_id"


@dataclass(frozen=True, kw_only=True)
class CalmQueue:
    """So many tasks an hour, at random moments, whose latencies spread by `sigma` (log-normal)."""

    an_hour: float
    sigma: float = 0.6
    failure_rate: float = 0.05

    def rows(self, seed: int, hours: int) -> Iterator[Row]:
        """The tasks of so many hours from an hour before ten on."""
        dice, seconds, number = Random(seed), -3600.0, 0
        while (seconds := seconds + dice.expovariate(self.an_hour / 3600)) < hours * 3600:
            number += 1
            yield self._task(dice, f"t{number}", seconds)

    def _task(self, dice: Random, name: str, created: float) -> Row:
        engine = dice.choice(list(ENGINE_SECONDS))
        started = created + 5 * dice.lognormvariate(0, self.sigma)
        finished = started + ENGINE_SECONDS[engine] * dice.lognormvariate(0, self.sigma)
        fails = dice.random() < self.failure_rate
        times = {"created_at": created, "started_at": started, "finished_at": finished}
        return {
            "id": name,
            "status": "failed" if fails else dice.choices(("completed", "cancelled"), (98, 2))[0],
            **{column: TEN + timedelta(seconds=value) for column, value in times.items()},
            "error_code": dice.choices(CODES, CODE_WEIGHTS)[0] if fails else None,
            "cost_usd": round(dice.expovariate(1 / 0.2), 6),
            "engine": engine,
            "tenant_id": dice.choice(TENANTS),
        }
