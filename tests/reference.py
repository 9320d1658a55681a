"""The slow, obvious reference: every figure of a snapshot by plain loops over its definition.

`reference_content` gives what `digest.content` is of, but for the sentences (a finding's text, a
reason); `comparable` strips these from a real document, so that both sides compare with ==.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from metrics_core.source import Source
from metrics_core.window import Window, epoch_us, utc_text
from tests.reference_figures import (
    Json,
    backlog,
    bin_latency,
    cost,
    ended_in,
    failure_rate,
    flow,
    in_state,
    latencies,
    ledger,
    ms_to_complete,
    ms_to_processing,
    negative,
    newest_first,
    percentile,
    ranked,
    ratio,
    runs,
    samples,
    task_counts,
    text_at,
)
from tests.reference_parts import ENDED, Facts, Row, Task, facts, without_time

Found = tuple[str, str | None, list[Row]]


def reference_content(
    rows: Sequence[Mapping[str, object]],
    *,
    columns: Collection[str],
    source: Source,
    window: Window,
    scope: Mapping[str, str],
) -> Json:
    """All members of the snapshot document that `digest.content` is of, as JSON values."""
    known = facts(rows, columns=columns, source=source, window=window, scope=scope)
    errors = errors_of(known)
    return {
        "window": window_record(window),
        "tasks": task_counts(known, known.start, known.end),
        "latency": latencies(known),
        "topErrors": [] if errors is None else [top_error(code) for code in errors["codes"][:5]],
        "schemaVersion": 1,
        "source": source.name,
        "scope": dict(scope),
        "failureRate": failure_rate(known.tasks, known.start, known.end),
        "backlog": backlog(known),
        "ledger": ledger(known) if known.has("created_at") else None,
        "errors": errors,
        "series": [series_bin(known, x, y, partial=partial) for x, y, partial in bins(known)],
        "breakdowns": [breakdown(known, name) for name in source.dimensions],
        "cost": cost(known) if known.has("cost_usd") else None,
        "runs": runs(known),
        "quality": {"findings": findings(known), "notMeasurable": not_measurable(known)},
    }


def comparable(document: Mapping[str, Any]) -> Json:
    """A real document without what the reference does not compute."""
    apart = ("requestId", "provenance", "digest", "quality")
    quality = document["quality"]
    found = [finding for finding in quality["findings"] if finding["kind"] != "clock_skew"]
    return {name: value for name, value in document.items() if name not in apart} | {
        "quality": {
            "findings": [without(finding, "text") for finding in found],
            "notMeasurable": [without(figure, "reason") for figure in quality["notMeasurable"]],
        }
    }


def without(record: Mapping[str, Any], *members: str) -> Json:
    """The record without some of its members."""
    return {name: value for name, value in record.items() if name not in members}


def top_error(code: Mapping[str, Any]) -> Json:
    """A listed error code as it stands in topErrors."""
    return without(code, "bins", "dimensions")


def window_record(window: Window) -> Json:
    """The window as the document tells it."""
    return {
        "minutes": window.minutes,
        "from": utc_text(window.start),
        "to": utc_text(window.end),
    }


def bins(known: Facts) -> list[tuple[int, int, bool]]:
    """Beginning, end and partiality of each bin of the series."""
    return [(epoch_us(x.start), epoch_us(x.end), x.partial) for x in known.window.bins()]


def series_bin(known: Facts, x: int, y: int, *, partial: bool) -> Json:
    """The bin [x, y)."""
    return {
        "from": text_at(x),
        "to": text_at(y),
        "partial": partial,
        "tasks": task_counts(known, x, y),
        "timeToProcessingMs": bin_latency(samples(known.tasks, ms_to_processing, x, y)),
        "timeToCompleteMs": bin_latency(samples(known.tasks, ms_to_complete, x, y)),
    }


def errors_of(known: Facts) -> Json | None:
    """The failures in the window by code."""
    if not known.has("error") and not known.has("error_code"):
        return None
    failed = ended_in(known.tasks, ("failed",), known.start, known.end)
    ranking = ranked(failed, lambda task: task.row.code)
    return {
        "codes": [
            error_code_entry(known, str(code), group, len(failed)) for code, group in ranking[:100]
        ],
        "other": other_errors(known, [group for _, group in ranking[100:]], len(failed)),
    }


def error_code_entry(known: Facts, code: str, tasks: Sequence[Task], failed: int) -> Json:
    """One listed error code and its failures."""
    newest = newest_first(tasks)
    messages = [task.row.message for task in newest if task.row.message is not None]
    ends = [task.ends for task in tasks if task.ends is not None]
    return {
        "code": code,
        "count": len(tasks),
        "share": ratio(len(tasks), failed),
        "sampleMessage": messages[0] if messages else None,
        "firstAt": text_at(min(ends)),
        "lastAt": text_at(max(ends)),
        "taskIds": [task.row.id for task in newest[:5]],
        "bins": failures_per_bin(known, tasks),
        "dimensions": [dimension_counts(tasks, name) for name in known.source.dimensions],
    }


def other_errors(known: Facts, groups: Sequence[Sequence[Task]], failed: int) -> Json | None:
    """The failures of all codes that are not listed."""
    tasks = [task for group in groups for task in group]
    if not tasks:
        return None
    return {
        "codes": len(groups),
        "count": len(tasks),
        "share": ratio(len(tasks), failed),
        "bins": failures_per_bin(known, tasks),
    }


def failures_per_bin(known: Facts, tasks: Sequence[Task]) -> list[int]:
    """How many of these failures lie in each bin of the series."""
    return [len(ended_in(tasks, ("failed",), x, y)) for x, y, _ in bins(known)]


def dimension_counts(tasks: Sequence[Task], name: str) -> Json:
    """Tasks by the values of one dimension: the ten largest, and the rest."""
    ranking = ranked(tasks, lambda task: task.row.dimensions[name])
    return {
        "dimension": name,
        "values": [{"value": value, "count": len(group)} for value, group in ranking[:10]],
        "other": sum(len(group) for _, group in ranking[10:]),
    }


def breakdown(known: Facts, name: str) -> Json:
    """The tasks that lived by the values of one dimension: the fifty largest, and the rest."""
    ranking = ranked(known.tasks, lambda task: task.row.dimensions[name])
    rest = [task for _, group in ranking[50:] for task in group]
    values = [{"value": value} | part(known, group) for value, group in ranking[:50]]
    other = {"values": len(ranking) - 50} | part(known, rest) if rest else None
    return {"dimension": name, "values": values, "other": other}


def part(known: Facts, tasks: Sequence[Task]) -> Json:
    """The figures of some of the tasks that lived."""
    x, y = known.start, known.end
    return {
        "tasks": len(tasks),
        **flow(known, tasks, x, y),
        "processing": len(in_state(tasks, "processing", y)),
        "queued": len(in_state(tasks, "queued", y)),
        "failureRate": failure_rate(tasks, x, y),
        "shareOfFailed": share_of(tasks, known, ("failed",)),
        "shareOfEnded": share_of(tasks, known, ENDED),
        "timeToProcessingP95Ms": percentile(samples(tasks, ms_to_processing, x, y), 95),
        "timeToCompleteP95Ms": percentile(samples(tasks, ms_to_complete, x, y), 95),
    }


def share_of(tasks: Sequence[Task], known: Facts, statuses: Collection[str]) -> float | None:
    """How much of all that ended so in the window ended so among these tasks."""
    ours = ended_in(tasks, statuses, known.start, known.end)
    return ratio(len(ours), len(ended_in(known.tasks, statuses, known.start, known.end)))


def findings(known: Facts) -> list[Json]:
    """What is to know about the rows, in its fixed order, without the sentences."""
    found = [*unclassified(known), *repaired(known)]
    return [finding(kind, value, rows) for kind, value, rows in found if rows]


def finding(kind: str, value: str | None, rows: Sequence[Row]) -> Json:
    """One finding: its count and the least five ids."""
    ids = sorted(row.id for row in rows)
    return {"kind": kind, "value": value, "count": len(rows), "taskIds": ids[:5]}


def unclassified(known: Facts) -> Iterator[Found]:
    """The findings over all rows R, whether or not they are tasks."""
    rows = known.rows
    yield "missing_status", None, [row for row in rows if row.native_status is None]
    yield from unknown_statuses(rows)
    yield "ended_without_time", None, [row for row in rows if without_time(row)]
    yield "unreadable_time", None, [row for row in rows if row.unreadable]


def unknown_statuses(rows: Sequence[Row]) -> Iterator[Found]:
    """The native values that no status is known for: the twenty largest, and the rest."""
    unknown = [row for row in rows if row.native_status is not None and row.status is None]
    ranking = ranked(unknown, lambda row: row.native_status)
    yield from (("unknown_status", value, group) for value, group in ranking[:20])
    yield "other_unknown_statuses", None, [row for _, group in ranking[20:] for row in group]


def repaired(known: Facts) -> Iterator[Found]:
    """The findings over the tasks that lived."""
    ended = ended_in(known.tasks, ENDED, known.start, known.end)
    tasks = known.tasks
    no_beginning = [task for task in tasks if known.has("created_at") and task.row.created is None]
    no_end = [task for task in ended if task.row.finished is None]
    yield "missing_created_at", None, rows_of(no_beginning)
    yield "missing_finished_at", None, rows_of(no_end)
    yield "end_before_beginning", None, rows_of([task for task in ended if ends_too_early(task)])
    yield (
        "open_with_finished_at",
        None,
        rows_of([task for task in tasks if open_but_finished(task)]),
    )
    waited = negative(tasks, ms_to_processing, known.start, known.end)
    ran = negative(tasks, ms_to_complete, known.start, known.end)
    yield "negative_time_to_processing", None, rows_of(waited)
    yield "negative_time_to_complete", None, rows_of(ran)


def rows_of(tasks: Sequence[Task]) -> list[Row]:
    """The rows of some tasks."""
    return [task.row for task in tasks]


def ends_too_early(task: Task) -> bool:
    """Whether the row puts the end before the beginning."""
    told = task.row.updated if task.row.finished is None else task.row.finished
    return told is not None and task.begins is not None and told < task.begins


def open_but_finished(task: Task) -> bool:
    """Whether the row of an open task has a finished_at, which the SELECT should not yield."""
    return task.ends is None and task.row.finished is not None


def not_measurable(known: Facts) -> list[Json]:
    """The figures that this source cannot give."""
    no_beginning, no_start = not known.has("created_at"), not known.has("started_at")
    timed = known.has("started_at") and known.has("finished_at")
    no_errors = not known.has("error") and not known.has("error_code")
    applies = (
        ("tasks.created", no_beginning),
        ("ledger", no_beginning),
        ("latency.timeToProcessingMs", no_beginning or no_start),
        ("latency.timeToCompleteMs", not known.has("duration_ms") and not timed),
        ("backlog.queued.oldestAgeMs", no_beginning),
        ("backlog.processing.oldestAgeMs", no_start),
        ("errors", no_errors),
    )
    return [{"figure": figure} for figure, missing in applies if missing]
