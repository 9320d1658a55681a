"""Chart rows: the bins that all charts of one drawing share, a row each, as their data. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import pyarrow as pa

from metrics_core import Snapshot
from metrics_core.document import SeriesBin

Column = tuple[pa.DataType, Sequence[object]]
SECONDS = pa.uint32()
COUNTS = (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The bins to draw, each with how far it is moved, and whether it is of what is compared."""

    parts: tuple[SeriesBin, ...]
    moves: tuple[float, ...]
    compared: bool
    first_before: int

    @classmethod
    def of(cls, now: Snapshot, before: Snapshot | None, offset: timedelta) -> "Rows":
        """Those of `now` in a zone that far from UTC, and those of `before` in the same place."""
        seconds = offset.total_seconds()
        older = before.series if before else ()
        moved = (now.window.to - before.window.to).total_seconds() if before else 0
        return cls(
            parts=now.series + older,
            moves=(seconds,) * len(now.series) + (seconds + moved,) * len(older),
            compared=before is not None,
            first_before=len(now.series),
        )

    def table(self, figures: Mapping[str, Column]) -> pa.Table:
        """Times and figures in the narrowest types that hold them; `before` only if compared."""
        columns = {name: pa.array(values, type_) for name, (type_, values) in figures.items()}
        return pa.table({**self._times, **columns, **self._marks})

    def counts(self, names: Sequence[str]) -> dict[str, Column]:
        """A column of each count."""
        return {n: narrow([getattr(part.tasks, n) for part in self.parts]) for n in names}

    @cached_property
    def _times(self) -> dict[str, pa.Array]:
        return {
            "start": self._seconds([part.from_ for part in self.parts]),
            "end": self._seconds([part.to for part in self.parts]),
            "partial": pa.array([part.partial for part in self.parts], pa.bool_()),
        }

    def _seconds(self, instants: Sequence[datetime]) -> pa.Array:
        moved = zip(instants, self.moves, strict=True)
        return pa.array([int(at.timestamp() + by) for at, by in moved], SECONDS)

    @cached_property
    def _marks(self) -> dict[str, pa.Array]:
        if not self.compared:
            return {}
        marks = [i >= self.first_before for i in range(len(self.parts))]
        return {"before": pa.array(marks, pa.bool_())}


def narrow(counts: Sequence[int | None]) -> Column:
    """The counts in the narrowest type that holds the largest of them; null is not measurable."""
    bits = max((count for count in counts if count is not None), default=0).bit_length()
    return next(type_ for type_ in COUNTS if bits <= type_.bit_width), counts
