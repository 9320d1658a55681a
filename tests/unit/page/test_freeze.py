"""Freeze: what the screen showed goes into the archive, with who and why; or why it does not."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from metrics_core import Archive
from metrics_core.archive_record import Entry
from tests.unit.page.conftest import OpenPage, drawn, press, recent, settings_of, text_of


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive.db")


@pytest.fixture
def tab(open_page: OpenPage, tmp_path: Path, archive: Archive) -> AppTest:
    settings = settings_of(tmp_path, recent("f", "failed", ago=60))
    return open_page(settings, name="Ada", archive=archive.path)


def submit(tab: AppTest, label: str = "Freeze it") -> AppTest:
    (button,) = [each for each in tab.button if each.label == label]
    return button.click().run()


def frozen(tab: AppTest, why: str = "", incident: str = "") -> AppTest:
    press(tab, "freeze")
    tab.text_area(key="freeze-why").set_value(why)
    tab.text_input(key="freeze-incident").set_value(incident)
    return submit(tab)


def only(archive: Archive) -> Entry:
    (entry,) = archive.page().entries
    return entry


def test_what_was_on_the_screen_is_archived_with_who_and_why(
    tab: AppTest, archive: Archive
) -> None:
    before = drawn(tab)
    frozen(tab, " queue burns ", "OPS-4711")
    entry = only(archive)
    assert archive.text(entry.document) == before.to_json().encode()
    assert (entry.reason, entry.actor, entry.self_declared) == ("freeze", "Ada", True)
    assert (entry.note, entry.incident) == ("queue burns", "OPS-4711")
    assert entry.metrics_line is not None
    assert f"document={before.digest.document}" in entry.metrics_line
    text = text_of(tab)
    assert f"<b>Archived</b> as record 1, {entry.archived_at:%-d %b %Y %H:%M:%S} UTC." in text
    address = f"?snapshot={before.request_id}&document={before.digest.document}"
    assert f'<a href="{address}" target="_self">Open it</a>' in text
    assert [code.value for code in tab.code if address in code.value]
    assert entry.hash in text


def test_who_a_trusted_proxy_told_is_not_self_declared(tab: AppTest, archive: Archive) -> None:
    tab.user = {**tab.user, "told_by_proxy": "yes"}
    press(tab, "freeze")
    assert "(as your proxy tells)" in text_of(tab)
    submit(tab)
    assert (only(archive).actor, only(archive).self_declared) == ("Ada", False)


def test_who_gave_no_name_is_asked_for_one(
    open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    tab = open_page(settings_of(tmp_path), archive=archive.path)
    press(tab, "freeze")
    tab.text_input(key="freeze-name").set_value(" Bob\n")
    submit(tab)
    assert (only(archive).actor, only(archive).self_declared) == ("Bob", True)


def test_a_screen_without_a_name_and_a_reason_can_be_frozen(
    open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    tab = open_page(settings_of(tmp_path), archive=archive.path)
    submit(press(tab, "freeze"))
    entry = only(archive)
    assert (entry.actor, entry.note, entry.incident) == (None, None, None)


def test_to_freeze_it_again_stores_nothing_and_says_so(tab: AppTest, archive: Archive) -> None:
    pinned = runtime.recall(drawn(tab).request_id)
    assert pinned is not None
    frozen(tab, "first")
    tab.session_state["freeze-pressed"] = pinned.request_id
    del tab.session_state["freeze-outcome"]
    tab.run()
    tab.text_area(key="freeze-why").set_value("second")
    submit(tab)
    assert only(archive).note == "first"
    assert "<b>It was archived already</b>, as record 1, since " in text_of(tab)
    assert "What you wrote now is not kept with it." in text_of(tab)


def test_an_archive_that_cannot_be_written_is_said_and_tried_again(
    open_page: OpenPage, tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    tab = open_page(settings_of(tmp_path), archive=folder / "archive.db")
    frozen(tab, "why")
    assert f"<b>Not archived: </b>the archive {folder / 'archive.db'} cannot be made" in text_of(
        tab
    )
    assert "<b>Archived</b>" not in text_of(tab)
    folder.mkdir()
    press(tab, "freeze-again")
    submit(tab)
    assert "<b>Archived</b> as record 1" in text_of(tab)


def test_a_note_that_no_archive_takes_is_said(tab: AppTest, archive: Archive) -> None:
    frozen(tab, "a\0b")
    assert "<b>Not archived: </b>the note is longer than 2000 characters, or holds" in text_of(tab)
    assert not archive.path.exists() or not archive.page().entries


def test_without_an_archive_the_button_says_how_to_get_one(
    open_page: OpenPage, tmp_path: Path
) -> None:
    tab = open_page(settings_of(tmp_path))
    press(tab, "freeze")
    assert "Not archived: no archive is set." in text_of(tab)
    assert "STILLFRAME_ARCHIVE=/var/lib/stillframe/archive.db" in [c.value for c in tab.code]
    assert not [each for each in tab.button if each.label == "Freeze it"]


def test_without_figures_there_is_nothing_to_freeze(
    open_page: OpenPage, tmp_path: Path, archive: Archive
) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "tasks.db").unlink()
    tab = open_page(settings, archive=archive.path)
    press(tab, "freeze")
    assert "There are no figures on the screen to freeze." in text_of(tab)


def test_a_redacted_download_names_what_is_left_out(tab: AppTest) -> None:
    request_id = drawn(tab).request_id
    press(tab, "redact")
    (names,) = tab.multiselect
    assert names.options[0] == "values of queue"
    names.set_value(["queue", "error"]).run()
    link = f'href="snapshots/{request_id}?redact=queue%2Cerror" download'
    assert link in text_of(tab)
