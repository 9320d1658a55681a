"""What changed between the two snapshots, the surest first. Pure."""

from collections.abc import Iterator

from dashboard.markup import Html, tag, untrusted
from dashboard.report.incident import Incident
from metrics_core.comparison import Change

SIGNS = {"better": "✓", "worse": "!", "neutral": "·"}


def changes(incident: Incident) -> Iterator[Html]:
    """Ranked sentences with their n; nothing of a single snapshot."""
    if incident.comparison is None:
        return
    yield tag("h2", "What changed")
    for note in incident.comparison.notes:
        yield tag("p", untrusted(note), class_="note")
    if not incident.comparison.changes:
        yield tag("p", "Nothing, beyond what chance brings.")
        return
    yield tag("ol", *map(_entry, incident.comparison.changes), class_="changes")


def _entry(change: Change) -> Html:
    sign = tag("span", SIGNS[change.meaning], class_="sign", aria_hidden="true")
    word = None if change.meaning == "neutral" else tag("b", change.meaning)
    return tag("li", sign, " ", untrusted(change.text), " ", word, class_=change.meaning)
