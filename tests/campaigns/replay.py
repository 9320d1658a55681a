"""The demo's day once more, tick by tick: what the recorder archives of it, and what it should.

The rows are those of the finished day: a task's times say what state it was in at any instant.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from dashboard.archiving import Archiving
from dashboard.collector import Collector
from dashboard.demo.database import DATABASE_NAME
from dashboard.demo.settings import SETTINGS_NAME
from dashboard.demo.world import World, microseconds
from dashboard.flight_recorder import SourceRecorder
from metrics_core import Archive, Snapshot, Source, Window, load_sources, take_snapshot
from metrics_core.rules import Rule
from metrics_core.window import EPOCH, from_epoch_us
from tests.slow_rules import Row, rows_of, slow_value

HOUR = timedelta(hours=1)
HOUR_US = 3_600_000_000
Happening = tuple[str, datetime]
"""`began` or `ended`, and the end of the window in which that was seen."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A demo in a folder; its world knows when each fault was planted."""

    source: Source
    database: Path
    world: World

    @classmethod
    def of(cls, folder: Path, world: World) -> "Day":
        """Of a demo that was made in the folder."""
        source = load_sources(folder / SETTINGS_NAME)["video_tasks"]
        return cls(source=source, database=folder / DATABASE_NAME, world=world)

    @property
    def end(self) -> datetime:
        return from_epoch_us(self.world.now_us)

    @property
    def planted(self) -> dict[str, datetime]:
        """When each fault began."""
        begin = from_epoch_us(self.world.begin_us)
        return {
            "stall": from_epoch_us(self.world.stall_us[0]),
            "bad deploy": from_epoch_us(self.world.deploy_us),
            "drift": begin,
            "failing tenant": begin,
        }

    def ago(self, instant: datetime) -> str:
        """How long before the end of the day, as -06:54:13."""
        seconds = round((self.end - instant).total_seconds())
        return f"-{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def ticks(since: datetime, until: datetime, seconds: int) -> list[datetime]:
    """The ticks of the clock within the two."""
    step = timedelta(seconds=seconds)
    first = since - (since - EPOCH) % step
    return [first + n * step for n in range(1, (until - first) // step + 1)]


def replayed(day: Day, file: Path, at: list[datetime]) -> dict[str, list[Happening]]:
    """What a recorder that looks at each tick archives, by its rule, as the archive tells it."""
    clock = {"now": at[0]}
    step = (at[1] - at[0]).total_seconds()
    collector = Collector(
        {day.source.name: day.source}, tick_seconds=step, now=lambda: clock["now"], take=_taken
    )
    recorder = SourceRecorder(day.source, collector, Archiving(file))
    for clock["now"] in at:
        recorder.look()
    return {rule.text: list(_recorded(file, rule)) for rule in day.source.rules}


def _taken(
    source: Source, window: Window, scope: Mapping[str, str], request_id: str, /
) -> Snapshot:
    # The database's clock is the present's, and that window is not: it says nothing of a skew.
    return take_snapshot(source, replace(window, live=False), scope, request_id=request_id)


def _recorded(file: Path, rule: Rule) -> Iterator[Happening]:
    """Oldest first."""
    entries = Archive(file).page(size=1_000).entries if file.exists() else ()
    for entry in reversed(entries):
        turn, _, text = (entry.note or "").partition(": ")
        if text.partition(";")[0] == rule.text:
            yield turn, entry.window_to


def expected(day: Day, at: list[datetime]) -> dict[str, list[Happening]]:
    """The same by plain loops over the rows."""
    hours = list(_hours(rows_of(day.database), [microseconds(each) for each in at]))
    found: dict[str, list[Happening]] = {}
    for rule in day.source.rules:
        values = [slow_value(rule.text, *hour) for hour in hours]
        turns = _turns(rule, values, [instant for instant, _, _ in hours])
        found[rule.text] = [(turn, at[place]) for turn, place in turns]
    return found


def _hours(rows: list[Row], at_us: list[int]) -> Iterator[tuple[int, list[Row], list[Row]]]:
    """For each instant the tasks that had not ended, and those that had in the hour before it."""
    by_end = sorted((row for row in rows if row.end), key=lambda row: row.end)
    ends = [row.end for row in by_end]
    there, place = list[Row](), 0
    for at in at_us:
        while place < len(rows) and rows[place].created < at:
            there.append(rows[place])
            place += 1
        there = [row for row in there if not 0 < row.end < at]
        yield at, there, by_end[bisect_left(ends, at - HOUR_US) : bisect_left(ends, at)]


def _turns(rule: Rule, values: list[float | None], at_us: list[int]) -> Iterator[tuple[str, int]]:
    """Begins beyond the limit; ends after five minutes of values a tenth clear of it."""
    holding, opened = False, 0
    for place, value in enumerate(values):
        if value is None:
            continue
        if not holding and value > rule.limit:
            holding, opened = True, place
            yield "began", place
        elif holding:
            clear = place
            while clear >= opened and (v := values[clear]) is not None and v <= 0.9 * rule.limit:
                clear -= 1
            if clear < place and at_us[place] - at_us[clear + 1] >= 300_000_000:
                holding = False
                yield "ended", place


def calm_hours(day: Day, happenings: Mapping[str, list[Happening]]) -> list[datetime]:
    """The beginnings of the hours of the day, but for the first, in which nothing should happen."""
    at = [instant for each in happenings.values() for _, instant in each]
    hours = [day.end - n * HOUR for n in range(1, 24)]
    return [hour for hour in hours if not any(hour < instant <= hour + HOUR for instant in at)]
