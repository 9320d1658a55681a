"""Tasks: the rows of one scan as columns of NumPy and Arrow, in one canonical form. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from metrics_core.source import STATUSES

Instants = NDArray[np.int64]
"""Microseconds since the epoch; NULL where there is none."""

Mask = NDArray[np.bool_]

NULL = int(np.iinfo(np.int64).min)
STATUS_CODE = {status: code for code, status in enumerate(STATUSES)}
UNMAPPED = -1
SAMPLE_IDS = 5
FEW_ROWS = 100
"""So few ids are sorted sooner than Arrow begins to."""
ID_TYPE = pa.large_string()
CODED_TYPE = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Coded:
    """A column of texts as codes into its distinct values; code -1 is "no value"."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "Coded":
        """The Arrow texts, or dictionaries of them, coded."""
        texts = column if column.type == CODED_TYPE else column.cast(pa.string())
        encoded = texts.dictionary_encode().combine_chunks()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return cls(codes.astype(np.int32, copy=False), tuple(encoded.dictionary.to_pylist()))

    @cached_property
    def told(self) -> Mask:
        """Of each value whether it is more than blanks; at -1 is that of no value: it is not."""
        return np.array([*(bool(value.strip()) for value in self.values), False])

    def where(self, mask: Mask) -> "Coded":
        return Coded(self.codes[mask], self.values)


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """Task rows, one entry a row in every column.

    `status` indexes STATUSES (UNMAPPED where the source does not map the native value), times are
    Instants, `duration_ms` and `cost_usd` are floats with NaN for null, `unreadable` says that a
    time of the row could not be read. `columns` are those that the source really has.
    """

    id: pa.Array
    status: NDArray[np.int8]
    native_status: Coded
    created: Instants
    eligible: Instants
    started: Instants
    finished: Instants
    updated: Instants
    duration_ms: NDArray[np.float64]
    cost_usd: NDArray[np.float64]
    error: Coded
    error_code: Coded
    dimensions: Mapping[str, Coded]
    unreadable: Mask
    columns: frozenset[str]

    def __len__(self) -> int:
        return len(self.status)

    def where(self, mask: Mask) -> "Tasks":
        """The rows for which `mask` is true; the tasks themselves where that is every row."""
        if mask.all():
            return self
        chosen: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(self, **{name: _filtered(column, mask) for name, column in chosen.items()})

    def is_status(self, *statuses: str) -> Mask:
        masks = [self.status == STATUS_CODE[status] for status in statuses]
        chosen: Mask = np.logical_or.reduce(masks)
        return chosen

    def ids(self, rows: NDArray[np.intp]) -> tuple[str, ...]:
        """The ids of these rows, in their order."""
        return tuple(self.id.take(pa.array(rows)).to_pylist())

    def least_ids(self, mask: Mask, limit: int = SAMPLE_IDS) -> tuple[str, ...]:
        """The least ids of the rows for which `mask` is true, in code-point order."""
        rows = np.flatnonzero(mask)
        if len(rows) <= FEW_ROWS:
            return tuple(sorted(self.ids(rows))[:limit])
        chosen = pa.table({"id": self.id.take(pa.array(rows))})
        least = pc.select_k_unstable(chosen, k=limit, sort_keys=[("id", "ascending")])
        return tuple(chosen["id"].take(least).to_pylist())


def _filtered(column: Any, mask: Mask) -> Any:
    if isinstance(column, np.ndarray):
        return column[mask]
    if isinstance(column, Coded):
        return column.where(mask)
    if isinstance(column, pa.Array):
        return column.filter(pa.array(mask))
    if isinstance(column, Mapping):
        return {name: coded.where(mask) for name, coded in column.items()}
    return column
