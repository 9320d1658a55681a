"""Doctor's report: a diagnosis as one document that text, JSON and page show alike."""

from collections.abc import Iterator
from datetime import datetime

from metrics_core.doctor import Diagnosis, diagnosis
from metrics_core.evidence import NotMeasurable
from metrics_core.presets import preset_header
from metrics_core.record import Count, Ms, Record, Utc, definite_json
from metrics_core.remark import Remark
from metrics_core.remarks_on_access import remarks_on_access
from metrics_core.remarks_on_indexes import remarks_on_indexes
from metrics_core.remarks_on_rows import remarks_on_rows
from metrics_core.remarks_on_rules import remarks_on_rules
from metrics_core.row_sample import RowSample
from metrics_core.source import Source
from metrics_core.take import TOOL


class ReportColumn(Record):
    """A column that a scan reads, and in how many rows of the sample it is null; null: not told."""

    name: str
    kind: str
    nulls: Count | None


class ReportTable(Record):
    """How a scan reads one table; `missing` are the statements of the indexes that would help."""

    table: str
    estimated_rows: Count | None
    read_whole: bool
    indexes: tuple[str, ...]
    missing: tuple[str, ...]


class ReportSample(Record):
    """The rows that were read: the first `rows` of the last `minutes`, or all of them."""

    minutes: Count
    rows: Count
    complete: bool
    read_ms: Ms

    @classmethod
    def of(cls, sample: RowSample) -> "ReportSample":
        return cls(
            minutes=sample.minutes,
            rows=sample.rows,
            complete=sample.complete,
            read_ms=sample.read_ms,
        )


class DoctorReport(Record):
    """What there is to know of a source. `good` where no remark is a fault.

    `expected_rows` is the server's estimate of the last hour's, null where it tells none.
    """

    source: str
    preset: str | None
    tool: str
    examined_at: Utc
    server: str
    good: bool
    remarks: tuple[Remark, ...]
    columns: tuple[ReportColumn, ...]
    tables: tuple[ReportTable, ...]
    expected_rows: Count | None
    sample: ReportSample | None
    not_measurable: tuple[NotMeasurable, ...]

    def to_json(self) -> str:
        """One definite text, with JSON's member names and a two-space indent."""
        return definite_json(self.model_dump(mode="json", by_alias=True))


def doctor_report(source: Source, *, now: datetime, archive_is_set: bool = True) -> DoctorReport:
    """The report on a source; the errors of `diagnosis`."""
    return report_of(diagnosis(source, now=now), archive_is_set=archive_is_set)


def report_of(found: Diagnosis, *, archive_is_set: bool = True) -> DoctorReport:
    """The diagnosis as a document."""
    rules = remarks_on_rules(found, archive_is_set=archive_is_set)
    remarks, sample, plan = (*_remarks(found), *rules), found.sample, found.plan
    return DoctorReport(
        source=found.source.name,
        preset=found.source.preset,
        tool=TOOL,
        examined_at=found.at,
        server=found.server,
        good=not any(remark.is_fault for remark in remarks),
        remarks=remarks,
        columns=tuple(_columns(found)),
        tables=tuple(_tables(found)),
        expected_rows=plan.expected_rows if plan else None,
        sample=ReportSample.of(sample) if sample else None,
        not_measurable=sample.quality.not_measurable if sample else (),
    )


def _columns(found: Diagnosis) -> Iterator[ReportColumn]:
    nulls = found.sample.nulls if found.sample else {}
    for name, kind in found.kinds.items():
        yield ReportColumn(name=name, kind=kind, nulls=nulls.get(name))


def _tables(found: Diagnosis) -> Iterator[ReportTable]:
    for table in found.plan.tables if found.plan else ():
        yield ReportTable(
            table=table.table,
            estimated_rows=table.rows,
            read_whole=table.whole,
            indexes=table.indexes,
            missing=tuple(need.sql for need in table.missing),
        )


def _remarks(found: Diagnosis) -> Iterator[Remark]:
    yield Remark(about="source", level="note", text=found.source.name)
    yield from remarks_on_access(found)
    yield from remarks_on_rows(found)
    yield from remarks_on_indexes(found)
    for each in found.sample.quality.not_measurable if found.sample else ():
        text = f"{each.figure} is not measurable. {each.reason}"
        yield Remark(about="figures", level="note", text=text)
    yield from _kept(found.source)
    yield from _preset(found.source)


def _kept(source: Source) -> Iterator[Remark]:
    if source.retention_hours is not None:
        text = f"tasks are kept for {source.retention_hours:g} h: earlier windows are refused."
        yield Remark(about="retention", level="note", text=text)
    elif source.preset is None:
        text = "not stated. Where ended tasks are deleted, set retention_hours: earlier windows "
        text += "are then refused instead of looking calm."
        yield Remark(about="retention", level="note", text=text)


def _preset(source: Source) -> Iterator[Remark]:
    if source.preset is None:
        return
    header = preset_header(source.preset)
    versions = f" ({header['versions']})" if "versions" in header else ""
    texts = [
        ("preset", f"{source.preset}: {header['title']}{versions}."),
        ("retention", header.get("retention")),
        ("index", header.get("indexes")),
        *(("trap", trap) for trap in header.get("traps", ())),
    ]
    for about, text in texts:
        if text:
            yield Remark(about=about, level="note", text=text)
