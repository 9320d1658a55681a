"""Name words: what a column's name says of its use in a task table. Pure.

A guess from words alone, to be weighed with the column's type and values.
"""

import re
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TIME_WORDS: Mapping[str, str] = {
    "created_at": "created inserted enqueued submitted queued added creation create received "
    "requested registered issued insert enqueue ctime arrived posted",
    "started_at": "started began begun begin start launched dequeued processing picked claimed "
    "executing running acquired attempted attempt reserved locked performed leased assigned",
    "finished_at": "finished ended done end finish stopped closed finalized completed complete "
    "completion succeeded failed cancelled canceled aborted resolved terminated processed executed",
}
"""The surest first, by the canonical column."""
GENERAL_ENDS = _words("finished ended done end finish stopped closed finalized")
"""Ends of whatever outcome: beside one of these no other is needed."""
DOUBTFUL_ENDS = frozenset({"processed", "executed"})
FAILED_ENDS = frozenset({"failed"})
CANCELLED_ENDS = frozenset({"cancelled", "canceled", "aborted", "terminated"})
ELIGIBLE_WORDS = _words(
    "scheduled schedule eligible available after before next visible planned notbefore"
)
UPDATED_WORDS = _words("updated modified changed touched update mtime")
NO_TIME_OF_A_TASK = _words(
    "expire expires expired expiry expiration deadline timeout heartbeat beat lease until ttl due "
    "archived seen birth birthday dob by expected estimated viewed read paid login"
)
VAGUE_TIMES = _words("timestamp ts time date at when on datetime occurred logged")
"""Names of the only time that a table has; no more than that."""
AROUND_A_TIME = ("at", "on", "ts", "time", "date", "utc", "ms", "timestamp")
KNOWN_TIMES = (
    {word for known in TIME_WORDS.values() for word in known.split()}
    | ELIGIBLE_WORDS
    | UPDATED_WORDS
)
STATUS_WORDS = _words("status state phase stage outcome lifecycle statut zustand")
ERROR_WORDS = (
    *("error", "errors", "err", "failure", "exception", "reason", "fault", "traceback"),
    *("stacktrace", "cause", "problem", "message"),
)
TEXT_OF_AN_ERROR = _words("message msg text reason detail details description info")
ERROR_CODE_WORDS = _words("code type class kind name")
NO_ERROR = _words("count counts number num id at on retries attempts rate policy max")
ID_WORDS = _words("id uuid guid uid key")
DIMENSION_WORDS = _words(
    "queue kind type engine tenant worker class name provider model region customer priority agent "
    "category project workspace workflow team pool host service channel topic action operation "
    "source env environment plan tier client account org backend entrypoint job task handler "
    "function module language lang"
)
TABLE_WORDS = _words(
    "task tasks job jobs queue queues work works item items run runs execution executions process "
    "processes request requests message messages workflow workflows step steps batch"
)
TO_MS = {"ms": 1, "millis": 1, "milliseconds": 1, "seconds": 1000, "secs": 1000, "sec": 1000}
DURATION_WORDS = _words("duration elapsed runtime took")
COST_WORDS = _words("cost costs price usd")


def words(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters.

    >>> words("startedOn"), words("Job STATE"), words("completed_ts")
    (('started', 'on'), ('job', 'state'), ('completed', 'ts'))
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[^\W_]+", spaced.casefold()))


def time_words(name: str) -> tuple[str, ...]:
    """The words of a time's name, also where they are written as one.

    >>> time_words("createdat"), time_words("EndDate")
    (('created',), ('end', 'date'))
    """
    return tuple(_stem(word) for word in words(name))


def _stem(word: str) -> str:
    stems = (word.removesuffix(end) for end in AROUND_A_TIME if word.endswith(end))
    return next((stem for stem in (word, *stems) if stem in KNOWN_TIMES), word)


def time_role(name: str) -> tuple[str, int] | None:
    """The canonical column that a time of this name would be, and how unsure that is (0 is best).

    >>> time_role("began"), time_role("run_after"), time_role("expires_at")
    (('started_at', 1), ('eligible_at', 0), None)
    """
    parts = time_words(name)
    if NO_TIME_OF_A_TASK & {*parts}:
        return None
    hits = [(role, known.split().index(word)) for word in parts for role, known in _roles(word)]
    if ELIGIBLE_WORDS & {*parts} or (parts[:1] == ("run",) and not hits):
        return "eligible_at", 0
    if UPDATED_WORDS & {*parts}:
        return "updated_at", 0
    return hits[-1] if hits else None


def _roles(word: str) -> list[tuple[str, str]]:
    return [(role, known) for role, known in TIME_WORDS.items() if word in known.split()]


def is_vague_time(name: str) -> bool:
    """Whether the name says no more than that it is a time."""
    parts = words(name)
    return bool(parts) and {*parts} <= VAGUE_TIMES


def names_status(name: str) -> bool:
    """
    >>> names_status("jobstate"), names_status("Order Status"), names_status("statistics")
    (True, True, False)
    """
    return any(word in STATUS_WORDS or word.endswith(("status", "state")) for word in words(name))


def error_rank(name: str) -> int | None:
    """How unsure it is that the column holds error texts (0 is best); None where it does not.

    >>> error_rank("failure_message"), error_rank("reason"), error_rank("error_count")
    (0, 6, None)
    """
    parts = words(name)
    hits = [ERROR_WORDS.index(word) for word in parts if word in ERROR_WORDS]
    if not hits or NO_ERROR & {*parts} or names_error_code(name):
        return None
    told = min(hits) < ERROR_WORDS.index("reason") and bool(TEXT_OF_AN_ERROR & {*parts})
    return 0 if told else min(hits) + 1


def names_error_code(name: str) -> bool:
    """
    >>> names_error_code("error_code"), names_error_code("country_code")
    (True, False)
    """
    parts = words(name)
    return len(parts) > 1 and parts[-1] in ERROR_CODE_WORDS and {*parts} & {*ERROR_WORDS} != set()


def is_one_of(name: str, known: frozenset[str]) -> bool:
    """Whether one of the name's words is among these."""
    return bool(known & {*words(name)})
