"""Limits: how much of the archive is kept. A value, which the settings read."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Limits:
    """A body goes when either limit says so; null does not limit. Records always stay."""

    older_than: timedelta | None = None
    keep: int | None = None

    @property
    def are_set(self) -> bool:
        return self.older_than is not None or self.keep is not None
