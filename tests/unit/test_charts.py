"""Charts: each is a function of what is shown, and of nothing else."""

import copy
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import altair as alt
import pandas as pd
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from dashboard import chart_tables, charts
from dashboard.chart_parts import Spec
from dashboard.chart_rows import narrow
from dashboard.palette import COLOURS
from dashboard.shown import Shown
from dashboard.view import View
from metrics_core import Snapshot, Window, take_snapshot
from tests.builders import HOUR, TEN, Row, at, row, sqlite_source

MINUTE = 60
HOURS = timedelta(hours=1)
ROWS = [
    row("a", "completed", created=60, started=90, finished=150.5),
    row("b", "completed", created=70, started=100, finished=170),
    row("c", "failed", created=80, started=100, finished=175),
    row("d", "cancelled", created=80, finished=200),
    row("e", "queued", created=3_000),
    row("f", "processing", created=3_000, started=3_010),
]


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    return shown_of(tmp_path, ROWS)


@pytest.fixture
def compared(tmp_path: Path) -> Shown:
    """The hour after eleven, in which nothing ended, compared with the hour of the rows."""
    later = Window.ending(TEN + 2 * HOURS, minutes=60)
    after = snapshot_of(tmp_path, ROWS, later)
    before = snapshot_of(tmp_path, ROWS)
    return Shown(view=View(source="tasks", minutes=60), snapshot=after, before=before)


def shown_of(tmp_path: Path, rows: list[dict[str, object]], window: Window = HOUR) -> Shown:
    snapshot = snapshot_of(tmp_path, rows, window)
    return Shown(view=View(source="tasks", minutes=60), snapshot=snapshot)


def snapshot_of(tmp_path: Path, rows: list[dict[str, object]], window: Window = HOUR) -> Snapshot:
    filled: list[Row] = [
        {**dict.fromkeys(("created_at", "started_at", "finished_at", "error")), **each}
        for each in rows
    ]
    columns = "id, status, created_at, started_at, finished_at, error"
    return take_snapshot(sqlite_source(tmp_path, filled, columns=columns), window)


def frame(chart: charts.Chart) -> pd.DataFrame:
    data: pd.DataFrame = chart.data.to_pandas()
    return data


def every_chart(shown: Shown) -> list[charts.Chart]:
    found = shown.snapshot.errors
    return [
        charts.ended_chart(shown),
        charts.open_chart(shown),
        charts.latency_chart(shown, "time_to_processing_ms"),
        charts.latency_chart(shown, "time_to_complete_ms"),
        *(charts.error_chart(shown, error) for error in (found.codes if found else ())),
    ]


def test_the_bars_are_the_snapshots_own_counts(shown: Shown) -> None:
    data = frame(charts.ended_chart(shown))
    assert len(data) == len(shown.snapshot.series) == 60
    third = data.iloc[2]
    assert (third["start"], third["end"]) == tuple(at(n * MINUTE).timestamp() for n in (2, 3))
    assert tuple(third[["completed", "failed", "cancelled", "created"]]) == (2, 1, 0, 0)
    for status in ("created", "completed", "failed", "cancelled"):
        assert data[status].sum() == getattr(shown.snapshot.tasks, status)


def test_open_tasks_are_drawn_at_each_bins_end(shown: Shown) -> None:
    data = frame(charts.open_chart(shown))
    assert tuple(data.iloc[-1][["queued", "processing"]]) == (1, 1)
    assert tuple(data.iloc[1][["queued", "processing"]]) == (1, 3)
    assert "scheduled" not in data


def test_states_that_only_some_sources_have_get_a_line_of_their_own(tmp_path: Path) -> None:
    chart = charts.open_chart(shown_of(tmp_path, [row("r", "retrying", created=5)]))
    assert frame(chart)["retrying"].tolist()[-1] == 1
    domain = chart.spec["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert domain == ["processing", "queued", "retrying"]


def test_where_nothing_was_measured_there_is_a_gap(shown: Shown) -> None:
    data = frame(charts.latency_chart(shown, "time_to_complete_ms"))
    measured = data[data["samples"] > 0]
    assert measured.index.tolist() == [2]
    assert measured[["p50", "p95", "p99"]].to_numpy().tolist() == [[70_000] * 3]
    assert measured["samples"].tolist() == [2]
    rest = data[data["samples"] == 0]
    assert rest[["p50", "p95", "p99"]].isna().all(axis=None)
    assert set(rest["cells"]) == {""}


def test_a_task_of_many_weeks_is_drawn_too(tmp_path: Path) -> None:
    weeks = row("w", "completed", created=-60 * 86_400, started=-50 * 86_400, finished=30)
    data = frame(charts.latency_chart(shown_of(tmp_path, [weeks]), "time_to_complete_ms"))
    assert data["p95"].max() == 1000 * (50 * 86_400 + 30)


def test_the_cells_of_the_heat_map_are_the_buckets_of_the_series(shown: Shown) -> None:
    data = frame(charts.latency_chart(shown, "time_to_complete_ms"))
    (measured,) = [p for p in shown.snapshot.series if p.time_to_complete_ms.samples]
    assert dict(measured.time_to_complete_ms.buckets) == {"50000": 2}
    assert data["cells"][2] == "14:2"


@given(some.dictionaries(some.integers(-1, 30), some.integers(1, 10**9), max_size=20))
def test_a_cells_index_tells_its_edges(counts: dict[int, int]) -> None:
    edges = {k: 0 if k < 0 else 10 ** (k // 3) * (1, 2, 5)[k % 3] for k in counts}
    text = charts.cells({str(edges[k]): count for k, count in counts.items()})
    read = dict(cell.split(":") for cell in text.split(" ") if cell)
    assert {int(k): int(count) for k, count in read.items()} == counts


@given(some.lists(some.integers(0, 2**63), max_size=5))
def test_the_narrow_type_of_counts_holds_them(counts: list[int]) -> None:
    type_, same = narrow(counts)
    assert same == counts
    assert all(count < 2**type_.bit_width for count in counts)
    assert type_.bit_width == 8 or max(counts) >= 2 ** (type_.bit_width // 2)


def test_what_is_compared_is_moved_onto_the_same_axis(compared: Shown) -> None:
    assert compared.before is not None
    for chart in every_chart(compared)[:4]:
        data = frame(chart)
        now, before = data[~data["before"]], data[data["before"]]
        assert now["start"].tolist() == before["start"].tolist()
        assert now["end"].iloc[-1] == (TEN + 2 * HOURS).timestamp()
    ended = frame(charts.ended_chart(compared))
    assert ended[ended["before"]]["completed"].sum() == compared.before.tasks.completed == 2
    assert ended[~ended["before"]]["completed"].sum() == 0


def test_only_a_comparison_has_lines_and_data_of_one(shown: Shown, compared: Shown) -> None:
    for alone, beside in zip(every_chart(shown)[:4], every_chart(compared)[:4], strict=True):
        assert "before" not in frame(alone)
        assert "datum.before" not in str(alone.spec)
        assert len(beside.spec["layer"]) == len(alone.spec["layer"]) + 1


def test_the_failures_of_a_code_are_its_bins_and_those_before(tmp_path: Path) -> None:
    error = {"error": "SOME_CODE: no luck"}
    rows = [row(f"f{n}", "failed", finished=n * MINUTE, **error) for n in (1, 1.5, 5, 61)]
    before = snapshot_of(tmp_path, rows)
    after = snapshot_of(tmp_path, rows, Window.ending(TEN + 2 * HOURS, minutes=60))
    shown = Shown(view=View(source="tasks", minutes=60), snapshot=after, before=before)
    assert after.errors is not None
    chart = charts.error_chart(shown, after.errors.codes[0])
    data = frame(chart)
    assert data[~data["before"]]["failed"].tolist() == [0, 1] + [0] * 58
    assert data[data["before"]]["failed"].tolist() == [0, 2, 0, 0, 0, 1] + [0] * 54
    assert chart.alt == "1 failure"
    table = chart_tables.error_table(shown, after.errors.codes[0])
    assert table["Failures"].tolist() == [0, 1] + [0] * 58


def test_a_partial_bin_is_marked_and_in_no_sparkline(tmp_path: Path) -> None:
    half = shown_of(tmp_path, ROWS, Window.ending(at(3_630), minutes=60))
    data = frame(charts.ended_chart(half))
    assert data[data["partial"]].index.tolist() == [0, 60]
    assert len(charts.sparkline(half.snapshot, "completed")) == 59
    for chart in every_chart(half):
        (hover,) = named(chart.spec)
        assert hover["mark"]["strokeDash"] == [3, 3]
        assert hover["encoding"]["strokeOpacity"]["condition"]["test"] == "datum.partial"


def named(spec: Spec) -> list[Spec]:
    """The layer that is hovered over and brushed."""
    return [layer for layer in spec["layer"] if "name" in layer]


def test_every_chart_is_brushed_along_its_time(shown: Shown) -> None:
    for chart in every_chart(shown):
        (brush,) = chart.spec["params"]
        assert brush["name"] == "zoom"
        assert brush["select"] == {
            "type": "interval",
            "encodings": ["x"],
            "translate": False,
            "zoom": False,
        }
        assert brush["views"] == [layer["name"] for layer in named(chart.spec)]


def test_a_source_that_does_not_know_when_tasks_were_created_has_no_such_line(
    tmp_path: Path,
) -> None:
    source = sqlite_source(tmp_path, [row("a", "completed", finished=60)])
    snapshot = take_snapshot(source, HOUR)
    chart = charts.ended_chart(Shown(view=View(source="tasks", minutes=60), snapshot=snapshot))
    assert "created" not in frame(chart)
    assert "created" not in str(chart.spec)
    assert "created" not in chart.alt


def test_times_are_moved_into_the_zone_that_is_shown(shown: Shown) -> None:
    there = Shown(view=shown.view, snapshot=shown.snapshot, zone=ZoneInfo("Asia/Kolkata"))
    assert charts.zone_words(shown) == "UTC"
    assert charts.zone_words(there) == "UTC+05:30"
    for here, moved in zip(every_chart(shown), every_chart(there), strict=True):
        assert (frame(moved)["start"] - frame(here)["start"]).unique().tolist() == [19_800]
        assert here.spec["encoding"]["x"]["scale"]["type"] == "utc"
        assert "' UTC+05:30'" in str(moved.spec)


def test_a_specification_is_valid_carries_no_data_and_is_made_once(compared: Shown) -> None:
    for first, second in zip(every_chart(compared), every_chart(compared), strict=True):
        assert first.spec is second.spec
        assert "'data'" not in str(first.spec)
        alt.Chart.from_dict({**first.spec, "data": {"name": "bins"}})


def test_drawing_does_not_change_a_specification(shown: Shown) -> None:
    for chart in every_chart(shown):
        before = copy.deepcopy(chart.spec)
        st.vega_lite_chart(chart.data, chart.spec, alt=chart.alt)
        assert chart.spec == before


def test_a_chart_says_in_words_what_it_shows(shown: Shown) -> None:
    ended, opened, _, complete = every_chart(shown)[:4]
    assert ended.alt == "6 created, 2 completed, 1 cancelled, 1 failed"
    assert opened.alt == "1 processing, 1 queued at 11:00:00 UTC"
    assert complete.alt == "p50 1 min 10 s, p95 1 min 10 s, p99 1 min 10 s of 2 completed tasks"


def test_an_empty_snapshot_draws_zeros_and_gaps(tmp_path: Path) -> None:
    empty = shown_of(tmp_path, [], Window.ending(TEN, minutes=1))
    ended, opened, processing, complete = every_chart(empty)
    assert frame(ended)[["created", "completed", "failed", "cancelled"]].to_numpy().sum() == 0
    assert frame(opened)[["queued", "processing"]].to_numpy().sum() == 0
    for chart in (processing, complete):
        assert frame(chart)["p95"].isna().all()


def test_the_table_behind_a_chart_holds_its_figures(shown: Shown, compared: Shown) -> None:
    counts = chart_tables.count_table(shown, ("completed", "failed"))
    third = counts.iloc[2].to_dict()
    assert third == {
        "Time (UTC)": "10:02:00 to 10:03:00, 30 Jan 2026",
        "Completed": 2,
        "Failed": 1,
    }
    assert chart_tables.count_table(compared, ("failed",))["Failed, before"].sum() == 1
    latency = chart_tables.latency_table(shown, "time_to_complete_ms").iloc[[2, 3]]
    assert latency["n"].tolist() == [2, 0]
    assert latency["p99"].tolist() == ["1 min 10 s", "–"]
    assert latency["Tasks by how long they took"].tolist() == ["50 s to 1 min 40 s: 2", "–"]


def test_each_status_has_one_colour_of_its_own() -> None:
    statuses = ("completed", "failed", "cancelled", "processing", "queued")
    assert [COLOURS[status] for status in statuses] == [
        "#009E73",
        "#D55E00",
        "#999999",
        "#0072B2",
        "#56B4E9",
    ]
