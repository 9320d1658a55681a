"""Candidate: what may have changed, with its score; those that did become the ranked list. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics_core.change_score import LISTED_FROM
from metrics_core.comparison import Change, Direction, Kind, Meaning, Unit, Value
from metrics_core.sides import counted, meaning, moved

SCORE_DIGITS = 2


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A figure on both sides; `score` is positive where it rose.

    `sentence` is said instead of the usual one; `direction` likewise.
    """

    kind: Kind
    name: str
    title: str
    unit: Unit
    more_is: Meaning
    before: Value | None
    after: Value | None
    n: tuple[int, int]
    score: float
    dimension: str | None = None
    value: str | None = None
    direction: Direction | None = None
    sentence: str | None = None

    @property
    def strength(self) -> float:
        return round(abs(self.score), SCORE_DIGITS)

    def change(self) -> Change:
        """The listed change that this candidate is."""
        return Change(
            kind=self.kind,
            name=self.name,
            dimension=self.dimension,
            value=self.value,
            direction=self.direction or ("rose" if self.score > 0 else "fell"),
            unit=self.unit,
            before=self.before,
            after=self.after,
            n_before=self.n[0],
            n_after=self.n[1],
            meaning=meaning(self.more_is, self.score),
            score=self.strength,
            text=f"{self.sentence or self._usual_sentence()} ({counted(*self.n)})",
        )

    def _usual_sentence(self) -> str:
        if self.before is None or self.after is None:
            return f"{self.title} {'rose' if self.score > 0 else 'fell'}"
        return moved(self.title, self.unit, self.before, self.after)


def listed(candidates: Iterable[Candidate]) -> tuple[Change, ...]:
    """Those of at least LISTED_FROM: the largest score first, ties by kind, name and value."""
    sure = (candidate for candidate in candidates if candidate.strength >= LISTED_FROM)
    return tuple(candidate.change() for candidate in sorted(sure, key=_place))


def _place(one: Candidate) -> tuple[float, str, str, str, bool, str]:
    return (
        -one.strength,
        one.kind,
        one.name,
        one.dimension or "",
        one.value is None,
        one.value or "",
    )
