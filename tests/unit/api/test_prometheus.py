"""GET /metrics: Prometheus reads what the snapshot says; what was not measured is absent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.front import front
from dashboard.settings import settings_with_password
from tests.builders import row, sqlite_source
from tests.unit.api.conftest import PASSWORD, RIGHT, SECRET

Samples = dict[tuple[str, ...], float]
CONFIG = """
[sources.tasks]
url = "{url}"
sql = \"\"\"{sql}\"\"\"
lacks = ["started_at"]
[sources.gone]
url = "sqlite:///{folder}/absent.db"
sql = "SELECT id, status, created_at FROM tasks"
"""


def samples(text: str, name: str) -> Samples:
    """The samples of one metric, by the values of their labels, the source first."""
    return {
        tuple(sorted(sample.labels.values(), key=sample.labels["source"].__ne__)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of one source with a queue, and one whose database is gone."""
    monkeypatch.setattr(runtime._Process, "runtime", None)
    now = datetime.now(UTC)
    ago = {name: now - timedelta(seconds=s) for name, s in (("old", 600), ("new", 60))}
    rows = [
        {**row("a", "queued"), "created_at": ago["old"]},
        {**row("b", "failed", error='E_X: "\\quoted"'), "created_at": ago["old"],
         "finished_at": ago["new"]},
        {**row("c", "completed"), "created_at": ago["old"], "finished_at": ago["new"]},
        {**row("d", "completed"), "created_at": ago["old"], "finished_at": ago["new"]},
    ]  # fmt: skip
    source = sqlite_source(tmp_path, rows)
    config = tmp_path / "stillframe.toml"
    config.write_text(CONFIG.format(url=source.url, sql=source.sql, folder=tmp_path))
    settings = replace(settings_with_password(PASSWORD, config=config), admin_secret=SECRET)
    held = runtime.start(settings)
    client = TestClient(Starlette(routes=routes(), middleware=front(held)))
    response = client.get("/metrics", headers=RIGHT)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return response.text


def test_flows_and_states_are_those_of_the_snapshot(answer: str) -> None:
    flows = samples(answer, "stillframe_window_tasks")
    assert flows == {
        ("tasks", "created"): 4,
        ("tasks", "completed"): 2,
        ("tasks", "failed"): 1,
        ("tasks", "cancelled"): 0,
    }
    assert samples(answer, "stillframe_tasks")["tasks", "queued"] == 1
    assert samples(answer, "stillframe_failure_rate") == {("tasks",): 0.333333}


def test_the_age_of_the_backlog_is_in_seconds(answer: str) -> None:
    age = samples(answer, "stillframe_backlog_oldest_age_seconds")["tasks", "queued"]
    assert 590 <= age <= 660


def test_what_was_not_measured_is_absent(answer: str) -> None:
    assert samples(answer, "stillframe_latency_seconds") == {}
    assert "NaN" not in answer
    assert not any(labels[0] == "gone" for labels in samples(answer, "stillframe_tasks"))


def test_a_source_out_of_reach_is_down_and_hides_no_other(answer: str) -> None:
    assert samples(answer, "stillframe_up") == {("tasks",): 1, ("gone",): 0}


def test_error_codes_are_labels(answer: str) -> None:
    assert samples(answer, "stillframe_top_errors") == {("tasks", "E_X"): 1}


@pytest.mark.parametrize("version", ["abc", "1.x", "2.x", "", "é"])
def test_a_version_that_is_no_number_is_answered_as_none_at_all(
    client: TestClient, version: str
) -> None:
    accept = f"application/openmetrics-text; version={version}".encode("latin-1")
    headers = {b"X-Admin-Secret": SECRET.encode(), b"Accept": accept}
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert samples(answer.text, "stillframe_up") == {("tasks",): 1}


def test_open_metrics_is_told_to_who_asks_for_it(client: TestClient) -> None:
    accept = "application/openmetrics-text; version=1.0.0, text/plain; q=0.5"
    answer = client.get("/metrics", headers={**RIGHT, "Accept": accept})
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text.endswith("# EOF\n")
