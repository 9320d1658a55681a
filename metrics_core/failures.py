"""Failures: the failed tasks of a window by error code. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from metrics_core.breakdowns import ranked_values
from metrics_core.error_codes import CODE_LIMIT, error_codes
from metrics_core.figures import Figures, ratio
from metrics_core.groups import Errors, OtherErrors, TopError
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
    listed, rest = groups[:LISTED_CODES], groups[LISTED_CODES:]
    return Errors.model_validate(
        {
            "codes": tuple(_error_groups(figures, listed, failed)),
            "other": _other(figures, rest, failed) if rest else None,
        }
    )


def top_errors(all_errors: Errors | None) -> tuple[TopError, ...]:
    """The five largest codes, as the contract wants them."""
    groups = all_errors.codes[:TOP_ERRORS] if all_errors else ()
    names = TopError.model_fields
    return tuple(TopError(**{name: getattr(group, name) for name in names}) for group in groups)


def _groups(figures: Figures) -> Iterator[Group]:
    failed = np.flatnonzero(figures.ended_as["failed"])
    codes = failure_codes(figures.tasks, failed, figures.source.errors)
    rows = _oldest_first(figures, failed, codes)
    bounds = np.cumsum(np.bincount(codes.codes, minlength=len(codes.values))).tolist()
    for code, (begin, end) in zip(codes.values, pairwise((0, *bounds)), strict=True):
        yield Group(code=code, rows=rows[begin:end])


def _oldest_first(figures: Figures, rows: NDArray[np.intp], codes: Coded) -> NDArray[np.intp]:
    """The rows by code, end and id; a table's twice-given id is put by its message."""
    by_end = np.argsort(figures.life.end[rows])
    order = by_end[np.argsort(codes.codes[by_end], kind="stable")]
    rows, code = rows[order], codes.codes[order]
    end = figures.life.end[rows]
    same = (code[1:] == code[:-1]) & (end[1:] == end[:-1])
    if same.any():
        # Only among these are texts compared: numbers sort many times as fast.
        tied = np.append(same, False) | np.append(False, same)
        rows[tied] = _by_id(figures, rows[tied], code[tied])
    return rows


def _by_id(figures: Figures, rows: NDArray[np.intp], codes: NDArray[np.int32]) -> NDArray[np.intp]:
    message = figures.tasks.error
    texts = pa.array([*message.values, ""]).take(
        pa.array(message.codes[rows] % (len(message.values) + 1))
    )
    columns = {
        "code": codes,
        "end": figures.life.end[rows],
        "id": figures.tasks.id.take(pa.array(rows)),
        "message": texts,
    }
    order = pc.sort_indices(pa.table(columns), sort_keys=[(name, "ascending") for name in columns])
    ordered: NDArray[np.intp] = rows[order.to_numpy()]
    return ordered


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


def _error_groups(figures: Figures, groups: list[Group], failed: int) -> Iterator[dict[str, Any]]:
    """The members of each code's `ErrorGroup`."""
    for group, task_ids in zip(groups, _newest_ids(figures.tasks, groups), strict=True):
        ends = figures.life.end[group.rows]
        yield {
            "code": group.code,
            "count": len(group.rows),
            "share": ratio(len(group.rows), failed),
            "sample_message": _newest_message(figures.tasks.error, group.rows),
            "first_at": from_epoch_us(int(ends[0])),
            "last_at": from_epoch_us(int(ends[-1])),
            "task_ids": task_ids,
            "bins": _bins(figures, group.rows),
            "dimensions": tuple(
                _dimension_counts(name, column, group.rows)
                for name, column in figures.tasks.dimensions.items()
            ),
        }


def _newest_ids(tasks: Tasks, groups: list[Group]) -> Iterator[tuple[str, ...]]:
    """The newest ids of each group, newest first."""
    newest = [group.rows[: -SAMPLE_IDS - 1 : -1] for group in groups]
    ids = iter(tasks.ids(np.concatenate(newest))) if newest else iter(())
    for rows in newest:
        yield tuple(islice(ids, len(rows)))


def _newest_message(messages: Coded, rows: NDArray[np.intp]) -> str | None:
    codes = messages.codes[rows]
    newest = codes[messages.told[codes]][-1:]
    return messages.values[newest[0]] if len(newest) else None


def _bins(figures: Figures, rows: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(figures.end_counts(rows).tolist())


def _dimension_counts(name: str, column: Coded, rows: NDArray[np.intp]) -> dict[str, Any]:
    """The members of a `DimensionCounts`."""
    ranking = ranked_values(Coded(column.codes[rows], column.values))
    listed, rest = ranking[:LISTED_DIMENSION_VALUES], ranking[LISTED_DIMENSION_VALUES:]
    return {
        "dimension": name,
        "values": tuple({"value": value, "count": count} for value, _, count in listed),
        "other": sum(count for _, _, count in rest),
    }


def _other(figures: Figures, groups: list[Group], failed: int) -> OtherErrors:
    rows = np.concatenate([group.rows for group in groups])
    return OtherErrors(
        codes=len(groups),
        count=len(rows),
        share=ratio(len(rows), failed) or 0.0,
        bins=_bins(figures, rows),
    )
