"""Status words: what the native values of a foreign table's status most likely mean. Pure.

A guess from words alone, to be shown before it is used.
"""

import re
from collections.abc import Iterator, Mapping

from metrics_core.name_words import words
from metrics_core.source import Status

WORDS: Mapping[Status, str] = {
    "queued": "queued queue enqueued pending waiting wait new created ready todo open submitted "
    "available accepted received requested registered init initial initialized notstarted "
    "unstarted unprocessed backlog inqueue idle",
    "processing": "processing process running run active started inprogress "
    "progress working executing busy picked claimed leased locked reserved ongoing doing begun "
    "acquired assigned dispatched inflight",
    "completed": "completed complete completion done success successful successfully succeeded "
    "succeed finished finish ok okay processed passed delivered sent fulfilled executed resolved",
    "failed": "failed failure fail failing error errored errors exception crashed crash dead "
    "timeout timedout expired discarded rejected faulted broken unsuccessful unsuccessfully "
    "deadletter undeliverable",
    "cancelled": "cancelled canceled cancel cancellation aborted abort skipped revoked removed "
    "deleted stopped terminated killed ignored void voided abandoned withdrawn superseded",
    "scheduled": "scheduled delayed deferred planned postponed future paused held onhold snoozed",
    "retrying": "retry retrying retryable retried upforretry retryscheduled willretry backoff",
}
MEANINGS: Mapping[str, Status] = {
    word: status for status, known in WORDS.items() for word in known.split()
}
NEGATIONS = {"not", "no", "non", "never", "un", "partially", "partly", "half", "pre", "almost"}


def meaning(native: str) -> Status | None:
    """The status that a native value most likely means; None where its words tell none.

    >>> meaning("IN_PROGRESS"), meaning("JobState.Done"), meaning("payment-failed")
    ('processing', 'completed', 'failed')
    >>> meaning("not ok"), meaning("7"), meaning("")
    (None, None, None)
    """
    return next((MEANINGS[word] for word in _readings(words(native)) if word in MEANINGS), None)


def _readings(parts: tuple[str, ...]) -> Iterator[str]:
    """All of it as one word, then its last two words, its last, and its first."""
    yield "".join(parts)
    if parts and not NEGATIONS & {*parts}:
        yield "".join(parts[-2:])
        yield parts[-1]
        yield parts[0]


def is_code(native: str) -> bool:
    """Whether it is a number that stands for a status, and so tells nothing of itself.

    >>> is_code("-1"), is_code("2.0"), is_code("done")
    (True, True, False)
    """
    return re.fullmatch(r"[-+]?\d+(\.0+)?", native) is not None
