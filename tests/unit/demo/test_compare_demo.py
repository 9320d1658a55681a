"""The demo's planted faults, each beside a time without it: the first listed change names it."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.demo import make_demo, videos
from dashboard.demo.settings import SETTINGS_NAME
from metrics_core import Comparison, Snapshot, Window, compare, load_sources, take_snapshot
from metrics_core.source import Source
from tests.unit.demo.rows import NOW, WORLD

STALL_END_HOURS = 6.8


@pytest.fixture(name="source", scope="module")
def demo_source(folder: Path) -> Source:
    return source_in(folder)


def source_in(folder: Path) -> Source:
    return load_sources(folder / SETTINGS_NAME)["video_tasks"]


def taken(
    source: Source, hours_ago: float, minutes: int = 60, scope: Mapping[str, str] | None = None
) -> Snapshot:
    window = Window.ending(NOW - timedelta(hours=hours_ago), minutes=minutes)
    return take_snapshot(source, window, scope)


def first(comparison: Comparison) -> tuple[str, str, str, str]:
    change = comparison.changes[0]
    return change.kind, change.name, change.direction, change.meaning


@pytest.mark.parametrize(
    ("before", "after", "minutes"), [(3, 2, 60), (20, 1, 60), (3, 2.75, 15), (3, 0, 60)]
)
def test_the_bad_deploy_is_a_new_code(
    source: Source, before: float, after: float, minutes: int
) -> None:
    compared = compare(taken(source, before, minutes), taken(source, after, minutes))
    assert first(compared) == ("error_code", "ENGINE_SCHEMA_MISMATCH", "new", "worse")
    second = compared.changes[1]
    assert (second.kind, second.dimension, second.value) == ("failure_rate", "engine", "runway")


@pytest.mark.parametrize("minutes", [15, 60])
def test_the_stall_is_a_backlog_that_rose(source: Source, minutes: int) -> None:
    before, after = taken(source, 7, minutes), taken(source, STALL_END_HOURS, minutes)
    compared = compare(before, after)
    assert first(compared) == ("backlog", "tasks.queued", "rose", "worse")
    assert "backlog.queued.oldestAgeMs" in [each.name for each in compared.changes]


def test_after_the_stall_tasks_have_waited_longer(source: Source) -> None:
    compared = compare(taken(source, 7), taken(source, 6))
    assert first(compared) == ("latency", "latency.timeToProcessingMs.p95", "rose", "worse")


def test_the_drift_is_a_longer_time_to_complete_of_one_engine(source: Source) -> None:
    assert first(compare(taken(source, 23), taken(source, 4))) == (
        *("latency", "latency.timeToCompleteMs.p95"),
        *("rose", "worse"),
    )
    compared = compare(taken(source, 21, 180), taken(source, 3, 180))
    assert first(compared) == ("latency", "latency.timeToCompleteMs.p95", "rose", "worse")
    of_value = next(each for each in compared.changes if each.dimension)
    assert (of_value.dimension, of_value.value, of_value.name) == (
        *("engine", "luma"),
        "latency.timeToCompleteMs.p95",
    )


def test_the_failing_tenant_fails_more_than_all_by_one_code(source: Source) -> None:
    everyone, fjord = taken(source, 4, 360), taken(source, 4, 360, {"tenant_id": "fjord"})
    compared = compare(everyone, fjord, force=True)
    assert first(compared) == ("error_code", "INVALID_PROMPT", "rose", "worse")


def test_a_tenant_that_begins_to_fail_is_named(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(videos, "FAILING_TENANT_RATE", 0.0)
    videos._created_in.cache_clear()
    make_demo(tmp_path / "well", seed=WORLD.seed, now=NOW)
    videos._created_in.cache_clear()
    compared = compare(taken(source_in(tmp_path / "well"), 8, 480), taken(source, 8, 480))
    change = compared.changes[0]
    assert (change.kind, change.dimension, change.value) == ("failure_rate", "tenant_id", "fjord")


def test_an_hour_like_the_one_before_lists_nothing(source: Source) -> None:
    hours = [taken(source, hours_ago) for hours_ago in range(8, 18)]
    told = [compare(after, before).changes for before, after in pairwise(hours)]
    assert sum(bool(changes) for changes in told) <= 1
