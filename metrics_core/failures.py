"""Failures: the failed tasks of a window by error code. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from metrics_core.breakdowns import ranked_values
from metrics_core.error_codes import CODE_LIMIT, error_codes
from metrics_core.figures import Figures, ratio
from metrics_core.groups import (
    DimensionCounts,
    ErrorGroup,
    Errors,
    OtherErrors,
    TopError,
    ValueCount,
)
from metrics_core.source import ErrorRule
from metrics_core.tasks import SAMPLE_IDS, Coded, Tasks
from metrics_core.window import from_epoch_us

LISTED_CODES = 100
LISTED_DIMENSION_VALUES = 10
TOP_ERRORS = 5


@dataclass(frozen=True, kw_only=True)
class Group:
    """The failures of one code: rows of the tasks, oldest first by (end, id)."""

    code: str
    rows: NDArray[np.intp]


def errors(figures: Figures) -> Errors | None:
    """Failures in the window by code; null where the source has neither error nor error_code."""
    if figures.lacks("errors") or not {"error", "error_code"} & figures.tasks.columns:
        return None
    groups = sorted(_groups(figures), key=lambda group: (-len(group.rows), group.code))
    failed = sum(len(group.rows) for group in groups)
    rest = groups[LISTED_CODES:]
    return Errors(
        codes=tuple(_error_group(figures, group, failed) for group in groups[:LISTED_CODES]),
        other=_other(figures, rest, failed) if rest else None,
    )


def top_errors(all_errors: Errors | None) -> tuple[TopError, ...]:
    """The five largest codes, as the contract wants them."""
    groups = all_errors.codes[:TOP_ERRORS] if all_errors else ()
    names = TopError.model_fields
    return tuple(TopError(**{name: getattr(group, name) for name in names}) for group in groups)


def _groups(figures: Figures) -> Iterator[Group]:
    failed = np.flatnonzero(figures.ended_as["failed"])
    codes = failure_codes(figures.tasks, failed, figures.source.errors)
    order = _oldest_first(figures, failed, codes)
    bounds = np.cumsum(np.bincount(codes.codes, minlength=len(codes.values)))[:-1]
    for code, rows in zip(codes.values, np.split(failed[order], bounds), strict=False):
        yield Group(code=code, rows=rows)


def _oldest_first(figures: Figures, rows: NDArray[np.intp], codes: Coded) -> NDArray[np.intp]:
    """The order of the rows by code, end and id; a table's twice-given id is put by its message."""
    message = figures.tasks.error
    texts = pa.array([*message.values, ""]).take(
        pa.array(message.codes[rows] % (len(message.values) + 1))
    )
    columns = {
        "code": codes.codes,
        "end": figures.life.end[rows],
        "id": figures.tasks.id.take(pa.array(rows)),
        "message": texts,
    }
    order = pc.sort_indices(pa.table(columns), sort_keys=[(name, "ascending") for name in columns])
    places: NDArray[np.intp] = order.to_numpy().astype(np.intp)
    return places


def failure_codes(tasks: Tasks, rows: NDArray[np.intp], rules: tuple[ErrorRule, ...]) -> Coded:
    """The error code of each of these rows; each distinct message is read once."""
    given, message = tasks.error_code.codes[rows], tasks.error.codes[rows]
    width = len(tasks.error.values) + 1
    pairs, pair_of_row = np.unique((given + 1) * np.int64(width) + message + 1, return_inverse=True)
    own = [_value(tasks.error_code, code).strip() for code in (pairs // width - 1).tolist()]
    read = error_codes((_value(tasks.error, code) for code in (pairs % width - 1).tolist()), rules)
    texts = [code[:CODE_LIMIT] or other for code, other in zip(own, read, strict=True)]
    values = tuple(dict.fromkeys(texts))
    place = {value: i for i, value in enumerate(values)}
    return Coded(np.array([place[text] for text in texts], np.int32)[pair_of_row], values)


def _value(column: Coded, code: int) -> str:
    return column.values[code] if code >= 0 else ""


def _error_group(figures: Figures, group: Group, failed: int) -> ErrorGroup:
    return ErrorGroup(
        **_top_error(figures, group, failed),
        bins=_bins(figures, group.rows),
        dimensions=tuple(
            _dimension_counts(name, column, group.rows)
            for name, column in figures.tasks.dimensions.items()
        ),
    )


def _top_error(figures: Figures, group: Group, failed: int) -> dict[str, Any]:
    ends = figures.life.end[group.rows]
    return {
        "code": group.code,
        "count": len(group.rows),
        "share": ratio(len(group.rows), failed),
        "sample_message": _newest_message(figures.tasks.error, group.rows),
        "first_at": from_epoch_us(int(ends[0])),
        "last_at": from_epoch_us(int(ends[-1])),
        "task_ids": figures.tasks.ids(group.rows[: -SAMPLE_IDS - 1 : -1]),
    }


def _newest_message(messages: Coded, rows: NDArray[np.intp]) -> str | None:
    codes = messages.codes[rows]
    newest = codes[messages.told[codes]][-1:]
    return messages.values[newest[0]] if len(newest) else None


def _bins(figures: Figures, rows: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(figures.end_counts(rows).tolist())


def _dimension_counts(name: str, column: Coded, rows: NDArray[np.intp]) -> DimensionCounts:
    ranking = ranked_values(Coded(column.codes[rows], column.values))
    return DimensionCounts(
        dimension=name,
        values=tuple(
            ValueCount(value=value, count=count)
            for value, _, count in ranking[:LISTED_DIMENSION_VALUES]
        ),
        other=sum(count for _, _, count in ranking[LISTED_DIMENSION_VALUES:]),
    )


def _other(figures: Figures, groups: list[Group], failed: int) -> OtherErrors:
    rows = np.concatenate([group.rows for group in groups])
    return OtherErrors(
        codes=len(groups),
        count=len(rows),
        share=ratio(len(rows), failed) or 0.0,
        bins=_bins(figures, rows),
    )
