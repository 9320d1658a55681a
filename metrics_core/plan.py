"""Plans: what PostgreSQL's EXPLAIN (VERBOSE, FORMAT JSON) says of how tables are read. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
CONDITIONS = ("Filter", "Index Cond", "Recheck Cond")
IMMUTABLE_CALLS = re.compile(r"\b(?:COALESCE|GREATEST|LEAST|NULLIF)\(")
SIMPLE_NAME = r'[^\W\d][\w$]*|"(?:[^"]|"")+"'
QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a plan reads one table, however often it does: by which nodes, indexes and conditions.

    Conditions name columns as an index would, without the table's alias. `walked` are the indexes
    that are read from their beginning to their end.
    """

    schema: str
    name: str
    nodes: tuple[str, ...]
    indexes: tuple[str, ...]
    walked: tuple[str, ...]
    rows: int
    conditions: tuple[str, ...]

    def whole(self, partial: Collection[str] = ()) -> bool:
        """Whether all of the table is read; what a partial index holds is a part of it."""
        return "Seq Scan" in self.nodes or not set(self.walked) <= set(partial)


def readings(plan: Node) -> tuple[Reading, ...]:
    """Every table that the plan reads, in the order of their names."""
    found: dict[tuple[str, str], list[Node]] = {}
    for node in _nodes(plan):
        if "Relation Name" in node:
            found.setdefault((node["Schema"], node["Relation Name"]), []).append(node)
    return tuple(_reading(*names, nodes) for names, nodes in sorted(found.items()))


def _reading(schema: str, name: str, nodes: Sequence[Node]) -> Reading:
    by_index = [p for node in nodes for p in _own_parts(node) if "Index Name" in p]
    texts = [
        without_alias(part[key], node["Alias"])
        for node in nodes
        for part in _own_parts(node)
        for key in CONDITIONS
        if key in part
    ]
    return Reading(
        schema=schema,
        name=name,
        nodes=tuple(dict.fromkeys(node["Node Type"] for node in nodes)),
        indexes=tuple(dict.fromkeys(part["Index Name"] for part in by_index)),
        walked=tuple(part["Index Name"] for part in by_index if "Index Cond" not in part),
        rows=max(int(node.get("Plan Rows", 0)) for node in nodes),
        conditions=tuple(dict.fromkeys(texts)),
    )


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _own_parts(node: Node) -> Iterator[Node]:
    """The node and its bitmaps; its other children read other tables."""
    yield node
    for child in node.get("Plans", ()):
        if child["Node Type"].startswith("Bitmap"):
            yield from _own_parts(child)


def expected_rows(plan: Node) -> int:
    """How many rows the server expects, whatever the limit."""
    limited = plan["Node Type"] == "Limit" and plan.get("Plans")
    return int((plan["Plans"][0] if limited else plan)["Plan Rows"])


def without_alias(expression: str, alias: str) -> str:
    """The expression with its columns as they are called inside of the table.

    >>> without_alias("COALESCE(v.done_at, v.failed_at)", "v")
    'COALESCE(done_at, failed_at)'
    """
    doubled = alias.replace('"', '""')
    prefix = rf"(?<![\w$\"])(?:{re.escape(alias)}|\"{re.escape(doubled)}\")\."
    return re.sub(rf"{prefix}|({QUOTED})", lambda hit: hit[1] or "", expression)


def without_outer_parentheses(expression: str) -> str:
    """The expression without the pairs that only enclose it.

    >>> without_outer_parentheses("((COALESCE(a, b)))"), without_outer_parentheses("(a) + (b)")
    ('COALESCE(a, b)', '(a) + (b)')
    """
    depth, inner = 0, re.sub(QUOTED, lambda hit: "_" * len(hit[0]), expression)
    for place, character in enumerate(inner):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(inner) - 1:
            return expression
    if not expression.startswith("("):
        return expression
    return without_outer_parentheses(expression[1:-1])


def is_column(expression: str) -> bool:
    """Whether it is the bare name of a column."""
    return bool(re.fullmatch(SIMPLE_NAME, expression))


def surely_immutable(expression: str) -> bool:
    """Whether PostgreSQL will certainly take an index on it.

    >>> surely_immutable("COALESCE(a, b)"), surely_immutable("to_timestamp(a)")
    (True, False)
    """
    rest = IMMUTABLE_CALLS.sub("", expression)
    return "::" not in rest and not re.search(r"\w\(", rest)
