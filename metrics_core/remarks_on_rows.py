"""Remarks on rows: columns, times and their zone, odd rows, how long a scan takes. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

from metrics_core.database import Kind
from metrics_core.doctor import Diagnosis
from metrics_core.evidence import Finding
from metrics_core.remark import Remark, listed
from metrics_core.row_sample import RowSample
from metrics_core.source import OPTIONAL_COLUMNS
from metrics_core.status_words import meaning
from metrics_core.window import MAX_MINUTES
from metrics_core.wording import counted, duration

KINDS: Mapping[Kind, str] = {
    "instant": "time with zone",
    "naive": "time without zone",
    "number": "number",
    "text": "text",
}
LENGTHS = {60: "hour", MAX_MINUTES: "week"}
FEW_ROWS = 20
"""Of fewer rows that all lack a value nothing can be told."""
AHEAD = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)
TO_DO = {
    "missing_status": "give the SELECT a status for them.",
    "ended_without_time": "give the SELECT a finished_at for them, or an updated_at.",
    "unreadable_time": "cast it in the SELECT, or set time_unit.",
    "missing_created_at": 'give the SELECT a time; or lacks = ["created_at"] where none is kept.',
    "missing_finished_at": "make finished_at the first of all times at which a task may end: "
    "coalesce(completed_at, failed_at, …).",
    "end_before_beginning": "compare the clocks of those who write the two times.",
    "open_with_finished_at": "give null there: CASE WHEN status IN (…) THEN … END AS finished_at.",
    "negative_time_to_processing": "compare the clocks of those who write the two times; where a "
    "retry overwrites one of them, nothing.",
    "negative_time_to_complete": "compare the clocks of those who write the two times; where a "
    "retry overwrites one of them, nothing.",
}
MAPPED = "say what it means under [sources.{}], as: statuses = {{ {} }}"


def remarks_on_rows(found: Diagnosis) -> Iterator[Remark]:
    """Which columns there are, what their times mean, what a sample of the rows shows."""
    yield _columns(found)
    yield from _times(found)
    if found.sample is None:
        reason = found.unread.get("sample", "not asked for")
        yield _said("rows", f"no sample of them was read: {reason}.", to_do=_again(found))
        return
    yield from _sample(found, found.sample)
    yield from _scan(found, found.sample)


AGAIN = "read it by `stillframe snapshot`, which has all of the source's deadline."
SAFELY = "connect as a role that can only read: its SQL stands under role."


def _again(found: Diagnosis) -> str:
    """How to have the rows after all."""
    refused = found.source.unsafe_role == "refuse" and found.role and found.role.faults
    return SAFELY if refused else AGAIN


def _said(about: str, text: str, *, to_do: str | None = None) -> Remark:
    """A fault where there is something to do about it."""
    return Remark(about=about, level="not_good" if to_do else "note", text=text, to_do=to_do)


def _columns(found: Diagnosis) -> Remark:
    there = [f"{n} ({KINDS[kind]})" if kind in KINDS else n for n, kind in found.kinds.items()]
    absent = f" Not selected: {', '.join(found.absent)}." if found.absent else ""
    return _said("columns", f"{', '.join(there)}.{absent}")


def _times(found: Diagnosis) -> Iterator[Remark]:
    zone = found.source.timezone
    if naive := found.times_of("naive"):
        own = f" The server's own zone is {found.zone}." if found.zone != zone else ""
        yield _said("times", f"{listed(naive)} have no zone: they are read as {zone}.{own}")
    if numbers := found.times_of("number"):
        unit = found.source.time_unit
        yield _said("times", f"{listed(numbers)} are numbers: they are read as {unit} since 1970.")
    if found.times_of("any"):
        unit = found.source.time_unit
        text = f"texts without a zone are read as {zone}, numbers as {unit} since 1970."
        yield _said("times", text)
    if found.latest is not None and found.latest.at is not None:
        yield _latest(found.latest.at - found.at - found.skew.ahead)


def _latest(ahead: timedelta) -> Remark:
    far = duration(abs(ahead) // MILLISECOND)
    if ahead <= AHEAD:
        return _said("times", f"the latest of them is {far} ago.")
    return _said(
        "times",
        f"the latest of them lies {far} ahead of now, where no task can be yet.",
        to_do="set timezone (or time_unit) to that in which they are written.",
    )


def _sample(found: Diagnosis, sample: RowSample) -> Iterator[Remark]:
    whose = _whose(sample)
    if not sample.rows:
        yield _said("rows", f"no task lived in the last {LENGTHS[sample.minutes]}.")
        return
    nulls = [f"{name} {amount:,}" for name, amount in sample.nulls.items() if amount]
    yield _said("rows", f"of {whose}, without a value: {', '.join(nulls) or 'none'}.")
    for finding in sample.quality.findings:
        yield _odd(found, finding)
    all_null = {name for name, amount in sample.nulls.items() if amount == sample.rows}
    never = [name for name in OPTIONAL_COLUMNS if name in all_null]
    if never and sample.rows >= FEW_ROWS:
        lacks = ", ".join(f'"{name}"' for name in never)
        text = f"{listed(never)}: none of {whose} has a value. If none ever has: lacks = [{lacks}]"
        yield _said("rows", text)


def _whose(sample: RowSample) -> str:
    rows = counted(sample.rows, "row")
    first = "" if sample.complete else "the first "
    return f"{first}{rows} of the last {LENGTHS[sample.minutes]}"


def _odd(found: Diagnosis, finding: Finding) -> Remark:
    to_do = TO_DO.get(finding.kind)
    if "unknown" in finding.kind:
        to_do = MAPPED.format(found.source.name, _mapping(found, finding))
    ids = f" For example: {', '.join(finding.task_ids)}." if finding.task_ids else ""
    return _said("rows", finding.text + ids, to_do=to_do)


def _mapping(found: Diagnosis, finding: Finding) -> str:
    """All that is mapped and all that is unknown, by its words, else queued; as TOML has it.

    One line whichever finding it stands beside: a second one would be refused as a double key.
    """
    values = {status: [*natives] for status, natives in found.source.statuses.items()}
    sampled = found.sample.quality.findings if found.sample else ()
    unknown = [each.value or "…" for each in sampled if each.kind == finding.kind]
    for native in unknown:
        values.setdefault(meaning(native) or "queued", []).append(native)
    return ", ".join(
        f"{status} = {json.dumps(natives, ensure_ascii=False)}"
        for status, natives in values.items()
    )


def _scan(found: Diagnosis, sample: RowSample) -> Iterator[Remark]:
    took = f"{_whose(sample)} came in {duration(sample.read_ms)}."
    if sample.complete or found.plan is None:
        yield _said("scan", took)
        return
    expected, limit = found.plan.expected_rows, found.source.max_rows
    took += f" The server expects about {expected:,} in the last hour."
    if expected <= limit:
        yield _said("scan", took)
        return
    to_do = "ask for shorter windows or a narrower scope, or raise max_rows."
    yield _said("scan", f"{took} Over max_rows = {limit:,} it is refused.", to_do=to_do)
