"""The tour, 10: a snapshot is frozen, found, and drawn as it was while its database is away."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from metrics_core import load_sources, verified
from metrics_core.archive_verify import verify_archive
from tests.browser.conftest import servers
from tests.browser.tour.accessibility import grave_faults
from tests.browser.tour.conftest import SLOW, TICK, Stand, Tour, watched

VIEW = "/?every=off"
WHY, INCIDENT = "the queue burns", "OPS-4711"
COUNTS = {
    "tiles": 6,
    "sparks": 7,
    "charts": 4,
    "paths": 4,
    "labels": 4,
    "tables": 1,
    "grids": 1,
    "errors": 1,
    "headings": 6,
    "findings": 0,
}
NOT_FAINT = """() => [...document.querySelectorAll('[data-testid=stElementContainer]')].every(
    element => getComputedStyle(element).opacity === '1')"""
ELEMENTS = """() => {
    const texts = selector => [...document.querySelectorAll(selector)].map(e => e.innerText);
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    const marks = chart => [...chart.querySelectorAll('svg .mark-group, svg g[class*=mark]')]
        .map(g => [g.getAttribute('class'), g.children.length]);
    const grids = [...document.querySelectorAll('table[role=grid]')];
    return {
        tiles: texts('.sf-tile'),
        sparks: [...document.querySelectorAll('.spark')].map(e => e.getAttribute('style')),
        charts: charts.map(chart => [chart.getAttribute('aria-label'), marks(chart)]),
        paths: charts.map(chart =>
            [...chart.querySelectorAll('svg path')].map(path => path.getAttribute('d'))),
        labels: charts.map(chart =>
            [...chart.querySelectorAll('svg text')].map(text => text.textContent)),
        tables: texts('.sf table'),
        grids: grids.map(grid => [...grid.querySelectorAll('td, th')].map(e => e.innerText)),
        errors: texts('.sf-error'),
        headings: texts('.sf h2').filter(text => !text.includes('Tasks behind')
            && !text.startsWith('By ')),
        findings: texts('.st-key-quality'),
    };
}"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A small table of tasks, and an archive beside it."""
    env = {**TICK, "STILLFRAME_ARCHIVE": "archive.db"}
    with servers(lambda: tmp_path_factory.mktemp("kept")) as start:
        server = start(env=env)
        folder = server.log.parent
        sources = load_sources(folder / "stillframe.toml")
        yield Stand(server=server, folder=folder, made_at=datetime.now(UTC), sources=sources)


@pytest.fixture
def tour(kept: Stand, viewer: BrowserContext) -> Iterator[Tour]:
    with watched(viewer, kept) as tour:
        yield tour


@contextmanager
def stopped(database: Path) -> Iterator[None]:
    """The database cannot be reached."""
    aside = database.rename(database.with_suffix(".stopped"))
    try:
        yield
    finally:
        aside.rename(database)


def elements(tour: Tour) -> dict[str, Any]:
    """What can be seen of the figures, element by element, all of them in sight at once."""
    tour.page.set_viewport_size({"width": 1280, "height": 6000})
    tour.settle()
    expect(tour.page.locator("table[role=grid]").first).to_be_attached(timeout=SLOW)
    found: dict[str, Any] = tour.page.evaluate(ELEMENTS)
    tour.page.set_viewport_size({"width": 1280, "height": 720})
    return found


def freeze(tour: Tour) -> str:
    """Freeze what is on the screen; the address of it, as the dialog gives it to be copied."""
    tour.page.get_by_role("button", name="Freeze", exact=True).press("Enter")
    dialog = tour.page.get_by_role("dialog")
    dialog.get_by_label("Why").fill(WHY)
    dialog.get_by_label("Incident").fill(INCIDENT)
    dialog.get_by_role("button", name="Freeze it").press("Enter")
    expect(dialog).to_contain_text("It is on the disk.", timeout=SLOW)
    assert grave_faults(tour.page) == []
    address = dialog.get_by_test_id("stCode").inner_text().replace("\n", "")
    tour.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    return address


def test_a_frozen_snapshot_is_drawn_as_it_was_with_its_database_stopped(tour: Tour) -> None:
    tour.open(VIEW)
    live, shown = elements(tour), tour.page.locator(".st-key-header code").inner_text()
    address = freeze(tour)
    assert address.startswith(f"{tour.stand.server.url}/?snapshot={shown}&document=")
    with stopped(tour.stand.folder / "tasks.db"):
        tour.page.goto(address)
        tour.settle()
        still = elements(tour)
        for part, seen in live.items():
            assert still[part] == seen, part
        assert {part: len(seen) for part, seen in live.items()} == COUNTS
        assert all(marks for _, marks in live["charts"])
        assert all(live["paths"])
        expect(tour.page.locator(".sf-badge").nth(0)).to_contain_text("FROZEN")
        expect(tour.page.locator(".sf-badge").nth(1)).to_have_text("✓VERIFIED")
        tour.brush("Tasks ended", 0.2, 0.4)
        way = tour.page.get_by_role("link", name="Read that stretch alone from the database")
        expect(way).to_have_attribute("href", re.compile(r"^\?source=tasks&minutes="), timeout=SLOW)
        tour.page.get_by_role("button", name="Recent failures").click()
        expect(tour.page.get_by_text("Not archived: a snapshot keeps figures")).to_be_visible()
        # What is below the list is faint until it is drawn anew.
        tour.page.wait_for_function(NOT_FAINT)
        assert grave_faults(tour.page) == []


def test_the_archive_finds_it_by_its_id_and_compares_it_with_another(tour: Tour) -> None:
    tour.open(VIEW)
    tour.downloaded()
    tour.open(VIEW)
    shown = tour.page.locator(".st-key-header code").inner_text()
    freeze(tour)
    tour.page.get_by_role("button", name="Archive", exact=True).press("Enter")
    field = tour.page.get_by_label("requestId, or a line that names it")
    field.fill(f"[METRICS] at=x level=info requestId={shown} source=tasks")
    field.press("Enter")
    entries = tour.page.locator(".sf-archive > li")
    expect(entries).to_have_count(1, timeout=SLOW)
    expect(entries).to_contain_text("frozen on the page by Ada (self-declared)", ignore_case=True)
    expect(entries).to_contain_text(f"Incident {INCIDENT}. Why: {WHY}")
    assert grave_faults(tour.page) == []
    entries.get_by_role("link", name="Compare").click()
    expect(tour.page.get_by_text("To compare with")).to_contain_text(shown, timeout=SLOW)
    tour.page.get_by_role("link", name="Compare with this").first.click()
    tour.settle()
    expect(tour.heading("What changed")).to_be_visible()
    with tour.page.expect_download() as download:
        tour.page.get_by_role("link", name="Evidence ZIP of both").click()
    assert download.value.suggested_filename.endswith(".zip")
    assert verify_archive(tour.stand.folder / "archive.db").snapshots >= 2
    tour.page.get_by_role("link", name="Live figures").click()
    tour.settle()
    expect(tour.page.locator(".sf-badge:visible")).to_have_text("●LIVE")


def test_a_download_that_cannot_be_archived_is_told_on_the_page(tour: Tour) -> None:
    tour.open(VIEW.replace("off", "2"))
    archive = tour.stand.folder / "archive.db"
    saved = archive.read_bytes() if archive.exists() else None
    archive.unlink(missing_ok=True)
    archive.mkdir()
    try:
        document = tour.downloaded()
        told = tour.page.locator(".not-archived")
        expect(told).to_contain_text(f"Not archived: the download of {document.request_id}")
    finally:
        archive.rmdir()
        if saved is not None:
            archive.write_bytes(saved)
    verified(document.to_json().encode())
    tour.downloaded()
    expect(told).to_have_count(0, timeout=SLOW)


def test_a_dropped_file_is_drawn_and_one_changed_figure_is_told_loudly(tour: Tour) -> None:
    tour.open(VIEW)
    text = tour.downloaded().to_json()
    tour.page.goto(f"{tour.stand.server.url}/?view=file")
    drop = tour.page.locator("input[type=file]")
    drop.wait_for(state="attached", timeout=SLOW)
    assert grave_faults(tour.page) == []
    drop.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": b"{}"})
    refusal = tour.page.get_by_role("alert").filter(has_text="a.json")
    expect(refusal).to_contain_text("a.json is not a Stillframe snapshot: ", timeout=SLOW)
    _drop(tour, b" " * 9_000_000)
    expect(tour.page.get_by_text("File must be 8.0MB or smaller")).to_be_visible(timeout=SLOW)
    _drop(tour, text.encode())
    expect(tour.page.locator(".sf-badge").nth(1)).to_have_text("✓VERIFIED", timeout=SLOW)
    tour.settle()
    assert grave_faults(tour.page) == []
    document = json.loads(text)
    document["tasks"]["failed"] += 1
    _drop(tour, json.dumps(document, indent=2).encode())
    alert = tour.page.get_by_role("alert").filter(has_text="NOT VERIFIED")
    expect(alert).to_contain_text(
        "What was measured was changed: digest.content does not fit it.", timeout=SLOW
    )
    assert tour.value("failed") == f"{document['tasks']['failed']:,}"


def _drop(tour: Tour, data: bytes) -> None:
    file: Any = {"name": "snapshot.json", "mimeType": "application/json", "buffer": data}
    tour.page.locator("input[type=file]").set_input_files(file)
