"""What a reader needs years later: how to verify the evidence, and what the words mean. Pure."""

from collections.abc import Iterator

from dashboard.markup import Html, tag
from dashboard.report.files import MANIFEST, snapshot_file
from dashboard.report.incident import Incident

CHECK_FILES = f"sha256sum -c {MANIFEST}"
DOCUMENT_DIGEST = (
    "python3 -c 'import hashlib, json, rfc8785, sys; d = json.load(open(sys.argv[1])); "
    'd.pop("digest"); print(hashlib.sha256(rfc8785.dumps(d)).hexdigest())\' {file}'
)
VERIFY_ARCHIVE = "stillframe verify --archive --expect-head"
PINNED = (
    "The log lines name the last record that the archive had then: that no record up to it was "
    "changed or taken away since is checked, where the archive is, by:"
)
DEFINITIONS = {
    "Window": "The half-open interval [from, to) in UTC: what is at exactly “to” is in the next.",
    "Created, completed, failed, cancelled": "Tasks of which this happened in the window.",
    "Processing, queued": "Tasks in that state at the window's end, whenever they were created.",
    "Failure rate": "failed / (completed + failed). Cancelled tasks do not count.",
    "Backlog": "Tasks that are queued at the window's end. A queued task's age is counted from "
    "when it was created or became eligible, the later of both; a processing one's from its start.",
    "Time to processing": "From created, or eligible if that is later, to started.",
    "Time to complete": "From started to finished, or as the source itself measured it.",
    "p50, p95, p99": "Of n sorted values the one at the 0-based index min(n × q // 100, n − 1): "
    "always a value that really occurred. avg is the mean, rounded down.",
    "n": "On how many tasks a figure was measured.",
    "Not measurable": "The source lacks what the figure needs. It is never shown as 0.",
    "Error code": "What error texts are grouped by. NO_MESSAGE is a failure without a text.",
    "LIVE, STALE, UNAVAILABLE": "Whether the figures were of the present when the snapshot was "
    "taken, or of an older scan because the database did not answer; after five minutes of that "
    "they are UNAVAILABLE. PAST is a window that had ended: its rows as they were when taken.",
    "content, document": "SHA-256 over the RFC 8785 form of what was measured (without requestId, "
    "provenance and what was found about clocks), and of all but the digests themselves.",
}


def how_to_verify(incident: Incident) -> Iterator[Html]:
    """The commands, as they are typed in the folder of the evidence ZIP."""
    yield tag("h2", "How to verify this")
    yield tag("p", "In the folder that the evidence ZIP unpacks to, every file is checked by:")
    yield tag("pre", CHECK_FILES)
    text = "The digest “document” of a snapshot is computed anew, with Python and its rfc8785, by:"
    yield tag("p", text)
    for side in incident.sides:
        yield tag("pre", DOCUMENT_DIGEST.format(file=snapshot_file(side.folder)))
        yield tag("p", "It prints ", tag("code", side.snapshot.digest.document), class_="note")
    yield tag("p", "The snapshot files that this report was made of have these SHA-256:")
    sums = [f"{side.exhibit.sha256}  {snapshot_file(side.folder)}" for side in incident.sides]
    yield tag("pre", "\n".join(sums))
    yield tag("p", ALTERED, class_="note")
    heads = dict.fromkeys(line.head for line in incident.metrics_lines if line.head)
    if heads:
        yield tag("p", PINNED)
        yield tag("pre", "\n".join(f"{VERIFY_ARCHIVE} {head}" for head in heads))


ALTERED = (
    "Digests show that a file was altered, not by whom: whoever can replace them all can seal "
    "anything. Compare them with the [METRICS] line of the log, or with a copy kept elsewhere."
)


def definitions() -> Iterator[Html]:
    """The words of this report, in short."""
    yield tag("h2", "What the words mean")
    entries = ((tag("dt", name), tag("dd", text)) for name, text in DEFINITIONS.items())
    yield tag("dl", *(part for entry in entries for part in entry))
