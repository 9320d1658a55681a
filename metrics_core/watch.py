"""Watch: when a rule of the flight recorder begins to hold, and when it has stopped. Pure.

It begins with the first reading at which it holds. It is over once it has been clear of its limit
(`Rule.is_clear`) for five minutes without a break, so that a figure which dances about the limit is
one beginning, not twenty. What cannot be measured neither begins nor ends anything.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from metrics_core.rules import Reading, Rule

SETTLED_AFTER = timedelta(minutes=5)
LONGEST_NOTE = 1_000
Turn = Literal["began", "ended"]


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Whether the rule holds, as far as recorded, and since when it has been clear of its limit."""

    is_open: bool = False
    clear_since: datetime | None = None

    def after(self, rule: Rule, found: Reading | None, at: datetime) -> tuple["Watch", Turn | None]:
        """What is known once this was read in the window that ended at `at`; what has turned."""
        if found is None:
            return self, None
        if not self.is_open:
            return (Watch(is_open=True), "began") if rule.holds(found.value) else (self, None)
        if not rule.is_clear(found.value):
            return Watch(is_open=True), None
        since = self.clear_since or at
        if at - since >= SETTLED_AFTER:
            return Watch(), "ended"
        return Watch(is_open=True, clear_since=since), None


def note(turn: Turn, rule: Rule, found: Reading) -> str:
    """What stands beside the archived snapshot; `turn_in` reads it again."""
    text = re.sub(r"[\x00-\x1f\x7f]", " ", str(found))
    return f"{prefix(turn, rule)} it is {text}"[:LONGEST_NOTE]


def prefix(turn: Turn, rule: Rule) -> str:
    """How the note of such a turn begins."""
    return f"{turn}: {rule.text};"


def turn_in(text: str | None, rule: Rule) -> Turn | None:
    """The turn that a note tells of this very rule; None where it tells of something else.

    >>> from metrics_core.rules import parsed
    >>> rule = parsed("failure_rate > 0.2", ())
    >>> turn_in("began: failure_rate > 0.2; it is 0.31 (n=80)", rule)
    'began'
    >>> turn_in("began: failure_rate > 0.25; it is 0.31 (n=80)", rule)
    """
    turns: tuple[Turn, ...] = ("began", "ended")
    return next((turn for turn in turns if (text or "").startswith(prefix(turn, rule))), None)
