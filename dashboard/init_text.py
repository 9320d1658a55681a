"""What `stillframe init` tells: the evidence for a proposal, and figures taken with it. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from metrics_core import Snapshot
from metrics_core.look import Found
from metrics_core.proposal import Proposal, StatusValue
from metrics_core.recognise import Recognised
from metrics_core.settings_text import printable
from metrics_core.source import STATUSES, TIME_COLUMNS
from metrics_core.table_facts import Column, TableFacts
from metrics_core.table_fit import Fit
from metrics_core.tasks import NULL
from metrics_core.window import from_epoch_us, utc_text
from metrics_core.wording import count, counted, span

SHOWN_VALUES = 12
SHOWN_TABLES = 5
LONGEST_SHOWN = 40
WORTH_TELLING = 0.9
NOTHING_FITS = (
    "none is of a job system that Stillframe knows, and none looks like a table of tasks."
)
LOOKED_FOR = (
    "Looked for: an id, a status of few words (queued, running, done, failed ...), and times named "
    "like created, started and finished."
)
UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
Row = tuple[str, str, str, str]


def shown(text: str) -> str:
    """A name or a value out of the database, on one line, fit for a terminal."""
    plain = printable(text)
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[: LONGEST_SHOWN - 1]}…"


def systems_text(found: Found, titles: Mapping[str, str]) -> str:
    """Which known systems there are, a line a source."""
    lines = [
        f"  {name:<24} {titles[name]}{_in_schema(each)}" for name, each in found.systems.items()
    ]
    return "\n".join([f"{found.server}, with what Stillframe knows:", "", *lines])


def _in_schema(system: Recognised) -> str:
    return f", in the schema {shown(system.schema)}" if system.schema else ""


def evidence_text(found: Found, proposal: Proposal, faults: Sequence[str] = ()) -> str:
    """The table that was chosen, what each column becomes, and why; `faults` speak against it."""
    table = proposal.table
    lines = [f"{found.server}, {counted(found.tables, 'table')}. {_looked_at(table)}", ""]
    lines += _table_of(("Stillframe", "column", "type", "what it holds"), _uses(proposal))
    lines += ["", *_statuses(proposal)] if proposal.values else [""]
    lines += [*_orders(proposal), *(f"  {doubt}" for doubt in doubts(proposal))]
    lines += [f"  Beware: {printable(fault)}." for fault in faults]
    return "\n".join([*lines, *_others(found, table)])


def _looked_at(table: TableFacts) -> str:
    about = f" of about {count(table.estimate)}" if table.estimate and not table.complete else ""
    rows = "all of its rows" if table.complete and table.size else "rows"
    sample = f"{rows} looked at: {count(table.size)}{about}"
    return f"The tasks would be {shown(table.title)} ({sample})."


def _table_of(head: Row, rows: Iterator[Row]) -> list[str]:
    cells = [head, *rows]
    widths = [max(len(row[place]) for row in cells) for place in range(3)]
    return [
        "  "
        + "  ".join([*(f"{c:<{w}}" for c, w in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in cells
    ]


def _uses(proposal: Proposal) -> Iterator[Row]:
    roles = proposal.roles
    for column in roles.id:
        yield _use("id", column, "primary key" if column.is_key else "all differ")
    if not roles.id:
        yield "id", proposal.table.row_id or "", "", "the database's own row number"
    if roles.status is not None:
        yield _use("status", roles.status, _values(roles.status))
    else:
        yield "status", "", "", "no column: told by the times and the error"
    for role in (role for role in TIME_COLUMNS if role in roles.times):
        for time in roles.times[role]:
            yield _use(role, time.column, f"{_nulls(time.column)}{_span(proposal, role)}")
    yield from _others_used(proposal)


def _others_used(proposal: Proposal) -> Iterator[Row]:
    roles = proposal.roles
    for name, column in (("error", roles.error), ("error_code", roles.error_code)):
        if column is not None:
            different = f", {count(len(column.counts))} different" if column.texts else ""
            yield _use(name, column, _nulls(column) + different)
    if roles.cost is not None:
        yield _use("cost_usd", roles.cost, f"{_nulls(roles.cost)}; taken for US dollars")
    for name, column in proposal.dimensions.items():
        yield _use(f"dimension {name}", column, _values(column))


def _use(name: str, column: Column, evidence: str) -> Row:
    return name, shown(column.name), shown(column.type), evidence


def _values(column: Column) -> str:
    if not column.counts:
        return "no row has a value"
    listed = [f"{shown(value)} {count(rows)}" for value, rows in column.counts.items()]
    more = f", and {len(listed) - SHOWN_VALUES} more" if len(listed) > SHOWN_VALUES else ""
    nulls = f"; {_nulls(column)}" if column.nulls else ""
    return f"{', '.join(listed[:SHOWN_VALUES])}{more}{nulls}"


def _nulls(column: Column) -> str:
    if not column.texts:
        return "no row is there"
    if not column.nulls:
        return "never null"
    return f"null in {count(column.nulls)} of {count(len(column.texts))}"


def _span(proposal: Proposal, role: str) -> str:
    told = proposal.instants[role]
    told = told[told != NULL]
    if not len(told):
        return ""
    first, last = (
        from_epoch_us(int(each)).replace(microsecond=0) for each in (told.min(), told.max())
    )
    return f", {utc_text(first)} to {utc_text(last)}"


def _statuses(proposal: Proposal) -> Iterator[str]:
    head = ("its status", "means", "rows", "with a start, an end, an error")
    yield from _table_of(head, (_status(proposal, value) for value in proposal.values))
    yield ""


def _status(proposal: Proposal, value: StatusValue) -> Row:
    meant = proposal.meanings.get(value.native, "not known")
    told = f"{count(value.started)}, {count(value.finished)}, {count(value.error)}"
    return shown(value.native) or "''", meant, count(value.rows), told


def _orders(proposal: Proposal) -> Iterator[str]:
    for order in proposal.orders():
        names = (_time_name(proposal, role) for role in (order.first, order.second))
        held = f"holds in {count(order.holds)} of {count(order.rows)} rows"
        yield f"  {' <= '.join(names)} {held if order.rows else 'is open: no row has both'}"


def _time_name(proposal: Proposal, role: str) -> str:
    return "/".join(shown(time.column.name) for time in proposal.roles.times[role])


def doubts(proposal: Proposal) -> Iterator[str]:
    """What a reader must know of a proposal, a sentence each."""
    times = [time for times in proposal.roles.times.values() for time in times]
    if any(time.form == "number" for time in times):
        yield f"Numbers are read as {UNITS[proposal.time_unit]} since 1970."
    if proposal.has_naive_times:
        yield f"Times without a zone are read as {proposal.timezone}."
    if any(time.form == "text" for time in times) and proposal.table.dialect == "postgresql":
        yield "Texts are cast to times: one that is none fails the scan."
    if proposal.guarded and proposal.roles.status is not None:
        yield "Open tasks have an end too: it counts of ended ones only, and no index serves that."
    if any(o.rows and o.holds < WORTH_TELLING * o.rows for o in proposal.orders()):
        yield "The times do not come in this order: are these the right columns?"
    if proposal.missing:
        yield f"No column for {', '.join(proposal.missing)}: what needs it is not measurable."
    if not proposal.values and proposal.roles.status is not None:
        yield "No row is there: statuses are taken to be Stillframe's own words."


def _others(found: Found, table: TableFacts) -> Iterator[str]:
    others = [f.table.title for f in found.fits if f.fits and f.table.title != table.title]
    if others:
        yield f"  Also possible, by --table: {', '.join(map(shown, others[:SHOWN_TABLES]))}"
    for name, why in _few(found.unread):
        yield f"  Not looked at: {shown(name)}: {printable(why)}"


def nothing_text(found: Found) -> str:
    """Why no source is proposed: what was looked for, and what came nearest."""
    lines = [
        f"{found.server}, {counted(found.tables, 'table')}: {NOTHING_FITS}",
        LOOKED_FOR,
    ]
    lines += [
        f"  {shown(fit.table.title)}: {printable('; '.join(fit.faults))}"
        for fit in _nearest(found.fits)
    ]
    lines += [f"  {shown(name)}: not read: {printable(why)}" for name, why in _few(found.unread)]
    return "\n".join(lines)


def _nearest(fits: Sequence[Fit]) -> Sequence[Fit]:
    return sorted(fits, key=lambda fit: -fit.score)[:SHOWN_TABLES]


def _few(unread: Mapping[str, str]) -> list[tuple[str, str]]:
    return [*unread.items()][:SHOWN_TABLES]


def figures_text(snapshot: Snapshot) -> str:
    """The counts by status of a real snapshot, and the findings about its rows."""
    window, tasks = snapshot.window, snapshot.tasks
    counts = {"created": tasks.created} | {s: getattr(tasks, s) for s in STATUSES}
    told = [f"{name} {count(n)}" for name, n in counts.items() if n is not None]
    lines = [
        f"{snapshot.source}: a snapshot of the last {span(window.minutes)} ({utc_text(window.to)})",
        f"  {'  '.join(told)}",
        *(f"  Finding: {printable(finding.text)}" for finding in snapshot.quality.findings),
        *(f"  Not measurable: {n.figure}: {n.reason}" for n in snapshot.quality.not_measurable),
    ]
    return "\n".join(lines)
