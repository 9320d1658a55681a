"""The report's page: the figures of its snapshots, said so that they cannot be misread."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.markup import CONCEALED
from dashboard.report import Exhibit, Incident, read_exhibit, report_html
from metrics_core.errors import InvalidSnapshot, NotComparable
from metrics_core.evidence import Freshness, Viewer
from tests.builders import HOUR, row
from tests.exhibits import HOSTILE, altered, calm, exhibit, hostile

Read = Callable[[str], Any]


def test_the_figures_of_one_snapshot(burning_hour: Exhibit, read: Read) -> None:
    page = read(report_html(Incident.of(burning_hour)))
    assert page.tables["Tasks"] == [
        ["Created in the window", "151"],
        ["Completed in the window", "60"],
        ["Failed in the window", "90"],
        ["Cancelled in the window", "0"],
        ["Failure rate (n: completed + failed)", "60 % n 150"],
        ["Processing at its end", "0"],
        ["Queued at its end", "1"],
        ["Scheduled at its end", "0"],
    ]
    assert page.tables["Ledger: every task is counted once"] == [
        ["Open at the window's beginning", "0"],
        ["+ created", "151"],
        ["− completed", "60"],
        ["− failed", "90"],
        ["− cancelled", "0"],
        ["= open at the window's end", "1"],
        ["Difference", "0"],
    ]
    assert page.tables["Time to complete, of tasks that completed in the window"][:3] == [
        ["n (samples)", "60"],
        ["p50", "15 s 15,000 ms"],
        ["p95", "19 s 19,000 ms"],
    ]
    assert page.tables["What waits at the window's end"] == [
        ["Queued tasks", "1"],
        ["Age of the oldest queued task", "30 min 1,800,000 ms patient"],
        ["Processing tasks", "0"],
        ["Age of the oldest processing task", "none"],
    ]
    assert "The ledger balances ✓." in page.text


def test_the_errors_and_breakdowns_of_one_snapshot(burning_hour: Exhibit, read: Read) -> None:
    page = read(report_html(Incident.of(burning_hour)))
    _, first, second = page.tables["Error codes, the most frequent first"]
    assert first[0].startswith("E_DISKE_DISK: it brokeFrom 10:00:")
    assert (first[1:3], second[1:3]) == (["80", "88.9 %"], ["10", "11.1 %"])
    assert page.tables["By queue, the values with most tasks first"][1:] == [
        ["slow", "91", "0", "90", "100 %", "100 %", "60 %", "–", "–"],
        ["fast", "60", "60", "0", "0 %", "0 %", "40 %", "1 s", "19 s"],
    ]
    series = page.tables["Flow in each bin, open tasks at its end"]
    assert sum(int(cells[1]) for cells in series[2:]) == 151
    assert len(series) == 2 + len(burning_hour.snapshot.series)


def test_two_snapshots_stand_side_by_side(both: Incident, read: Read) -> None:
    page = read(report_html(both))
    assert page.tables["Tasks"][:5] == [
        ["", "Before", "After", "Change"],
        ["Created in the window", "50", "151", "+101"],
        ["Completed in the window", "40", "60", "+20 better"],
        ["Failed in the window", "10", "90", "+80 worse"],
        ["Cancelled in the window", "0", "0", "unchanged"],
    ]
    rate = "+40 percentage points worse"
    assert page.tables["Tasks"][5][1:] == ["20 % n 50", "60 % n 150", rate]
    errors = page.tables["Error codes, the most frequent first"]
    assert [cells[1:] for cells in errors[2:]] == [
        ["0", "", "", "80", "88.9 %", ""],
        ["10", "100 %", "", "10", "11.1 %", ""],
    ]
    assert both.comparison is not None
    for change in both.comparison.changes:
        assert change.text in page.text
    assert "E_DISK" in both.comparison.changes[0].text


def test_a_report_says_what_identifies_its_snapshots(burning_hour: Exhibit, read: Read) -> None:
    snapshot = burning_hour.snapshot.taken_by(Viewer(name="Ann <b>", self_declared=True))
    page = read(report_html(Incident.of(Exhibit.of(snapshot))))
    facts = dict(cells for cells in page.tables["What this is a report of"])
    assert facts["Taken by"] == "Ann <b> (self-declared)"
    assert facts["requestId"] == snapshot.request_id
    assert facts["content"] == snapshot.digest.content
    assert facts["document"] == snapshot.digest.document
    assert facts["Digests"] == "✓ verified when this report was made"
    assert "[2026-01-30T10:00:00Z, 2026-01-30T11:00:00Z)" in facts["Window (UTC)"]
    assert "NOT VERIFIED" not in page.text


def test_stale_figures_are_loudly_so(burning_hour: Exhibit, read: Read) -> None:
    since = HOUR.end - timedelta(minutes=3)
    freshness = Freshness(state="STALE", since=since, reason="The database <hangs>.")
    stale = burning_hour.snapshot.marked(freshness, request_id="req_stale")
    page = read(report_html(Incident.of(Exhibit.of(stale))))
    told = "its figures were STALE when it was taken and had been since 30 Jan 2026 10:57:00 UTC."
    assert told in page.text
    assert "Reason: The database <hangs>." in page.text
    assert dict(page.tables["What this is a report of"])["Freshness"] == "▲STALE"


def test_what_is_not_measurable_is_no_zero_and_no_empty_chart(tmp_path: Path, read: Read) -> None:
    rows = [row("a", "completed", started=10, finished=20)]
    lacking = exhibit(tmp_path, rows, columns="id, status, started_at, finished_at", dimensions=())
    page = read(report_html(Incident.of(lacking)))
    assert dict(page.tables["Tasks"])["Created in the window"] == "not measurable"
    assert "There is no ledger, since it is not measurable here." in page.text
    assert "Not measurable. The source has no created_at." in page.text
    assert "Errors: not measurable. The source has no error, and no error_code." in page.text


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"source": "other"}, "What was measured was changed: digest.content"),
        ({"requestId": "req_other"}, "The document was changed: digest.document"),
    ],
)
def test_an_altered_snapshot_is_not_verified(
    burning_hour: Exhibit, read: Read, members: dict[str, str], fault: str
) -> None:
    forged = read_exhibit(altered(burning_hour, **members))
    page = read(report_html(Incident.of(forged)))
    assert forged.faults[0].startswith(fault)
    assert page.text.index("NOT VERIFIED") < page.text.index("Incident report: ", 200)
    assert dict(page.tables["What this is a report of"])["Digests"] == "✕ NOT VERIFIED"


def test_the_same_document_in_other_bytes_is_not_verified(burning_hour: Exhibit) -> None:
    dense = json.dumps(json.loads(burning_hour.data)).encode()
    assert burning_hour.is_verified
    (fault,) = read_exhibit(dense).faults
    assert fault == "Line 1 is not as Stillframe writes it (blanks, order or number)."


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b"[]", b'{"source": "\\ud800"}'])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidSnapshot, match="not a Stillframe snapshot"):
        read_exhibit(data)


def test_unlike_snapshots_are_compared_by_force_only(tmp_path: Path, calm_hour: Exhibit) -> None:
    other = calm(tmp_path, name="other")
    with pytest.raises(NotComparable, match="their sources differ"):
        Incident.of(calm_hour, other)
    forced = Incident.of(calm_hour, other, force=True)
    assert "Compared although their sources differ (tasks and other)." in report_html(forced)


def test_hostile_texts_stay_texts(tmp_path: Path, read: Read) -> None:
    page = read(report_html(Incident.of(hostile(tmp_path))))
    assert page.tags.isdisjoint({"script", "img", "iframe", "link", "object", "a", "form"})
    assert all(not name.startswith("on") for name, _ in page.attributes)
    shown = page.text.replace("\r\n", "\n")
    for text in HOSTILE:
        assert shown.count(text.translate(CONCEALED).replace("\r\n", "\n")) >= 6


def test_a_page_needs_nothing_beside_itself(both: Incident, read: Read) -> None:
    html = report_html(both)
    page = read(html)
    assert page.unclosed == []
    assert {name for name, _ in page.attributes}.isdisjoint({"href", "src", "srcset", "data"})
    assert "url(" not in html
    assert "@import" not in html
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("content", policy) in page.attributes


def test_parts_that_do_not_belong_together_are_told_apart(
    burning_hour: Exhibit, read: Read
) -> None:
    series = json.loads(burning_hour.data)["series"]
    with pytest.raises(InvalidSnapshot, match="its errors have not a count for each bin"):
        read_exhibit(altered(burning_hour, series=series[:7]))
    series[3]["timeToCompleteMs"]["buckets"] = {"x": 1}
    odd = read_exhibit(altered(burning_hour, series=series))
    page = read(report_html(Incident.of(odd)))
    assert len(page.tables["Flow in each bin, open tasks at its end"]) == 2 + len(series)
    with pytest.raises(InvalidSnapshot, match="do not belong together"):
        Incident.of(odd, burning_hour)
