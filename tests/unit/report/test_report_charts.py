"""The report's charts: marks stand where the figures are, within the drawing."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.report import Exhibit
from dashboard.report.axes import Scale, count_ticks, duration_ticks, time_ticks
from dashboard.report.charts import ended_chart, ended_look, latency_chart, latency_look, silhouette
from tests.builders import TEN

WIDTH = 680


@given(st.integers(0, 2**53))
def test_count_ticks_are_few_whole_and_reach_the_largest(largest: int) -> None:
    ticks = count_ticks(largest)
    assert 2 <= len(ticks) <= 6
    assert ticks[0] == 0
    assert ticks[-1] >= largest
    assert len({after - before for before, after in pairwise(ticks)}) == 1


@given(st.integers(1, 4 * 365 * 86_400), st.integers(0, 86_400), st.integers(2, 9))
def test_time_ticks_lie_in_the_window(seconds: int, shift: int, most: int) -> None:
    start = TEN + timedelta(seconds=shift)
    ticks = time_ticks(start, start + timedelta(seconds=seconds), most)
    assert len(ticks) <= most + 1
    assert all(start <= tick <= start + timedelta(seconds=seconds) for tick in ticks)


@given(st.floats(0.5, 1e9), st.floats(1, 1e6))
def test_ticks_of_durations_stand_apart(low: float, factor: float) -> None:
    y = Scale(low=low, high=low * factor, start=170, end=26, is_log=True)
    places = [y(ms) for ms, _ in duration_ticks(y)]
    assert all(before - after >= 13 for before, after in pairwise(places))


def test_bars_are_as_high_as_their_counts(burning_hour: Exhibit) -> None:
    snapshot = burning_hour.snapshot
    look = ended_look([snapshot], WIDTH)
    svg = str(ended_chart(snapshot, look))
    heights = re.findall(r'height="([\d.]+)" fill="#D55E00" stroke=', svg)[:-1]
    pixels = (190 - 20 - 26) / count_ticks(int(look.top))[-1]
    failed = [part.tasks.failed for part in snapshot.series if part.tasks.failed]
    assert [float(height) for height in heights] == [
        pytest.approx(number * pixels, abs=0.11) for number in failed
    ]
    assert "<title>60 completed, 0 cancelled, 90 failed, 151 created</title>" in svg
    first = snapshot.series[0].tasks
    words = f"{first.completed} completed, 0 cancelled, {first.failed} failed"
    assert f"<title>10:00:00 to 10:01:00, 30 Jan 2026: {words}, {first.created} created" in svg


def test_all_marks_lie_within_the_drawing(burning_hour: Exhibit) -> None:
    snapshot = burning_hour.snapshot
    look = latency_look([snapshot], WIDTH, "time_to_complete_ms")
    svg = str(latency_chart(snapshot, look, "time_to_complete_ms"))
    for x, y, width, height in re.findall(
        r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg
    ):
        assert 46 <= float(x) <= float(x) + float(width) <= WIDTH - 12 + 0.11
        assert 26 <= float(y) <= float(y) + float(height) <= 170.11
    cells = svg.count('fill="#0072B2"') - 1
    assert cells == sum(len(part.time_to_complete_ms.buckets) for part in snapshot.series)


def test_a_silhouette_is_as_high_as_its_largest_count() -> None:
    assert 'd="M0 18v-9h32.0V18zM32 18v-18h32.0V18z"' in str(silhouette([1, 2]))
    assert 'd=""' in str(silhouette([0, 0]))
    assert 'd=""' in str(silhouette([]))
