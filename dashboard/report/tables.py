"""Tables of the report: one row a figure, one column a snapshot; numbers stand under each other.

Pure. A cell that is plain text is escaped; a null figure says that it is not measured.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.report.incident import Incident, Side
from metrics_core.comparison import Delta
from metrics_core.sides import SAY

Cell = str | Html
EXACT_BELOW_MS = 1_000


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A row: its name, its cell of each side, and the path by which the comparison knows it."""

    name: str
    cell: Callable[[Side], Cell]
    path: str | None = None


def figures_table(incident: Incident, caption: str, figures: Iterable[Figure]) -> Html:
    """The figures of each side; of two sides also by how much they differ."""
    deltas = incident.comparison.deltas if incident.comparison else ()
    by_path = {delta.figure: delta for delta in deltas}
    heads = ["", *(side.name for side in incident.sides), *(["Change"] if by_path else [])]
    rows: list[list[Cell]] = []
    for figure in figures:
        cells = [figure.cell(side) for side in incident.sides]
        change = [_change(by_path.get(figure.path or ""))] if by_path else []
        rows.append([figure.name, *cells, *change])
    return table(caption, heads, rows, class_="figures whole")


def facts_table(incident: Incident, caption: str, facts: Iterable[Figure]) -> Html:
    """Words of each side, in columns of text."""
    heads = ["", *(side.name for side in incident.sides)]
    rows: list[list[Cell]] = [
        [fact.name, *(fact.cell(side) for side in incident.sides)] for fact in facts
    ]
    return table(caption, heads, rows, class_="facts")


def table(
    caption: str,
    heads: Sequence[Cell],
    rows: Iterable[Sequence[Cell]],
    *,
    class_: str = "figures",
    groups: Html | None = None,
) -> Html:
    """The first cell of a row names it; `groups` is a row of heads above the heads."""
    head = tag("tr", *(tag("th", cell, scope="col") for cell in heads))
    body = (
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:]))
        for row in rows
    )
    # Where all stands in one column, its head would say nothing.
    parts = (groups, head) if any(heads[2:]) else ()
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", *parts) if parts else None,
        tag("tbody", *body),
        class_=class_,
    )


def group_heads(names: Iterable[tuple[str, int]]) -> Html:
    """A row of heads, each above so many columns, behind an empty corner."""
    groups = (tag("th", name, scope="colgroup", colspan=str(span)) for name, span in names)
    return tag("tr", tag("td", ""), *groups)


def number(value: int | None) -> str:
    """A count to the unit, however large: this is evidence.

    >>> number(3_204_900), number(None)
    ('3,204,900', '–')
    """
    return wording.NOTHING if value is None else f"{value:,}"


def milliseconds(value: int | None) -> Cell:
    """A length of time in words, and exactly."""
    if value is None:
        return wording.NOTHING
    if value < EXACT_BELOW_MS:
        return wording.duration(value)
    return tag("span", wording.duration(value), " ", tag("small", f"{value:,} ms"))


def task_ids(ids: Iterable[str]) -> list[Html | str]:
    """Ids as text, a blank between them."""
    return [part for task_id in ids for part in (" ", tag("code", untrusted(task_id)))]


def _change(delta: Delta | None) -> Cell:
    if delta is None:
        return ""
    if delta.difference is None:
        return "not comparable"
    if not delta.difference:
        return "unchanged"
    size = abs(delta.difference)
    words = wording.points(size) if delta.unit == "share" else SAY[delta.unit](size)
    meaning = None if delta.meaning == "neutral" else tag("b", f" {delta.meaning}")
    sign = "+" if delta.difference > 0 else "−"
    return tag("span", f"{sign}{words}", meaning, class_=delta.meaning)
