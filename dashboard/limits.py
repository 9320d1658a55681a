"""Limits: how much of the archive is kept. Text in, a value or a SettingsError out."""

import re
from dataclasses import dataclass
from datetime import timedelta

from metrics_core.errors import SettingsError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """A body goes when either limit says so; null does not limit. Records always stay."""

    older_than: timedelta | None = None
    keep: int | None = None

    @property
    def are_set(self) -> bool:
        return self.older_than is not None or self.keep is not None


def limits_of(*, days: str, snapshots: str) -> Limits:
    """What the two variables say; an empty one does not limit."""
    most_days = _at_least_one("STILLFRAME_ARCHIVE_DAYS", days.strip())
    return Limits(
        older_than=None if most_days is None else timedelta(days=most_days),
        keep=_at_least_one("STILLFRAME_ARCHIVE_SNAPSHOTS", snapshots.strip()),
    )


def _at_least_one(name: str, text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or int(text) == 0:
        raise SettingsError(f"{name} must be a whole number from 1 to 999999")
    return int(text)
