"""The archive on the page: searched, one page after the other, each entry a way on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from metrics_core import Archive, Deposit
from metrics_core.archive_record import Reason
from metrics_core.evidence import Viewer
from tests.archived import small_snapshot
from tests.unit.page.conftest import OpenPage, press, settings_of, text_of

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)


def deposit(reason: Reason = "freeze", actor: str = "Ada", note: str | None = None) -> Deposit:
    line = "[METRICS] requestId=req_0 source=tasks"
    viewer = Viewer(name=actor, self_declared=True)
    return Deposit(reason=reason, actor=viewer, note=note, incident="OPS-1", metrics_line=line)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Sixty snapshots: req_0 to req_59, req_1 with a note and by Bob."""
    folder = tmp_path / "small"
    folder.mkdir()
    snapshot, archive = small_snapshot(folder), Archive(tmp_path / "archive.db")
    for n in range(60):
        told = deposit("download", "Bob", "<b>burning</b>") if n == 1 else deposit()
        archive.append(snapshot.answering(f"req_{n}"), told, now=NOON + timedelta(minutes=n))
    return archive


@pytest.fixture
def tab(open_page: OpenPage, tmp_path: Path, archive: Archive) -> AppTest:
    return open_page(settings_of(tmp_path), archive=archive.path, view="archive")


def listed(tab: AppTest) -> list[str]:
    """The requestIds, from top to bottom."""
    body = next(each for each in text_of(tab).splitlines() if "sf-archive" in each)
    return [part.split("<")[0] for part in body.split("<code><bdi>")[1:]]


def search(tab: AppTest, **values: Any) -> AppTest:
    for name, value in values.items():
        widgets = tab.datetime_input if name in ("since", "until") else tab.text_input
        widgets(key=f"archive-{name}").set_value(value)
    (button,) = [each for each in tab.button if each.label == "Search"]
    return button.click().run()


def test_the_newest_come_first_and_older_ones_a_page_on(tab: AppTest) -> None:
    assert listed(tab) == [f"req_{n}" for n in range(59, 9, -1)]
    assert '<a href="?view=archive&before=11" target="_self">Older</a>' in text_of(tab)
    tab.query_params["before"] = "11"
    tab.run()
    assert listed(tab) == [f"req_{n}" for n in range(9, -1, -1)]
    assert ">Newest</a>" in text_of(tab)
    assert ">Older</a>" not in text_of(tab)


def test_an_entry_says_who_and_why_and_leads_to_its_snapshot(
    tab: AppTest, archive: Archive
) -> None:
    search(tab, id="req_1 ")
    assert tab.query_params["id"] == "req_1"
    document = archive.entries_of("req_1")[0].document
    text = text_of(tab)
    assert f'<a href="?snapshot=req_1&document={document}" target="_self"><code>' in text
    assert "Downloaded from the page by <bdi>Bob</bdi> (self-declared). Incident <b>" in text
    assert "Why: <bdi><b>burning</b></bdi>" in text
    assert "<bdi>[METRICS] requestId=req_0 source=tasks</bdi>" in text
    assert f"archive/evidence.zip?of={document}" in text


def test_each_field_of_the_form_limits_the_list(tab: AppTest) -> None:
    assert listed(search(tab, actor="Bob")) == ["req_1"]
    assert listed(search(tab, actor="", note="BURN")) == ["req_1"]
    assert "No archived snapshot fits" in text_of(search(tab, note="", source="other"))
    assert len(listed(search(tab, source="tasks"))) == 50
    late = datetime(2026, 1, 30, 10, 1, tzinfo=UTC).replace(tzinfo=None)
    assert "No archived snapshot fits" in text_of(search(tab, since=late))
    assert tab.query_params["since"] == "2026-01-30T10:01:00Z"
    assert len(listed(press(tab, "clear-search"))) == 50
    assert dict(tab.query_params) == {"view": "archive"}


def test_a_pasted_line_of_the_log_finds_its_snapshot(tab: AppTest) -> None:
    search(tab, id="[METRICS] at=2026-01-30T12:00:00Z level=info requestId=req_42 source=tasks")
    assert listed(tab) == ["req_42"]


def test_a_pasted_digest_finds_its_document(tab: AppTest, archive: Archive) -> None:
    search(tab, id=archive.entries_of("req_7")[0].document)
    assert listed(tab) == ["req_7"]
    assert "No archived snapshot fits" in text_of(search(tab, id="0" * 64))


def test_a_search_that_finds_nothing_is_said(tab: AppTest) -> None:
    search(tab, id="req_none")
    assert "No archived snapshot fits this search." in text_of(tab)
    assert not tab.exception


def test_two_are_chosen_for_a_comparison_the_earlier_window_first(
    tab: AppTest, archive: Archive
) -> None:
    first, second = (archive.entries_of(name)[0].document for name in ("req_30", "req_31"))
    link = f'<a href="?view=archive&source=tasks&compare={first}" target="_self">Compare</a>'
    assert link in text_of(tab)
    tab.query_params["compare"] = second
    search(tab, id="req_30")
    text = text_of(tab)
    assert "To compare with <code><bdi>req_31</bdi></code>" in text
    link = f"?snapshot=req_31&document={second}&compare={first}"
    assert f'<a href="{link}" target="_self">Compare with this</a>' in text


def test_an_archive_without_a_file_says_what_to_do(open_page: OpenPage, tmp_path: Path) -> None:
    tab = open_page(settings_of(tmp_path), archive=tmp_path / "a.db", view="archive")
    assert "Nothing was archived yet." in text_of(tab)
    assert "Freeze a live snapshot or download one, and it will be here." in text_of(tab)


def test_without_an_archive_the_list_says_how_to_get_one(
    open_page: OpenPage, tmp_path: Path
) -> None:
    tab = open_page(settings_of(tmp_path), view="archive")
    assert "Nothing is archived here: no archive is set." in text_of(tab)


def test_a_file_that_is_no_archive_is_one_line(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no archive")
    tab = open_page(settings_of(tmp_path), archive=tmp_path / "a.db", view="archive")
    assert "The archive cannot be read:" in text_of(tab)
    assert not tab.exception


def test_the_top_bar_leads_to_the_archive_and_back(open_page: OpenPage, tmp_path: Path) -> None:
    tab = open_page(settings_of(tmp_path))
    press(tab, "to-archive")
    assert dict(tab.query_params) == {"view": "archive"}
    press(tab, "to-open-a-file")
    assert dict(tab.query_params) == {"view": "file"}
    press(tab, "to-live")
    assert dict(tab.query_params) == {"source": "tasks"}
