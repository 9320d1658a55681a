"""What the tests of the comparison share: rows spread evenly, and a change seen from behind."""

from collections.abc import Iterable
from typing import Any

from metrics_core.comparison import Change
from tests.builders import row

Row = dict[str, object]
QUEUE_COLUMNS = (
    "id, status, created_at, eligible_at, started_at, finished_at, error_code, cost_usd, queue"
)
OPPOSITE: dict[str, Any] = {
    "new": "gone",
    "gone": "new",
    "rose": "fell",
    "fell": "rose",
    "better": "worse",
    "worse": "better",
    "neutral": "neutral",
}


def tasks(number: int, status: str = "completed", name: str = "t", **values: object) -> list[Row]:
    """So many tasks, evenly from `since` on `over` so long, that wait a second and run for ten."""
    spans = {"run": 10.0, "wait": 1.0, "since": 0.0, "over": 3400.0}
    run, wait, since, over = (float(str(values.pop(key, spans[key]))) for key in spans)
    begins = [round(since + i * over / number, 3) for i in range(number)]
    return [
        row(
            f"{name}{i}",
            status,
            created=begin,
            started=begin + wait,
            finished=begin + wait + run * (1 + i % 10 / 10),
            **values,
        )
        for i, begin in enumerate(begins)
    ]


def crowd(codes: int, each: int, name: str) -> Iterable[Row]:
    for number in range(codes):
        yield from tasks(each, "failed", f"{name}{number}_", error_code=f"CODE_{number:03}")


def mirrored(change: Change) -> Change:
    """The same change as seen from the other side, but for its sentence."""
    return change.model_copy(
        update={
            "before": change.after,
            "after": change.before,
            "n_before": change.n_after,
            "n_after": change.n_before,
            "direction": OPPOSITE[change.direction],
            "meaning": OPPOSITE[change.meaning],
            "text": "",
        }
    )
