"""[METRICS] lines: those of the requestId, as they are, and no others."""

import json
import logging

import pytest

from dashboard.archive_stamp import NOT_STAMPED, Stamp
from dashboard.logs import LineFormatter
from dashboard.metrics_line import metrics_fields
from dashboard.report import Exhibit, Incident, report_html
from dashboard.report.metrics_lines import metrics_lines


def logged(exhibit: Exhibit, form: str, stamp: Stamp = NOT_STAMPED) -> str:
    """The line as the log would have it."""
    record = logging.LogRecord("stillframe.metrics", logging.INFO, "", 0, "snapshot", None, None)
    record.stillframe_tag = "METRICS"
    record.stillframe_fields = {**metrics_fields(exhibit.snapshot), **stamp.log_fields()}
    return LineFormatter("json" if form == "json" else "text").format(record)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_line_of_a_snapshot_is_found_and_agrees(burning_hour: Exhibit, form: str) -> None:
    line = f"Jan 30 host stillframe[7]: {logged(burning_hour, form)}"
    lines = ["GET /", f"{line}\r\n", "[METRICS] at=1 level=info requestId=req_other"]
    incident = Incident.of(burning_hour, log_lines=lines)
    assert [each.text for each in incident.metrics_lines] == [line]
    assert incident.metrics_lines[0].document == burning_hour.snapshot.digest.document
    assert "✓ It names the digest of the document that is shown here." in report_html(incident)


def test_a_line_of_another_document_is_told_apart(burning_hour: Exhibit) -> None:
    document = burning_hour.snapshot.digest.document
    line = logged(burning_hour, "text").replace(f"document={document}", f"document={'0' * 64}")
    html = report_html(Incident.of(burning_hour, log_lines=[line]))
    assert "✕ It names the digest of another document" in html


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_archive_s_head_in_a_line_is_what_the_report_says_to_verify_by(
    burning_hour: Exhibit, form: str
) -> None:
    head = "ab" * 32
    line = logged(burning_hour, form, Stamp(record=7, head=head))
    html = report_html(Incident.of(burning_hour, log_lines=[line, line]))
    assert html.count(f"<pre>stillframe verify --archive --expect-head {head}</pre>") == 1
    unset = report_html(Incident.of(burning_hour, log_lines=[logged(burning_hour, form)]))
    assert "--expect-head" not in unset


@pytest.mark.parametrize(
    "line",
    [
        'x said="[METRICS]" requestId=r1',
        "[METRICS] at=1 level=info requestId=r11",
        "[METRICS] at=1 level=info requestId=r2 source=requestId=r1",
        json.dumps({"tag": "other", "requestId": "r1", "said": "METRICS"}),
        json.dumps({"tag": "METRICS", "requestId": ["r1"]}),
        '"METRICS" {' + "[" * 5000,
        '"METRICS"',
    ],
)
def test_a_request_id_elsewhere_in_a_line_does_not_count(line: str) -> None:
    assert metrics_lines([line], ["r1"]) == ()
