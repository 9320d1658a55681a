"""A snapshot file that is dropped on the tab: its screens, and whether it is as it was sealed."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import wording
from metrics_core import Archive, Deposit, Snapshot
from tests.archived import NOON, some_snapshot
from tests.unit.page.conftest import OpenPage, settings_of, text_of, tiles_of


@pytest.fixture
def tab(open_page: OpenPage, tmp_path: Path) -> AppTest:
    return open_page(settings_of(tmp_path), archive=tmp_path / "archive.db", view="file")


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return some_snapshot()


def drop(tab: AppTest, data: bytes, name: str = "snapshot.json") -> AppTest:
    tab.file_uploader[0].set_value((name, data, "application/json"))
    tab.run()
    assert not tab.exception
    return tab


def test_its_figures_are_drawn_and_it_is_verified(tab: AppTest, snapshot: Snapshot) -> None:
    drop(tab, snapshot.to_json().encode())
    assert tiles_of(tab)["failed"] == "1"
    text = text_of(tab)
    assert "<b>FROZEN</b> in a file" in text
    assert "<b>VERIFIED. </b>Both digests were computed anew" in text
    assert "The archive here does not hold it" in text
    assert len(tab.get("vega_lite_chart")) == 2


def test_that_the_archive_holds_it_is_said(
    tab: AppTest, snapshot: Snapshot, tmp_path: Path
) -> None:
    Archive(tmp_path / "archive.db").append(snapshot, Deposit(reason="api"), now=NOON)
    drop(tab, snapshot.to_json().encode())
    assert "The archive here holds it as record 1, of 30 Jan 2026 12:00:00 UTC." in text_of(tab)


def test_one_changed_figure_is_not_verified_and_drawn(tab: AppTest, snapshot: Snapshot) -> None:
    document = json.loads(snapshot.to_json())
    document["tasks"]["failed"] = 7
    drop(tab, json.dumps(document, indent=2).encode())
    text = text_of(tab)
    assert "<b>NOT VERIFIED. </b>What was measured was changed: digest.content" in text
    assert "Do not rely on these figures." in text
    assert "<b>VERIFIED. </b>" not in text
    assert tiles_of(tab)["failed"] == "7"


def test_a_document_whose_header_cannot_be_drawn_is_still_not_verified(
    tab: AppTest, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "zone_named", lambda _: ZoneInfo("Asia/Tokyo"))
    document = json.loads(snapshot.to_json())
    document["window"]["to"] = "9999-12-31T23:59:59Z"
    drop(tab, json.dumps(document).encode())
    text = text_of(tab)
    assert "This part cannot be drawn" in text
    assert "<b>NOT VERIFIED. </b>" in text
    assert "Do not rely on these figures." in text


def test_parts_that_do_not_go_together_are_said_one_by_one(
    tab: AppTest, snapshot: Snapshot
) -> None:
    document = json.loads(snapshot.to_json())
    document["series"][0]["from"] = "0001-01-01T00:00:00Z"
    drop(tab, json.dumps(document).encode())
    text = text_of(tab)
    assert "This part cannot be drawn: the parts of this document do not go together." in text
    assert "Made by" in text


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"window": 1}', b"[" * 5_000, b"%PDF-1.7"]
)
def test_what_is_no_snapshot_is_one_clear_sentence(tab: AppTest, data: bytes) -> None:
    drop(tab, data, name="<b>.json")
    text = text_of(tab)
    assert "<bdi><b>.json</bdi></b> is not a Stillframe snapshot: " in text
    assert not tiles_of(tab)


def test_an_error_of_a_file_can_be_looked_into(tab: AppTest, snapshot: Snapshot) -> None:
    drop(tab, snapshot.to_json().encode())
    tab.pills[0].select(1).run()
    assert tab.query_params["view"] == "file"
    assert "error" in tab.query_params
    assert tab.pills[0].value == 1
