"""Charts: each is a function of one snapshot, and of nothing else."""

import copy
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from dashboard import charts
from dashboard.chart_specs import COLOURS, Spec
from metrics_core import Snapshot, Window, take_snapshot
from tests.builders import HOUR, TEN, Row, at, row, sqlite_source

MINUTE = 60
ROWS = [
    row("a", "completed", created=60, started=90, finished=150.5),
    row("b", "completed", created=70, started=100, finished=170),
    row("c", "failed", created=80, started=100, finished=175),
    row("d", "cancelled", created=80, finished=200),
    row("e", "queued", created=3_000),
    row("f", "processing", created=3_000, started=3_010),
]


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return snapshot_of(tmp_path, ROWS)


def snapshot_of(tmp_path: Path, rows: list[dict[str, object]], window: Window = HOUR) -> Snapshot:
    filled: list[Row] = [
        {**dict.fromkeys(("created_at", "started_at", "finished_at")), **each} for each in rows
    ]
    columns = "id, status, created_at, started_at, finished_at"
    return take_snapshot(sqlite_source(tmp_path, filled, columns=columns), window)


def line_fields(spec: Spec) -> list[str]:
    return [layer["encoding"]["y"].get("field", "") for layer in spec["layer"]]


def test_the_bars_are_the_snapshots_own_counts(snapshot: Snapshot) -> None:
    data = charts.ended_chart(snapshot).data
    assert len(data) == len(snapshot.series) == 60
    third = data.iloc[2]
    assert (third["from"], third["to"]) == (at(2 * MINUTE), at(3 * MINUTE))
    assert tuple(third[["completed", "failed", "cancelled", "created"]]) == (2, 1, 0, 0)
    assert third["bin"] == "10:02:00 to 10:03:00, 30 Jan 2026 UTC"
    for status in ("created", "completed", "failed", "cancelled"):
        assert data[status].sum() == getattr(snapshot.tasks, status)


def test_open_tasks_are_drawn_at_each_bins_end(snapshot: Snapshot) -> None:
    data = charts.open_chart(snapshot).data
    assert tuple(data.iloc[-1][["queued", "processing"]]) == (1, 1)
    assert tuple(data.iloc[1][["queued", "processing"]]) == (1, 3)
    assert "scheduled" not in data


def test_states_that_only_some_sources_have_get_a_line_of_their_own(tmp_path: Path) -> None:
    chart = charts.open_chart(snapshot_of(tmp_path, [row("r", "retrying", created=5)]))
    assert chart.data["retrying"].tolist()[-1] == 1
    assert chart.spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == [
        "processing",
        "queued",
        "retrying",
    ]


def test_where_nothing_was_measured_there_is_a_gap(snapshot: Snapshot) -> None:
    data = charts.latency_chart(snapshot, "time_to_complete_ms").data
    measured = data[data["samples"] > 0]
    assert measured.index.tolist() == [2]
    assert measured["p50"].tolist() == [70]
    assert measured["p95_words"].tolist() == ["1 min 10 s"]
    assert measured["samples"].tolist() == [2]
    rest = data[data["samples"] == 0]
    assert rest["p50"].isna().all()
    assert set(rest["p50_words"]) == {"–"}


@pytest.mark.parametrize(
    ("seconds", "unit", "drawn"),
    [(0, "ms", 0), (4.999, "ms", 4999), (5, "s", 5), (299, "s", 299), (300, "min", 5)],
)
def test_an_axis_has_the_unit_that_its_largest_value_suits(
    tmp_path: Path, seconds: float, unit: str, drawn: float
) -> None:
    done = row("a", "completed", created=0, started=10, finished=10 + seconds)
    chart = charts.latency_chart(snapshot_of(tmp_path, [done]), "time_to_complete_ms")
    assert chart.data["p95"].max() == drawn
    axis = chart.spec["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == f"datum.label + ' {unit}'"


def test_a_partial_bin_is_marked_and_in_no_sparkline(tmp_path: Path) -> None:
    window = Window.ending(at(3_630), minutes=60)
    half = snapshot_of(tmp_path, ROWS, window)
    data = charts.ended_chart(half).data
    assert data[data["partial"]].index.tolist() == [0, 60]
    assert data["bin"].iloc[0].endswith("(partial)")
    assert len(charts.sparkline(half, "completed")) == 59
    opacity = charts.ended_chart(half).spec["layer"][0]["encoding"]["opacity"]
    assert opacity["condition"] == {"test": "datum.partial", "value": 0.45}


def test_a_source_that_does_not_know_when_tasks_were_created_has_no_such_line(
    tmp_path: Path,
) -> None:
    source = sqlite_source(tmp_path, [row("a", "completed", finished=60)])
    chart = charts.ended_chart(take_snapshot(source, HOUR))
    assert "created" not in chart.data
    assert "created" not in line_fields(chart.spec)
    assert "created" not in chart.alt


def test_every_axis_of_time_is_in_utc(snapshot: Snapshot) -> None:
    for chart in every_chart(snapshot):
        scales = [
            layer["encoding"]["x"]["scale"]["type"]
            for layer in chart.spec["layer"]
            if "x" in layer["encoding"]
        ]
        assert set(scales) == {"utc"}
        assert {str(chart.data[name].dt.tz) for name in ("from", "to", "middle")} == {"UTC"}


def test_a_specification_carries_no_data_and_is_made_once(snapshot: Snapshot) -> None:
    for first, second in zip(every_chart(snapshot), every_chart(snapshot), strict=True):
        assert first.spec is second.spec
        assert set(first.spec) == {"height", "layer"}
        assert all("data" not in layer for layer in first.spec["layer"])


def test_drawing_does_not_change_a_specification(snapshot: Snapshot) -> None:
    for chart in every_chart(snapshot):
        before = copy.deepcopy(chart.spec)
        st.vega_lite_chart(chart.data, chart.spec, alt=chart.alt)
        assert chart.spec == before


def test_a_chart_says_in_words_what_it_shows(snapshot: Snapshot) -> None:
    ended, opened, _, complete = every_chart(snapshot)
    assert ended.alt == "6 created, 2 completed, 1 cancelled, 1 failed"
    assert opened.alt == "1 processing, 1 queued at 11:00:00 UTC"
    assert complete.alt == "p50 1 min 10 s, p95 1 min 10 s of 2 completed tasks"


def test_an_empty_snapshot_draws_zeros_and_gaps(tmp_path: Path) -> None:
    empty = snapshot_of(tmp_path, [], Window.ending(TEN, minutes=1))
    ended, opened, processing, complete = every_chart(empty)
    assert ended.data[["created", "completed", "failed", "cancelled"]].to_numpy().sum() == 0
    assert opened.data[["queued", "processing"]].to_numpy().sum() == 0
    for chart in (processing, complete):
        assert pd.isna(chart.data["p95"]).all()


def test_each_status_has_one_colour_of_its_own() -> None:
    statuses = ("completed", "failed", "cancelled", "processing", "queued")
    assert [COLOURS[status] for status in statuses] == [
        "#009E73",
        "#D55E00",
        "#999999",
        "#0072B2",
        "#56B4E9",
    ]


def every_chart(snapshot: Snapshot) -> list[charts.Chart]:
    return [
        charts.ended_chart(snapshot),
        charts.open_chart(snapshot),
        charts.latency_chart(snapshot, "time_to_processing_ms"),
        charts.latency_chart(snapshot, "time_to_complete_ms"),
    ]
