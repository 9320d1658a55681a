"""What the doctor says of a source's rules for the flight recorder. Pure."""

from collections.abc import Iterator

from metrics_core.doctor import Diagnosis
from metrics_core.remark import Remark
from metrics_core.rules import NAMED_OTHERWISE


def remarks_on_rules(found: Diagnosis, *, archive_is_set: bool) -> Iterator[Remark]:
    """Which rules are looked at, which can never hold, and whether anything is recorded."""
    known = found.sample.quality.not_measurable if found.sample else ()
    reasons = {each.figure: each.reason for each in known} | {**found.source.not_measurable}
    for rule in found.source.rules:
        reason = reasons.get(NAMED_OTHERWISE[rule.figure])
        if reason:
            text = f"{rule.text}: its figure is not measurable, so it never holds. {reason}"
            yield Remark(about="rule", level="not_good", text=text)
        else:
            text = f"{rule.text}, over the last hour, once a tick."
            yield Remark(about="rule", level="good", text=text)
    if found.source.rules and not archive_is_set:
        yield Remark(
            about="rule",
            level="not_good",
            text="no archive is set, so nothing is recorded.",
            to_do="name the archive's file by STILLFRAME_ARCHIVE.",
        )
