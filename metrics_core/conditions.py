"""Conditions: what must be indexed so that a condition, as EXPLAIN words it, chooses rows. Pure.

PostgreSQL writes AND and OR with parentheses around each of their parts, which is all the grammar
that is needed here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from metrics_core.plan import QUOTED, without_outer_parentheses

LOWER = (">=", ">")
TIME = re.compile(r"\(*'[^']*'::(?:timestamp|date)")
EPOCH = re.compile(r"\(*'?\d{9,}")
"""A number that, as a time, lies after 1973 in any unit."""
OPERATOR = re.compile(r" (?:(>=|<=|=|>|<) (.+)|(IS NULL))$")
RELABELLED = re.compile(r"\(([^()]+)\)::(?:text|character varying)")
NEVER_INDEXED = re.compile(r"'::(?:timestamp|date)|\$\d|SubPlan|InitPlan")
IS_NULL = "IS NULL"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How an expression is asked for: by which operators, and beside which others that are fixed.

    An index that begins with one of the fixed ones, and goes on with the expression, serves too.
    """

    operators: frozenset[str]
    beside: frozenset[str] = frozenset()


Needed = Mapping[str, Asked]
"""The expressions that must be indexed together."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An expression of the table's own columns, and what it is compared with."""

    expression: str
    operator: str
    bound: str

    @property
    def is_since(self) -> bool:
        """Whether it asks for what lies at or after an instant."""
        is_time = TIME.match(self.bound) or EPOCH.match(self.bound)
        return self.operator in LOWER and bool(is_time)

    @property
    def rank(self) -> int:
        """Of several that hold together, the least narrows most."""
        return 0 if self.is_since else 1 if self.operator == "=" else 2


def needed(conditions: Iterable[str]) -> tuple[Needed, ...]:
    """Each set of expressions of which indexes would serve the window, by parts joined with AND.

    A part counts where each of its alternatives names an expression, and one of them an instant
    since which it asks: an upper bound alone leaves all that there ever was.

    >>> since = "'2026-01-30'::timestamp"
    >>> [sorted(each) for each in needed([f"((a IS NULL) OR (a >= {since}) OR (b >= {since}))"])]
    [['a', 'b']]
    >>> needed([f"((a IS NULL) OR (a < {since}))"])
    ()
    """
    found = (each for condition in dict.fromkeys(conditions) for each in _needed_of(condition))
    return tuple(each for each in found if each)


def _needed_of(condition: str) -> Iterator[Needed]:
    fixed = _fixed(_comparisons(condition))
    for part in _parts(condition, "AND"):
        yield _needed(part, fixed)


def _fixed(comparisons: Iterable[Comparison]) -> frozenset[str]:
    return frozenset(each.expression for each in comparisons if each.operator == "=")


def _needed(part: str, fixed: frozenset[str]) -> Needed:
    """What the part needs, where these expressions are fixed beside it."""
    alternatives = [_comparisons(alternative) for alternative in _parts(part, "OR")]
    chosen = [min(each, key=lambda one: one.rank) for each in alternatives if each]
    if len(chosen) < len(alternatives) or not any(each.is_since for each in chosen):
        return {}
    return {
        one.expression: Asked(
            operators=frozenset(o.operator for o in chosen if o.expression == one.expression),
            beside=(fixed | _fixed(each)) - {one.expression},
        )
        for one, each in zip(chosen, alternatives, strict=True)
    }


def _comparisons(alternative: str) -> list[Comparison]:
    """Those that an alternative joins with AND: one of them is to be indexed."""
    return [*filter(None, map(_comparison, _parts(alternative, "AND")))]


def _comparison(text: str) -> Comparison | None:
    inner = without_outer_parentheses(text)
    hit = OPERATOR.search(_shallow(inner))
    if hit is None:
        return None
    expression = _plain(inner[: hit.start()])
    if not expression or expression.startswith("'") or NEVER_INDEXED.search(expression):
        return None
    bound = "" if hit[3] else inner[hit.start(2) :]
    return Comparison(expression=expression, operator=hit[1] or IS_NULL, bound=bound)


def _plain(expression: str) -> str:
    """As an index names it: PostgreSQL compares a varchar as if it were a text."""
    bare = without_outer_parentheses(expression)
    relabelled = RELABELLED.fullmatch(bare)
    return relabelled[1] if relabelled else bare


def _parts(condition: str, word: str) -> Iterator[str]:
    """What the word joins, in the outermost parentheses; the condition itself where it does not."""
    inner, start = without_outer_parentheses(condition), 0
    for hit in re.finditer(f" {word} ", _shallow(inner)):
        yield inner[start : hit.start()]
        start = hit.end()
    yield inner[start:]


def _shallow(text: str) -> str:
    """The text with underscores for all that is quoted or in parentheses.

    >>> _shallow("(a AND b) OR x = ' OR '")
    '(_______) OR x = ______'
    """
    depth, signs = 0, list[str]()
    for sign in re.sub(QUOTED, lambda hit: "_" * len(hit[0]), text):
        depth -= sign == ")"
        signs.append("_" if depth else sign)
        depth += sign == "("
    return "".join(signs)
