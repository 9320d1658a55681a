"""How far the figures can be relied on: findings, what is not measurable, provenance, log lines."""

from collections.abc import Callable, Iterator

from dashboard import wording
from dashboard.figure_names import FIGURES
from dashboard.markup import Html, tag, untrusted
from dashboard.report.incident import Incident, Side
from dashboard.report.metrics_lines import MetricsLine
from dashboard.report.tables import Figure, facts_table, number, task_ids
from metrics_core.evidence import Finding, NotMeasurable, Provenance

Said = Callable[[Provenance], str]


def quality(incident: Incident) -> Iterator[Html]:
    """What to know about the rows, and which figures there cannot be, and why."""
    yield tag("h2", "Quality of the rows")
    for side in incident.sides:
        found = side.snapshot.quality
        if not found.findings and not found.not_measurable:
            text = "every row was counted as it stands; every figure is measurable."
            yield tag("p", incident.said(side, text))
            continue
        findings = wording.counted(len(found.findings), "finding")
        missing = wording.counted(len(found.not_measurable), "figure")
        text = f"{findings} about the rows, {missing} not measurable."
        yield tag("p", incident.said(side, text))
        items = [*map(_finding, found.findings), *map(_not_measurable, found.not_measurable)]
        yield tag("ul", *items)


def _finding(finding: Finding) -> Html:
    ids = task_ids(finding.task_ids)
    examples = tag("span", " For example:", *ids, class_="quiet") if ids else None
    return tag("li", untrusted(finding.text), examples)


def _not_measurable(missing: NotMeasurable) -> Html:
    name = FIGURES.get(missing.figure, missing.figure)
    return tag("li", tag("b", untrusted(name)), ": not measurable. ", untrusted(missing.reason))


def provenance(incident: Incident) -> Iterator[Html]:
    """How each snapshot came about, and what the log says of it."""
    yield tag("h2", "Provenance")
    yield facts_table(incident, "How the figures came about", _facts())
    yield tag("h3", "[METRICS] lines of the log with the same requestId")
    if not incident.metrics_lines:
        yield tag("p", "None was given to this report.")
        return
    for line in incident.metrics_lines:
        yield tag("pre", untrusted(line.text))
        yield tag("p", _agreement(incident, line), class_="note")


def _facts() -> Iterator[Figure]:
    yield _fact("Made by", lambda made: made.tool)
    yield _fact("Database", lambda made: made.database)
    yield _fact("Its clock", lambda made: f"{wording.day_and_clock(made.database_clock)} UTC")
    yield _fact("Rows scanned", lambda made: number(made.rows_scanned))
    yield _fact("Percentiles", lambda made: made.percentile_method)
    yield _fact("Scan's requestId", lambda made: made.scan_request_id)
    yield _fact("SHA-256 of the SELECT", lambda made: made.select_sha256)
    yield _fact("SHA-256 of the definitions", lambda made: made.definitions_sha256)


def _fact(name: str, value: Said) -> Figure:
    def cell(side: Side) -> Html:
        return tag("code", untrusted(value(side.snapshot.provenance)))

    return Figure(name=name, cell=cell)


def _agreement(incident: Incident, line: MetricsLine) -> str:
    if line.document is None:
        return "This line names no document."
    if any(line.document == snapshot.digest.document for snapshot in incident.snapshots):
        return "✓ It names the digest of the document that is shown here."
    return "✕ It names the digest of another document than the one that is shown here."
