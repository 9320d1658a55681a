"""Deltas: the difference of a figure in the few words that a tile has room for."""

import pytest

from dashboard.panels.deltas import Deltas
from metrics_core.comparison import Delta


def failure_rate(difference: float) -> Delta:
    return Delta(
        figure="failureRate",
        unit="share",
        before=0.1,
        after=0.1 + difference,
        difference=difference,
        ratio=1,
        n_before=2_800,
        n_after=2_800,
        meaning="worse" if difference > 0 else "better",
        reason=None,
        text="failure rate, of both windows",
    )


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.0003, "▲ +&lt;0.1 points worse"),
        (-0.0003, "▼ −&lt;0.1 points better"),
        (0.02, "▲ +2 points worse"),
        (-0.01, "▼ −1 point better"),
    ],
)
def test_a_difference_of_shares_is_told_in_points(difference: float, words: str) -> None:
    (line,) = Deltas(by_figure={"failureRate": failure_rate(difference)}).of("failureRate")
    assert f">{words}</div>" in str(line)
