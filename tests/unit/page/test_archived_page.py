"""An archived snapshot on the page: as it was taken, whatever became of its database."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from metrics_core import Archive, Deposit, Snapshot
from metrics_core.evidence import Viewer
from tests.unit.page.conftest import (
    OpenPage,
    Reads,
    drawn,
    press,
    recent,
    settings_of,
    text_of,
    tiles_of,
)

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
ADA = Deposit(
    reason="freeze",
    actor=Viewer(name="Ada <b>", self_declared=True),
    note="queue <i>burns</i>",
    incident="OPS-1",
    metrics_line="[METRICS] requestId=req_1",
)


def tasks() -> list[dict[str, object]]:
    rows = [recent(f"c{i}", "completed", ago=60 + i, queue="q1") for i in range(5)]
    rows += [recent("f", "failed", ago=90, error="E_ONE: <no> luck", queue="q2")]
    return rows


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive.db")


@pytest.fixture
def live(open_page: OpenPage, tmp_path: Path, archive: Archive) -> AppTest:
    """A page whose snapshot was archived by Ada, and whose database is gone since."""
    page = open_page(settings_of(tmp_path, *tasks()), archive=archive.path)
    archive.append(drawn(page), ADA, now=NOON)
    (tmp_path / "tasks.db").unlink()
    return page


def opened(page: AppTest, **params: str) -> AppTest:
    """The same viewer at another address, in a new tab."""
    fresh = AppTest.from_file(page._script_path, default_timeout=20)
    fresh.user = page.user
    for name, value in params.items():
        fresh.query_params[name] = value
    fresh.run()
    assert not fresh.exception
    return fresh


def charts_of(page: AppTest) -> list[tuple[str, str]]:
    return [(chart.proto.alt, chart.proto.spec) for chart in page.get("vega_lite_chart")]


def frames_of(page: AppTest) -> list[str]:
    return [frame.value.to_csv() for frame in page.dataframe]


def test_the_same_figures_are_drawn_without_the_database(live: AppTest) -> None:
    snapshot = drawn(live)
    page = opened(live, snapshot=snapshot.request_id)
    assert tiles_of(page) == tiles_of(live)
    assert charts_of(page) == charts_of(live)
    assert len(charts_of(page)) == 4
    assert frames_of(page) == frames_of(live)
    texts = [text for text in text_of(live).splitlines() if "sf-error" in text]
    assert texts
    assert all(text in text_of(page) for text in texts)


def test_it_says_when_who_and_why_and_that_it_is_verified(live: AppTest) -> None:
    text = text_of(opened(live, snapshot=drawn(live).request_id))
    assert "<b>FROZEN</b><span> 30 Jan 2026 12:00:00 UTC by <bdi>Ada <b></bdi> (self-decl" in text
    assert "<b>VERIFIED</b>" in text
    assert "<bdi>queue <i>burns</i></bdi>" in text
    assert "<bdi>OPS-1</bdi>" in text
    assert f'href="archive/{drawn(live).digest.document}.json" download' in text


def test_the_controls_that_ask_the_database_are_away_and_links_lead_back(live: AppTest) -> None:
    page = opened(live, snapshot=drawn(live).request_id)
    assert not page.slider
    assert {button.label for button in page.button} >= {"Live", "Archive", "Open a file"}
    labels = {button.label for button in page.button}
    assert not labels & {"Now", "Freeze", "Pause", "Back 1 h"}
    text = text_of(page)
    assert '<a href="?source=tasks" target="_self">Live figures</a>' in text
    assert "This window as its rows are now</a>" in text
    press(page, "to-live")
    assert dict(page.query_params) == {"source": "tasks"}


def test_lists_of_tasks_say_that_they_are_not_archived(live: AppTest, reads: Reads) -> None:
    page = opened(live, snapshot=drawn(live).request_id)
    page.pills(key="task-lists").select("Recent failures").run()
    assert "Not archived: a snapshot keeps figures" in text_of(page)
    assert 'Tasks behind the figures <span class="quiet">not archived' in text_of(page)
    assert not [button for button in page.button if button.label == "Try again"]
    assert reads == []


def test_a_quiet_window_does_not_ask_for_the_last_task(
    open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    page = open_page(settings_of(tmp_path), archive=archive.path)
    archive.append(drawn(page), ADA, now=NOON)
    still = opened(page, snapshot=drawn(page).request_id)
    assert "When the last task was: not archived: a snapshot" in text_of(still)
    assert not [button for button in still.button if button.key == "last-task"]


def test_a_source_that_is_no_longer_configured_is_drawn_too(
    live: AppTest, open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    snapshot, tiles = drawn(live), tiles_of(live)
    page = open_page(
        settings_of(tmp_path, name="other"), archive=archive.path, snapshot=snapshot.request_id
    )
    assert tiles_of(page) == tiles
    assert "There is no source tasks here any more." in text_of(page)
    assert "Live figures</a>" not in text_of(page)


def test_an_error_is_looked_into_and_closed_again(live: AppTest) -> None:
    page = opened(live, snapshot=drawn(live).request_id)
    page.pills[0].select(1).run()
    assert page.query_params["error"] == "E_ONE"
    assert "<caption>By <bdi>queue</bdi></caption>" in text_of(page)
    assert page.query_params["snapshot"] == drawn(live).request_id


def test_one_request_id_may_name_several_the_newest_is_shown(
    live: AppTest, archive: Archive
) -> None:
    snapshot = drawn(live)
    taken = snapshot.taken_by(Viewer(name="Bob", self_declared=False))
    archive.append(taken, Deposit(reason="download"), now=NOON)
    page = opened(live, snapshot=snapshot.request_id)
    text = text_of(page)
    assert f"{snapshot.request_id} names 2 archived documents, all with the same figures" in text
    assert f'href="archive/{taken.digest.document}.json"' in text
    first = f"?snapshot={snapshot.request_id}&document={snapshot.digest.document}"
    assert f'<a href="{first}" target="_self">Record 1, ' in text
    page = opened(live, snapshot=snapshot.request_id, document=snapshot.digest.document)
    assert f'href="archive/{snapshot.digest.document}.json"' in text_of(page)


def test_a_document_that_was_altered_is_not_verified_loudly(
    live: AppTest, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = drawn(live)
    forged = json.loads(snapshot.to_json())
    forged["tasks"]["failed"] = 7
    text = Snapshot.from_json(json.dumps(forged)).to_json().encode()
    monkeypatch.setattr(Archive, "text", lambda self, document: text)
    page = opened(live, snapshot=snapshot.request_id)
    assert "<b>NOT VERIFIED. </b>What was measured was changed: digest.content" in text_of(page)
    assert "<b>VERIFIED</b>" not in text_of(page)
    assert tiles_of(page)["failed"] == "7"


def test_a_damaged_body_shows_its_record_and_no_figures(live: AppTest, archive: Archive) -> None:
    from tests.archived import forged

    with forged(archive.path) as connection:
        connection.execute("UPDATE body SET deflated = substr(deflated, 2)")
    page = opened(live, snapshot=drawn(live).request_id)
    text = text_of(page)
    assert "<b>NOT VERIFIED. </b>the body is not the one that the record seals." in text
    assert "<dd><bdi>queue <i>burns</i></bdi></dd>" in text
    assert not tiles_of(page)


def test_what_retention_gave_up_is_said(live: AppTest, archive: Archive) -> None:
    archive.prune(now=NOON, keep=0)
    page = opened(live, snapshot=drawn(live).request_id)
    assert "Its figures were given up by retention" in text_of(page)
    assert not tiles_of(page)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"snapshot": "req_none"}, "There is no snapshot req_none in the archive."),
        ({"snapshot": "a b"}, "that is no requestId"),
        ({"snapshot": "r", "minutes": "60"}, "which a snapshot that stands still does not have"),
        ({"view": "nothing"}, "view=“nothing”: it is archive or file"),
    ],
)
def test_an_address_without_a_snapshot_is_one_clear_line(
    live: AppTest, params: dict[str, str], said: str
) -> None:
    page = opened(live, **params)
    assert said in text_of(page)
    assert "Search the archive</a>" in text_of(page)
    assert not tiles_of(page)


def test_a_snapshot_that_is_still_in_memory_is_offered(open_page: OpenPage, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, *tasks())
    page = open_page(settings, archive=tmp_path / "archive.db")
    request_id = drawn(page).request_id
    Archive(tmp_path / "archive.db").append(
        drawn(page).answering("req_other"), Deposit(reason="api"), now=NOON
    )
    text = text_of(opened(page, snapshot=request_id))
    assert f'<a href="snapshots/{request_id}" download>Download it</a>' in text


def test_two_archived_ones_are_compared(live: AppTest, archive: Archive) -> None:
    snapshot = drawn(live)
    other = snapshot.answering("req_other")
    archive.append(other, Deposit(reason="api"), now=NOON)
    page = opened(live, snapshot="req_other", compare=snapshot.digest.document)
    text = text_of(page)
    assert "<h2>What changed" in text
    assert "Both snapshots hold the same figures." in text
    both = f"archive/report.html?of={other.digest.document}&before={snapshot.digest.document}"
    assert both in text
    assert "Stop comparing</a>" in text


def test_what_cannot_be_compared_says_why_and_is_drawn_alone(
    live: AppTest, open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    first = drawn(live)
    other = open_page(settings_of(tmp_path, *tasks(), name="other"), archive=archive.path)
    archive.append(drawn(other), ADA, now=NOON)
    page = opened(other, snapshot=drawn(other).request_id, compare=first.digest.document)
    assert "Nothing to compare with: these snapshots cannot be compared: their sources" in text_of(
        page
    )
    assert "report.html?of=" in text_of(page)
    assert "&before=" not in text_of(page)
    assert tiles_of(page) == tiles_of(other)


def test_one_is_compared_with_now(open_page: OpenPage, tmp_path: Path, archive: Archive) -> None:
    settings = settings_of(tmp_path, *tasks())
    page = open_page(settings, archive=archive.path)
    archive.append(drawn(page), ADA, now=NOON)
    link = f"?source=tasks&compare={drawn(page).digest.document}"
    still = opened(page, snapshot=drawn(page).request_id)
    assert f'<a href="{link}" target="_self">Compare with now</a>' in text_of(still)
    now = opened(page, source="tasks", compare=drawn(page).digest.document)
    assert "<h2>What changed" in text_of(now)
    (choice,) = [each for each in now.selectbox if each.label == "Compare with"]
    assert choice.value == "archived"
    choice.set_value("nothing").run()
    assert dict(now.query_params) == {"source": "tasks"}


def test_the_archive_of_the_comparison_may_lack_it(
    open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    page = open_page(settings_of(tmp_path, *tasks()), archive=archive.path, compare="ab" * 32)
    assert f"Nothing to compare with: there is no archive at {archive.path}" in text_of(page)
    assert tiles_of(page)["failed"] == "1"


def test_a_stale_snapshot_says_so_when_it_is_frozen(
    live: AppTest, archive: Archive, tmp_path: Path
) -> None:
    live.run()
    archive.append(drawn(live), ADA, now=NOON)
    assert drawn(live).provenance.freshness.state == "STALE"
    text = text_of(opened(live, snapshot=drawn(live).request_id))
    assert "<b>STALE</b> when it was taken" in text


def test_without_an_archive_the_address_says_how_to_get_one(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(settings_of(tmp_path), snapshot="req_1")
    assert "Nothing is archived here: no archive is set." in text_of(page)
    assert page.code[0].value == "STILLFRAME_ARCHIVE=/var/lib/stillframe/archive.db"
    assert runtime.current().settings.archive is None
