"""Error changes: codes that are new, gone, or of which there are markedly more or fewer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from metrics_core import wording
from metrics_core.candidate import Candidate
from metrics_core.change_score import Rate, dispersion, rate_score
from metrics_core.comparison import Direction
from metrics_core.document import Errors
from metrics_core.sides import One, Sides


@dataclass(frozen=True, kw_only=True)
class Failures:
    """The failures of one code on one side.

    `is_known` is false of a code that may be one of those beyond the listed ones: `count` is then
    the most that it can have.
    """

    one: One
    count: int
    bins: tuple[int, ...] = ()
    is_known: bool = True

    @property
    def noise(self) -> float:
        inner = (
            (
                n
                for n, each in zip(self.bins, self.one.snapshot.series, strict=True)
                if not each.partial
            )
            if self.bins
            else ()
        )
        return dispersion(tuple(inner))

    @property
    def rate(self) -> Rate:
        return Rate(self.count, self.one.hours)


def error_changes(sides: Sides) -> Iterator[Candidate]:
    """Every code of either side, and the codes beyond the listed ones together."""
    old, new = sides.before.snapshot.errors, sides.after.snapshot.errors
    if old is None or new is None:
        return
    for code in sorted({each.code for errors in (old, new) for each in errors.codes}):
        yield _candidate(
            sides, code, _failures(sides.before, old, code), _failures(sides.after, new, code)
        )
    yield from _other(sides, old, new)


def _failures(one: One, errors: Errors, code: str) -> Failures:
    for each in errors.codes:
        if each.code == code:
            return Failures(one=one, count=each.count, bins=each.bins)
    if errors.other is None:
        return Failures(one=one, count=0)
    most = min(errors.codes[-1].count, errors.other.count)
    return Failures(one=one, count=most, is_known=False)


def _candidate(sides: Sides, code: str, old: Failures, new: Failures) -> Candidate:
    direction = _direction(old, new)
    score = rate_score(old.rate, new.rate, min(old.noise, new.noise))
    is_consistent = (old.is_known or score > 0) and (new.is_known or score < 0)
    return Candidate(
        kind="error_code",
        name=code,
        title=f"Failures with {code}",
        unit="tasks",
        more_is="worse",
        before=old.count if old.is_known else None,
        after=new.count if new.is_known else None,
        n=(sides.before.snapshot.tasks.failed, sides.after.snapshot.tasks.failed),
        score=score if is_consistent else 0.0,
        direction=direction,
        sentence=_sentence(sides, code, old, new),
    )


def _direction(old: Failures, new: Failures) -> Direction | None:
    if not old.count:
        return "new"
    return None if new.count else "gone"


def _sentence(sides: Sides, code: str, old: Failures, new: Failures) -> str:
    told = f"Failures with {code}"
    if not old.count:
        return f"{told} are new: {wording.count(new.count)}"
    if not new.count:
        return f"{told} are gone: there were {wording.count(old.count)}"
    verb = "rose" if new.rate.events * old.rate.of > old.rate.events * new.rate.of else "fell"
    return f"{told} {verb} from {_said(sides, old)} to {_said(sides, new)}"


def _said(sides: Sides, failures: Failures) -> str:
    number = wording.count(failures.count)
    if not failures.is_known:
        return f"{number} at most"
    return (
        f"{number} ({wording.per_hour(failures.count / failures.one.hours)})"
        if sides.per_hour
        else number
    )


def _other(sides: Sides, old: Errors, new: Errors) -> Iterator[Candidate]:
    if old.other is None and new.other is None:
        return
    before = Failures(one=sides.before, count=old.other.count if old.other else 0)
    after = Failures(one=sides.after, count=new.other.count if new.other else 0)
    yield Candidate(
        kind="other_errors",
        name="other",
        title="Failures with codes beyond the listed ones",
        unit="tasks",
        more_is="worse",
        before=before.count,
        after=after.count,
        n=(sides.before.snapshot.tasks.failed, sides.after.snapshot.tasks.failed),
        score=rate_score(before.rate, after.rate),
    )
