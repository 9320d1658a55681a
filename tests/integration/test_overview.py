"""Overview and recent failures of 100,000 agent run events against plain loops over the events."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from random import Random

import psycopg
import pytest

from dashboard.collector import Collector
from metrics_core import Source, Window
from metrics_core.failures_recent import recent_failures
from metrics_core.overview import overview_of
from metrics_core.presets import preset_settings
from metrics_core.window import epoch_us, from_epoch_us, utc_text
from tests.agent_events import DAYS, HOUR_US, Event, load, seeded_events

FIRST = epoch_us(datetime(2026, 1, 5, tzinfo=UTC))
LAST = FIRST + DAYS * 24 * HOUR_US
EVENTS = 100_000
QUESTIONS = 50
NAMES = ("tenant_id", "workspace_id", "project_id", "agent_id", "workflow_id")


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run that has ended: its first end, and what it cost, in millionths, as far as known."""

    end: Event
    millionths: int | None


@dataclass(frozen=True, kw_only=True)
class Question:
    """What one asks of both endpoints."""

    to: int
    hours: int
    limit: int
    scope: Mapping[str, str]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return seeded_events(4, EVENTS, FIRST)


@pytest.fixture(scope="module")
def source(events: list[Event], postgres_url: str) -> Iterator[Source]:
    load(postgres_url, events)
    preset = preset_settings("agent_events", "postgresql")
    settings = {"name": "runs", "url": postgres_url, "deadline_seconds": 60}
    yield Source.model_validate({**preset, **settings})
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP TABLE agent_events")


@pytest.fixture(scope="module")
def runs(events: list[Event]) -> list[Run]:
    """The contract's runs, by plain loops over its events."""
    ends: dict[str, Event] = {}
    calls: dict[str, list[int]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        if event.type in ("run.completed", "run.failed"):
            ends.setdefault(event.run, event)
        if event.type in ("model.call.completed", "model.call.failed"):
            calls[event.run] += [event.millionths] if event.millionths is not None else []
    return [Run(end=end, millionths=cost_of(end, calls[run])) for run, end in ends.items()]


def cost_of(end: Event, calls: Sequence[int]) -> int | None:
    if end.millionths is not None:
        return end.millionths
    return sum(calls) if calls else None


def ended(runs: Sequence[Run], question: Question, hours: int) -> list[Run]:
    """The runs that ended in so many hours before `to`, and are of the scope."""
    since = question.to - hours * HOUR_US
    return [
        run
        for run in runs
        if since <= run.end.at < question.to and in_scope(run.end, question.scope)
    ]


def in_scope(end: Event, scope: Mapping[str, str]) -> bool:
    ids = dict(zip(NAMES, end.ids, strict=True))
    return all(ids[name] == value for name, value in scope.items())


def plain_overview(runs: Sequence[Run], question: Question) -> dict[str, object]:
    found = ended(runs, question, question.hours)
    good = [run for run in found if run.end.type == "run.completed"]
    times = [run.end.latency_ms for run in found if run.end.latency_ms is not None]
    rate = Fraction(100 * len(good), len(found)) if found else Fraction(0)
    mean = Fraction(sum(times), len(times)) if times else Fraction(0)
    return {
        "window_start": utc_text(from_epoch_us(question.to - question.hours * HOUR_US)),
        "window_end": utc_text(from_epoch_us(question.to)),
        "window_hours": question.hours,
        "filters": {"window_hours": question.hours, **question.scope},
        "total_runs": len(found),
        "successful_runs": len(good),
        "failed_runs": len(found) - len(good),
        "success_rate": round(float(rate), 6),
        "total_cost_usd": sum(run.millionths or 0 for run in found) / 1_000_000,
        "avg_latency_ms": round(float(mean), 6),
    }


def plain_failures(runs: Sequence[Run], question: Question) -> list[dict[str, object]]:
    found = [run.end for run in ended(runs, question, 168) if run.end.type == "run.failed"]
    found.sort(key=lambda end: (-end.at, end.run))
    return [
        {
            "run_id": end.run,
            "agent_id": end.ids[3],
            "workflow_id": end.ids[4],
            "error_type": end.error or "NO_MESSAGE",
            "occurred_at": utc_text(from_epoch_us(end.at)),
            "trace_id": end.trace,
        }
        for end in found[: question.limit]
    ]


def questions(events: Sequence[Event]) -> Iterator[Question]:
    """Random windows, many of whose edges are those of events, with up to three scope ids."""
    dice = Random(50)
    for _ in range(QUESTIONS):
        one = dice.choice(events)
        at = dice.choice((dice.randrange(FIRST - 24 * HOUR_US, LAST), one.at, one.at + 1))
        to = dice.choice((at, at - at % HOUR_US))
        hours = dice.choice((1, 2, 24, 168, dice.randint(1, 168)))
        names = dice.choice(((), (), NAMES[:1], NAMES[:2], NAMES[3:4], dice.sample(NAMES, 3)))
        ids = dict(zip(NAMES, one.ids, strict=True))
        scope = {name: ids[name] for name in NAMES if name in names}
        if dice.random() < 0.1:
            scope["tenant_id"] = "t-nobody"
        yield Question(to=to, hours=hours, limit=dice.choice((1, 50, 200)), scope=scope)


def test_they_equal_plain_loops_over_the_events(
    source: Source, events: list[Event], runs: list[Run]
) -> None:
    collector = Collector({"runs": source}, tick_seconds=5)
    totals, listed = list[int](), 0
    for question in questions(events):
        to = from_epoch_us(question.to)
        window = Window.ending(to, minutes=60 * question.hours)
        snapshot = collector.past("runs", window, question.scope)
        overview = overview_of(snapshot, question.hours, question.scope)
        expected = plain_overview(runs, question)
        assert list(json.loads(overview.to_json()).items()) == list(expected.items())
        answer = json.loads(recent_failures(source, to, question.limit, question.scope).to_json())
        assert answer["failures"] == plain_failures(runs, question)
        totals.append(overview.total_runs)
        listed += len(answer["failures"])
    assert totals.count(0) >= 3
    assert sum(total > 100 for total in totals) >= 15
    assert listed > 1_000


def test_the_seed_holds_what_makes_it_hard(events: list[Event], runs: list[Run]) -> None:
    started = {event.run: event.at for event in events if event.type == "run.started"}
    ids = [run.end.run for run in runs]
    assert len(events) == EVENTS
    assert sum(run not in started for run in ids) > 500
    assert len(set(started) - set(ids)) > 1_000
    assert sum(run.end.at < started.get(run.end.run, 0) for run in runs) > 100
    assert sum(run.end.millionths is None and run.millionths is not None for run in runs) > 1_000
    assert sum(a.at > b.at for a, b in pairwise(events)) > 10_000
    assert len({run.end.at for run in runs}) < len(runs)
