"""Clocks: how far the database's is ahead of ours, and how well that is known."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from metrics_core.database import Database

LARGEST_SKEW = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Skew:
    """How far the database's clock is ahead of ours (negative: behind), give or take so much."""

    ahead: timedelta
    uncertainty: timedelta = timedelta()

    @classmethod
    def read(cls, clock: datetime, *, before: datetime, after: datetime) -> "Skew":
        """The database read its clock at an unknown moment between `before` and `after` of ours.

        >>> noon = datetime(2026, 1, 30, 12, tzinfo=UTC)
        >>> skew = Skew.read(noon, before=noon, after=noon + timedelta(seconds=4))
        >>> skew.ahead.total_seconds(), skew.uncertainty.total_seconds()
        (-2.0, 2.0)
        """
        half = (after - before) / 2
        return cls(ahead=clock - (before + half), uncertainty=half)

    @property
    def too_large(self) -> bool:
        """Whether it is of more than a second for certain."""
        return abs(self.ahead) - self.uncertainty > LARGEST_SKEW


def clock_and_skew(database: Database) -> tuple[datetime, Skew]:
    """The database's clock, and how far it is ahead of ours."""
    before = datetime.now(UTC)
    clock = database.clock()
    return clock, Skew.read(clock, before=before, after=datetime.now(UTC))
