"""The incident report: one or two snapshots as a page and an evidence ZIP that need no Stillframe.

Pure: snapshots and log lines in, text and bytes out; the same inputs always give the same bytes.
Knows no screen, no clock and no environment.
"""

from dashboard.report.bundle import evidence_zip
from dashboard.report.exhibit import Exhibit, read_exhibit
from dashboard.report.incident import Incident
from dashboard.report.page import report_html

__all__ = ["Exhibit", "Incident", "evidence_zip", "read_exhibit", "report_html"]
