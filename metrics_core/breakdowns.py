"""Breakdowns: the figures of a window by the values of a dimension. Pure."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from metrics_core.figures import Figures, ratio
from metrics_core.groups import Breakdown
from metrics_core.latency import Grouped, Samples
from metrics_core.source import ENDED_STATUSES, STATUSES
from metrics_core.tasks import STATUS_CODE, Coded

LISTED_VALUES = 50
BREAKDOWNS = TypeAdapter(tuple[Breakdown, ...])


def breakdowns(figures: Figures) -> tuple[Breakdown, ...]:
    """One breakdown a dimension of the source, in its order."""
    return BREAKDOWNS.validate_python(
        tuple(
            _breakdown(figures, name, column) for name, column in figures.tasks.dimensions.items()
        )
    )


def ranked_values(column: Coded) -> list[tuple[str | None, int, int]]:
    """(value, code, rows) of each value that occurs: most rows first, ties by value, null last."""
    counts = np.bincount(column.codes + 1, minlength=len(column.values) + 1)
    (places,) = counts.nonzero()
    present = zip(places.tolist(), counts[places].tolist(), strict=True)
    named = [(column.values[p - 1] if p else None, p - 1, rows) for p, rows in present]
    return sorted(named, key=lambda entry: (-entry[2], entry[0] is None, entry[0] or ""))


def _breakdown(figures: Figures, name: str, column: Coded) -> dict[str, Any]:
    """The members of a `Breakdown`."""
    ranking = ranked_values(column)
    listed, rest = ranking[:LISTED_VALUES], ranking[LISTED_VALUES:]
    parts = _parts(figures, _places(column, [code for _, code, _ in listed]), len(listed) + 1)
    return {
        "dimension": name,
        "values": tuple(
            part | {"value": value} for (value, _, _), part in zip(listed, parts, strict=False)
        ),
        "other": parts[-1] | {"values": len(rest)} if rest else None,
    }


def _places(column: Coded, listed: list[int]) -> NDArray[np.int16]:
    """Each row's place among the listed codes; len(listed) where it is none of them."""
    place_of = np.full(len(column.values) + 1, len(listed), np.int16)
    place_of[np.array(listed, np.intp) + 1] = np.arange(len(listed))
    return place_of[column.codes + 1]


def _parts(figures: Figures, places: NDArray[np.int16], size: int) -> list[dict[str, Any]]:
    kinds = len(STATUSES) + 1  # -1 stands for none
    tallies = np.bincount(places * kinds + figures.outcomes + 1, minlength=size * kinds)
    outcomes = tallies.reshape(size, kinds)

    def count(status: str) -> list[int]:
        counts: list[int] = outcomes[:, STATUS_CODE[status] + 1].tolist()
        return counts

    def p95(samples: Samples) -> list[int | None]:
        return Grouped.by(samples.ms, places[samples.rows], size).percentiles(95)

    created = np.bincount(places[figures.created], minlength=size).tolist()
    columns: dict[str, list[Any]] = {
        "tasks": outcomes.sum(axis=1).tolist(),
        "created": created if figures.knows_created else [None] * size,
        **{status: count(status) for status in (*ENDED_STATUSES, "processing", "queued")},
        "time_to_processing_p95_ms": p95(figures.time_to_processing),
        "time_to_complete_p95_ms": p95(figures.time_to_complete),
    }
    parts = [dict(zip(columns, part, strict=True)) for part in zip(*columns.values(), strict=True)]
    failed, ended = sum(columns["failed"]), int(np.count_nonzero(figures.ended))
    without = _without(figures, columns)
    return [part | _shares(part, failed, ended) | without for part in parts]


def _without(figures: Figures, names: Iterable[str]) -> dict[str, None]:
    """Null for each of a part's figures that the source says it cannot give."""
    lacking = [name for name in names if figures.lacks(f"tasks.{name}")]
    rate = ["failure_rate"] if figures.lacks("failureRate") or "completed" in lacking else []
    return dict.fromkeys((*lacking, *rate))


def _shares(part: dict[str, Any], failed: int, ended: int) -> dict[str, float | None]:
    return {
        "failure_rate": ratio(part["failed"], part["completed"] + part["failed"]),
        "share_of_failed": ratio(part["failed"], failed),
        "share_of_ended": ratio(sum(part[status] for status in ENDED_STATUSES), ended),
    }
