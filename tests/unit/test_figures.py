"""Figures: what all parts of a snapshot share, and which counts a source has at all."""

from typing import Any

import numpy as np
import pytest

from metrics_core.figures import ratio
from metrics_core.window import Window
from tests.builders import at, figures_of, row, us


def test_flow_counts_what_began_and_ended_in_the_window() -> None:
    figures = figures_of(
        row("before", "completed", created=-1, finished=0),
        row("within", "failed", created=0, finished=3599.999999),
        row("after", "completed", created=5, finished=3600),
        row("gone", "completed", created=-9, finished=-0.000001),
    )
    assert figures.tasks.id.to_pylist() == ["before", "within", "after"]
    assert figures.created.tolist() == [False, True, True]
    assert figures.ended.tolist() == [True, True, False]
    assert {status: mask.tolist() for status, mask in figures.ended_as.items()} == {
        "completed": [True, False, False],
        "failed": [False, True, False],
        "cancelled": [False, False, False],
    }


def test_open_counts_are_the_states_at_the_windows_end() -> None:
    figures = figures_of(
        row("a", "queued", created=5),
        row("b", "completed", created=5, started=9, finished=9999),
        row("c", "retrying", created=5),
        row("d", "scheduled", created=5, eligible=4000),
        row("e", "queued", created=5, eligible=3600),
        row("f", "failed", created=5, finished=6),
    )
    assert figures.open_counts == {"queued": 1, "processing": 1, "scheduled": 2, "retrying": 1}


def test_bins_are_found_by_instants_of_the_window() -> None:
    figures = figures_of()
    instants = np.array([us(0), us(59.999999), us(60), us(3599.999999)])
    assert figures.bin_of(instants).tolist() == [0, 0, 1, 59]
    assert figures.bin_counts(instants)[:3].tolist() == [2, 1, 0]
    assert len(figures.bin_counts(np.array([], np.int64))) == 60


def test_bins_of_a_window_that_begins_within_one_are_counted_from_its_first() -> None:
    figures = figures_of(window=Window.ending(at(7), minutes=1))
    instants = np.array([us(-53), us(-50.000001), us(-50), us(5), us(6.999999)])
    assert figures.bin_of(instants).tolist() == [0, 0, 1, 12, 12]


@pytest.mark.parametrize(
    ("settings", "lacks", "states"),
    [
        ({}, ["eligible_at"], ()),
        ({}, [], ("scheduled",)),
        ({"statuses": {"retrying": ("retry",)}}, ["eligible_at"], ("retrying",)),
        ({"statuses": {"scheduled": ()}}, ["eligible_at"], ("scheduled",)),
    ],
)
def test_scheduled_and_retrying_are_there_where_the_source_can_have_them(
    settings: dict[str, Any], lacks: list[str], states: tuple[str, ...]
) -> None:
    assert figures_of(lacks=lacks, **settings).optional_states == states


def test_a_retrying_task_alone_shows_that_the_source_has_such() -> None:
    figures = figures_of(row("a", "retrying", created=5), lacks=["eligible_at"])
    assert figures.optional_states == ("retrying",)


def test_counts_name_only_what_the_source_has() -> None:
    names = ("created", "completed", "failed", "cancelled", "processing", "queued", "scheduled")
    counts = dict(zip(names, range(7), strict=True))
    lacking = figures_of(lacks=["created_at", "eligible_at"]).task_counts(counts)
    assert (lacking.created, lacking.queued, lacking.scheduled) == (None, 5, None)
    assert figures_of().task_counts(counts).scheduled == 6


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 3, 0.0), (1, 3, 0.333333), (2, 3, 0.666667), (3, 3, 1.0)],
)
def test_a_ratio_has_six_digits_and_of_nothing_there_is_none(
    part: int, whole: int, expected: float | None
) -> None:
    assert ratio(part, whole) == expected
