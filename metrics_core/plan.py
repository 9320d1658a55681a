"""Plans: what PostgreSQL's EXPLAIN (VERBOSE, FORMAT JSON) says of how tables are read. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
CONDITIONS = ("Filter", "Index Cond", "Recheck Cond")
SIMPLE_NAME = r'[^\W\d][\w$]*|"(?:[^"]|"")+"'
QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a plan reads one table, however often it does: by which nodes, indexes and conditions.

    Conditions name columns as an index would, without the table's alias.
    """

    schema: str
    name: str
    nodes: tuple[str, ...]
    indexes: tuple[str, ...]
    conditions: str

    @property
    def whole(self) -> bool:
        """Whether all of the table is read."""
        return "Seq Scan" in self.nodes

    def compares(self, expression: str) -> bool:
        """Whether rows are chosen by this expression being at or after some instant."""
        return any(f"({e} >= " in self.conditions for e in (expression, f"({expression})"))


def readings(plan: Node) -> tuple[Reading, ...]:
    """Every table that the plan reads, in the order of their names."""
    found: dict[tuple[str, str], list[Node]] = {}
    for node in _nodes(plan):
        if "Relation Name" in node:
            found.setdefault((node["Schema"], node["Relation Name"]), []).append(node)
    return tuple(_reading(*names, nodes) for names, nodes in sorted(found.items()))


def _reading(schema: str, name: str, nodes: Sequence[Node]) -> Reading:
    parts = [part for node in nodes for part in _own_parts(node)]
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
        indexes=tuple(dict.fromkeys(p["Index Name"] for p in parts if "Index Name" in p)),
        conditions=" ".join(texts),
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


def outputs(plan: Node) -> tuple[str, ...]:
    """The columns that the plan yields, as expressions of a table's own columns.

    What is made of two tables keeps an alias in it, and so equals no expression of either.
    """
    aliases = {node["Alias"] for node in _nodes(plan) if "Alias" in node}
    return tuple(dict.fromkeys(_of_one_table(text, aliases) for text in _outputs(plan)))


def _outputs(plan: Node) -> Iterator[str]:
    """Those of the top node; an Append has none but its children's."""
    if "Output" in plan:
        yield from plan["Output"]
        return
    for child in plan.get("Plans", ()):
        yield from _outputs(child)


def _of_one_table(output: str, aliases: set[str]) -> str:
    bare = without_outer_parentheses(output)
    stripped = {without_alias(bare, alias) for alias in aliases} - {bare}
    return stripped.pop() if len(stripped) == 1 else bare


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
