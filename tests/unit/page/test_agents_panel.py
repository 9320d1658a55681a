"""Agent runs: a source with cost opens with the overview that the API gives of the same window."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.front import front
from metrics_core.window import utc_text
from tests.builders import sqlite_source
from tests.unit.page.conftest import OpenPage, drawn, recent, text_of

SECRET = "correct-horse-battery-7"
COLUMNS = "id, status, created_at, started_at, finished_at, duration_ms, error, cost_usd, agent_id"
SETTINGS = """
[sources.runs]
url = "{url}"
sql = "SELECT {columns} FROM tasks"
dimensions = ["agent_id"]
"""


def runs() -> list[dict[str, object]]:
    done = [
        recent(f"d{i}", "completed", ago=60 * i + 30, duration_ms=1_000.5 * i, cost_usd=0.125 * i)
        for i in range(1, 8)
    ]
    failed = [
        recent(
            f"f{i}", "failed", ago=100 * i, duration_ms=500, cost_usd=0.5, error=f"CODE_{i % 2}: x"
        )
        for i in range(1, 4)
    ]
    return [*done, *failed, recent("open", "processing", ago=50, cost_usd=9.0)]


@pytest.fixture
def runs_page(open_page: OpenPage, tmp_path: Path) -> AppTest:
    source = sqlite_source(tmp_path, runs(), columns=COLUMNS)
    return open_page(SETTINGS.format(url=source.url, columns=COLUMNS), minutes="1440")


@pytest.fixture
def api(runs_page: AppTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    held = runtime.current()
    held = replace(held, settings=replace(held.settings, admin_secret=SECRET))
    monkeypatch.setattr(runtime._Process, "runtime", held)
    with TestClient(Starlette(routes=routes(), middleware=front(held))) as client:
        yield client


def first_row(page: AppTest) -> str:
    (row,) = re.findall(r"<h2>Runs .*?</ul>", text_of(page))
    return str(row)


def test_the_first_row_is_the_overview_of_the_api(runs_page: AppTest, api: TestClient) -> None:
    to = utc_text(drawn(runs_page).window.to)
    answer = api.get(
        "/v1/metrics/overview",
        params={"window_hours": "24", "to": to},
        headers={"X-Admin-Secret": SECRET},
    ).json()
    assert (answer["total_runs"], answer["failed_runs"], answer["success_rate"]) == (10, 3, 70.0)
    assert (answer["total_cost_usd"], answer["avg_latency_ms"]) == (5.0, 2_951.4)
    values = re.findall(
        r'class="label">(.*?)</div><div class="value">(.*?)</div>', first_row(runs_page)
    )
    assert values == [
        ("Runs", "10"),
        ("Success rate", "70 %"),
        ("Cost", "$5.00"),
        ("Mean latency", "2.9 s"),
    ]


def test_it_tells_its_window_its_refresh_and_the_last_failures(runs_page: AppTest) -> None:
    row = first_row(runs_page)
    assert re.search(r"of the 24 h, refreshed at \d\d:\d\d:\d\d UTC, and every 30 s", row)
    assert re.findall(r"<bdi>(CODE_\d)</bdi> <code class=\"id\"><bdi>(.*?)</bdi>", row) == [
        ("CODE_1", "f1"),
        ("CODE_0", "f2"),
    ]
    assert text_of(runs_page).index("<h2>Runs ") < text_of(runs_page).index("sf-tile created")
