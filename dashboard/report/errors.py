"""Why tasks failed: the most frequent codes, each with a message, when it was seen, and tasks."""

from collections.abc import Iterator

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.report.charts import silhouette
from dashboard.report.incident import Incident, Side
from dashboard.report.tables import Cell, group_heads, number, table, task_ids
from metrics_core import Snapshot
from metrics_core.groups import ErrorGroup

LISTED = 15
MESSAGE_SIGNS, NAMED_TASKS = 600, 6
HEADS = ("Failures", "Share", "Over time")


def errors(incident: Incident) -> Iterator[Html]:
    """One table of the largest codes; of two snapshots, side by side."""
    yield tag("h2", "Errors")
    for side in incident.sides:
        yield from _note(incident, side)
    codes = _codes(incident)
    if codes:
        rows = [[_description(incident, code), *_numbers(incident, code)] for code in codes]
        sides = [(side.name, len(HEADS)) for side in incident.sides]
        groups = group_heads(sides) if len(sides) > 1 else None
        heads = ["Code, newest message, newest tasks", *HEADS * len(sides)]
        yield table("Error codes, the most frequent first", heads, rows, groups=groups)


def _note(incident: Incident, side: Side) -> Iterator[Html]:
    found = side.snapshot.errors
    if found is None:
        text = "not measurable, since this source gives no error text and no error code."
    elif not found.codes:
        text = "no failures in this window."
    else:
        codes = len(found.codes) + (found.other.codes if found.other else 0)
        failures = wording.counted(side.snapshot.tasks.failed, "failure")
        text = f"{failures} with {wording.counted(codes, 'code')}{_beyond(codes)}."
    yield tag("p", incident.said(side, text), class_="note")


def _beyond(codes: int) -> str:
    return f", of which {LISTED} are listed here; errors.csv lists more" if codes > LISTED else ""


def _codes(incident: Incident) -> list[str]:
    """The largest codes of each side, those of the last one first."""
    sides = (_groups(snapshot) for snapshot in reversed(incident.snapshots))
    return list(dict.fromkeys(code for groups in sides for code in [*groups][:LISTED]))


def _groups(snapshot: Snapshot) -> dict[str, ErrorGroup]:
    return {} if snapshot.errors is None else {each.code: each for each in snapshot.errors.codes}


def _description(incident: Incident, code: str) -> Html:
    found = [(side, _groups(side.snapshot).get(code)) for side in incident.sides]
    known = [(side, error) for side, error in found if error is not None]
    _, last = known[-1]
    message = last.sample_message
    parts = [
        tag("b", untrusted(code)),
        tag("p", untrusted(_cut(message)), class_="message") if message else None,
        *(_seen(incident, side, error) for side, error in known),
    ]
    return tag("div", *parts, class_="error")


def _cut(message: str) -> str:
    """A message of reasonable length; the snapshot has all of it."""
    if len(message) <= MESSAGE_SIGNS:
        return message
    return f"{message[:MESSAGE_SIGNS]} … ({len(message):,} characters in all)"


def _seen(incident: Incident, side: Side, error: ErrorGroup) -> Html:
    to = side.snapshot.window.to
    first, last = (wording.clock_near(at, to) for at in (error.first_at, error.last_at))
    times = f"at {first}" if error.count == 1 else f"from {first} to {last}"
    ids = error.task_ids[: NAMED_TASKS // len(incident.sides)]
    words = incident.said(side, f"{times}; tasks")
    return tag("p", words, *task_ids(ids), class_="quiet")


def _numbers(incident: Incident, code: str) -> Iterator[Cell]:
    for side in incident.sides:
        error = _groups(side.snapshot).get(code)
        if error is None:
            yield from (_absent(side.snapshot), "", "")
        else:
            yield from (number(error.count), wording.percent(error.share), silhouette(error.bins))


def _absent(snapshot: Snapshot) -> str:
    """0 only where every code is listed."""
    is_known = snapshot.errors is not None and snapshot.errors.other is None
    return "0" if is_known else wording.NOTHING
