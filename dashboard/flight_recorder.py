"""The flight recorder archives the last hour by itself when a rule begins to hold, or is over.

It looks once a tick, at the collector's own answers: nobody needs to watch, and who does shares the
scan. What was recorded is read from the archive, so that a restart, or a second process on the same
archive, does not record the same beginning twice. A record that the archive does not take waits,
and is offered again each tick.
"""

import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from dashboard import logs
from dashboard.archiving import Archiving
from dashboard.background import Background, stop
from dashboard.collector import Collector
from dashboard.metrics_line import tell_metrics
from metrics_core import Archive, Deposit, Snapshot, Source, StillframeError
from metrics_core.archive_record import Receipt
from metrics_core.archive_search import Search
from metrics_core.errors import NoArchive
from metrics_core.evidence import Viewer
from metrics_core.rules import WINDOW_MINUTES, Reading, Rule, reading
from metrics_core.take import new_request_id
from metrics_core.watch import Turn, Watch, note, turn_in

ACTOR = Viewer(name="flight recorder", self_declared=False)
MOST_WAITING = 20
log = logging.getLogger("stillframe.recorder")


@dataclass(frozen=True, kw_only=True)
class RuleState:
    """A rule as it was last looked at; `holds` is null until that is known.

    `found` is its figure then, null where it could not be measured or was never looked at.
    """

    rule: Rule
    holds: bool | None = None
    found: Reading | None = None


@dataclass(frozen=True, kw_only=True)
class _Record:
    """A snapshot that is to be archived because of a rule."""

    rule: Rule
    turn: Turn
    snapshot: Snapshot
    note: str


class SourceRecorder:
    """The rules of one source."""

    def __init__(self, source: Source, collector: Collector, archive: Archiving) -> None:
        self._source = source
        self._collector = collector
        self._archive = archive
        self._watches: dict[Rule, Watch] = {}
        self._found: dict[Rule, Reading | None] = {}
        self._waiting: deque[_Record] = deque(maxlen=MOST_WAITING)

    @property
    def states(self) -> tuple[RuleState, ...]:
        """Each rule, in the order of the settings."""
        return tuple(self._state(rule) for rule in self._source.rules)

    def look(self) -> None:
        """Look at the latest tick's snapshot once, and archive it where a rule says so.

        Figures that are not of the present, or that cannot be had, say nothing about any rule.
        """
        try:
            snapshot = self._collector.live(self._source.name, WINDOW_MINUTES)
        except StillframeError:
            return  # the collector's log tells why
        if snapshot.provenance.freshness.state == "LIVE":
            for rule in self._source.rules:
                self._hold(rule, snapshot)
        self._offer()

    def _state(self, rule: Rule) -> RuleState:
        watch = self._watches.get(rule)
        holds = watch.is_open if watch else None
        return RuleState(rule=rule, holds=holds, found=self._found.get(rule))

    def _hold(self, rule: Rule, snapshot: Snapshot) -> None:
        found = self._found[rule] = reading(rule, snapshot)
        watch = self._watches.get(rule) or self._watch_of_archive(rule)
        if watch is None:
            return
        self._watches[rule], turn = watch.after(rule, found, snapshot.window.to)
        if turn and found and self._is_news(rule, turn):
            # Two rules that turn at once are two documents: one would be archived for one of them.
            own = snapshot.answering(new_request_id())
            told = note(turn, rule, found)
            self._waiting.append(_Record(rule=rule, turn=turn, snapshot=own, note=told))

    def _watch_of_archive(self, rule: Rule) -> Watch | None:
        """As the archive has it; None where it cannot be read now."""
        try:
            return Watch(is_open=self._recorded(rule) == "began")
        except StillframeError:
            return None

    def _is_news(self, rule: Rule, turn: Turn) -> bool:
        """Whether nobody has recorded this turn, as far as the archive can be read."""
        if any(each.rule == rule for each in self._waiting):
            return True
        try:
            return self._recorded(rule) != turn
        except StillframeError:
            return True

    def _recorded(self, rule: Rule) -> Turn | None:
        """The rule's last turn in the archive. Errors: those of the archive."""
        if self._archive.path is None:
            return None
        archive = Archive(self._archive.path)
        search = Search(source=self._source.name, actor=ACTOR.name, note=f"{rule.text};")
        before: int | None = None
        while True:
            try:
                page = archive.page(search, before=before)
            except NoArchive:
                return None
            told = (turn_in(entry.note, rule) for entry in page.entries)
            turn = next((each for each in told if each), None)
            if turn or page.before is None:
                return turn
            before = page.before

    def _offer(self) -> None:
        """Archive what waits, the oldest first, as far as the archive takes it."""
        while self._waiting:
            record = self._waiting[0]
            deposit = Deposit(reason="recorder", actor=ACTOR, note=record.note)
            outcome = self._archive.keep(record.snapshot, deposit)
            if not isinstance(outcome, Receipt):
                return  # the archive's log tells why
            self._waiting.popleft()
            tell_metrics(record.snapshot, self._archive.stamp(outcome))
            fields: dict[str, logs.Value] = {
                "requestId": record.snapshot.request_id,
                "source": self._source.name,
                "said": record.note,
            }
            logs.tell(log, f"rule {record.turn}", fields, level=logging.WARNING)


class FlightRecorder:
    """The recorders of all sources that have rules, each in a thread of its own."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        collector: Collector,
        archive: Archiving,
        *,
        tick_seconds: float,
    ) -> None:
        self._recorders = {
            name: SourceRecorder(source, collector, archive)
            for name, source in sources.items()
            if source.record_when
        }
        self._is_set = archive.is_set
        self._works = [
            Background(f"recorder-{name}", recorder.look, partial(_until_next_tick, tick_seconds))
            for name, recorder in self._recorders.items()
        ]

    def states(self, source: str) -> tuple[RuleState, ...]:
        """The source's rules as they were last looked at."""
        recorder = self._recorders.get(source)
        return recorder.states if recorder else ()

    def start(self) -> None:
        """Begin to look; without an archive there is nothing to record into, which is told."""
        if self._recorders and not self._is_set:
            fields: dict[str, logs.Value] = {"sources": ",".join(self._recorders)}
            logs.tell(log, "no archive for record_when", fields, level=logging.WARNING)
            return
        for work in self._works:
            work.start()

    def stop(self) -> None:
        """Look no more; returns once no look is under way, or after five seconds."""
        stop(self._works)


def _until_next_tick(tick_seconds: float) -> float:
    """Live windows end on the ticks of the clock: what looks right after each shares its scan."""
    return tick_seconds - time.time() % tick_seconds
