"""Error changes: codes that are new, gone, or of which there are markedly more or fewer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from metrics_core import wording
from metrics_core.candidate import Candidate
from metrics_core.change_score import Rate, dispersion, rate_score
from metrics_core.comparison import Direction, Unit, Value
from metrics_core.sides import DIGITS, SAY, One, Sides


@dataclass(frozen=True, kw_only=True)
class Failures:
    """The failures of one code on one side.

    `of` is what they are compared by. `is_known` is false of a code that may be one of those beyond
    the listed ones: `count` is then the most that it can have.
    """

    count: int
    of: float
    bins: tuple[int, ...] = ()
    is_known: bool = True

    @property
    def rate(self) -> Rate:
        return Rate(self.count, self.of)


def error_changes(sides: Sides) -> Iterator[Candidate]:
    """Every code of either side, and the codes beyond the listed ones together."""
    old, new = sides.before.snapshot.errors, sides.after.snapshot.errors
    if old is None or new is None:
        return
    for code in sorted({each.code for errors in (old, new) for each in errors.codes}):
        before, after = (_failures(sides, one, code) for one in sides.both)
        yield _candidate(sides, code, before, after)
    if old.other or new.other:
        yield _other(sides)


def _failures(sides: Sides, one: One, code: str) -> Failures:
    errors, of = one.snapshot.errors, _exposure(sides, one)
    if errors is None:
        return Failures(count=0, of=of)
    for each in errors.codes:
        if each.code == code:
            return Failures(count=each.count, of=of, bins=one.in_full_bins(each.bins))
    if errors.other is None:
        return Failures(count=0, of=of)
    most = min([errors.other.count, *(each.count for each in errors.codes)])
    return Failures(count=most, of=of, is_known=False)


def _exposure(sides: Sides, one: One) -> float:
    return one.hours if sides.same_tasks else one.judged


def _candidate(sides: Sides, code: str, old: Failures, new: Failures) -> Candidate:
    noise = min(dispersion(old.bins), dispersion(new.bins))
    score = rate_score(old.rate, new.rate, noise)
    is_consistent = (old.is_known or score > 0) and (new.is_known or score < 0)
    return Candidate(
        kind="error_code",
        name=code,
        title=f"Failures with {code}",
        unit=_unit(sides),
        more_is="worse",
        before=_amount(sides, old),
        after=_amount(sides, new),
        n=(sides.before.snapshot.tasks.failed, sides.after.snapshot.tasks.failed),
        score=score if is_consistent else 0.0,
        direction=_direction(old, new),
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
    verb = "rose" if new.count * old.of > old.count * new.of else "fell"
    before, after = (_said(sides, each) for each in (old, new))
    return f"{told} {verb} from {before} to {after}"


def _unit(sides: Sides) -> Unit:
    if not sides.same_tasks:
        return "share"
    return "tasks per hour" if sides.per_hour else "tasks"


def _amount(sides: Sides, failures: Failures) -> Value | None:
    if not failures.is_known or not failures.of:
        return None
    rate = round(failures.count / failures.of, DIGITS)
    return failures.count if _unit(sides) == "tasks" else rate


def _said(sides: Sides, failures: Failures) -> str:
    number, amount = wording.count(failures.count), _amount(sides, failures)
    if amount is None:
        return f"at most {number}"
    unit = _unit(sides)
    return number if unit == "tasks" else f"{SAY[unit](amount)} ({number})"


def _other(sides: Sides) -> Candidate:
    old, new = (_further(sides, one) for one in sides.both)
    return Candidate(
        kind="other_errors",
        name="other",
        title="Failures with codes beyond the listed ones",
        unit=_unit(sides),
        more_is="worse",
        before=_amount(sides, old),
        after=_amount(sides, new),
        n=(sides.before.snapshot.tasks.failed, sides.after.snapshot.tasks.failed),
        score=rate_score(old.rate, new.rate),
    )


def _further(sides: Sides, one: One) -> Failures:
    errors = one.snapshot.errors
    count = errors.other.count if errors and errors.other else 0
    return Failures(count=count, of=_exposure(sides, one))
