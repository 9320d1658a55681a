"""The evidence ZIP: snapshots, report, CSVs, log lines, and a manifest for `sha256sum -c`. Pure.

The members are stored, not compressed: deflated bytes differ from one zlib to the next, and the
same inputs must give the same archive in every year. Times, order and rights are fixed.
"""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from dashboard.report.csv_files import csv_files
from dashboard.report.files import COMPARISON, LOG, MANIFEST, READ_ME, REPORT, snapshot_file
from dashboard.report.incident import Incident
from dashboard.report.page import report_html

OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
UNIX = 3
DIGEST_SIGNS = 16
TOLD = """\
Evidence of Stillframe. Begin with report.html: any browser opens it, without a network.

Verify, in this folder:    sha256sum -c SHA256SUMS

report.html                the incident report
*/snapshot.json            a snapshot, byte for byte as it was given; its digests are in it
*/series.csv               one row a bin of time
*/errors.csv               error codes, the most frequent first
*/breakdowns.csv           the figures by the values of each dimension
*/tasks.csv                the tasks that the snapshot names, and where
comparison.json            what changed, where there are two snapshots: before and after
metrics.log                [METRICS] lines with the same requestId, where some were given

CSV files are RFC 4180 in UTF-8; times are UTC, durations milliseconds, shares 0 to 1. An empty
field without quotes is null: not measured. A text that a spreadsheet could take for a formula, or
that begins with an apostrophe, has an apostrophe put in front: take one away from each text that
begins with one, and you have the value.
"""


def evidence_zip(incident: Incident) -> bytes:
    """The archive, all in one folder. The same incident always gives the same bytes."""
    folder = f"stillframe-evidence-{incident.last.digest.document[:DIGEST_SIGNS]}"
    members = dict(_members(incident))
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, data in (*members.items(), (MANIFEST, _manifest(members))):
            archive.writestr(_entry(f"{folder}/{name}"), data)
    return stream.getvalue()


def _members(incident: Incident) -> Iterator[tuple[str, bytes]]:
    yield READ_ME, TOLD.encode()
    yield REPORT, report_html(incident).encode()
    for side in incident.sides:
        yield snapshot_file(side.folder), side.exhibit.data
        for name, text in csv_files(side.snapshot).items():
            yield f"{side.folder}/{name}", text.encode()
    if incident.comparison is not None:
        yield COMPARISON, incident.comparison.to_json().encode()
    if incident.metrics_lines:
        yield LOG, "".join(f"{line.text}\n" for line in incident.metrics_lines).encode()


def _manifest(members: dict[str, bytes]) -> bytes:
    lines = (f"{sha256(data).hexdigest()}  {name}\n" for name, data in members.items())
    return "".join(lines).encode()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, OLDEST_TIME)
    entry.compress_type = ZIP_STORED
    entry.create_system = UNIX
    entry.external_attr = READABLE
    return entry
