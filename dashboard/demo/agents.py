"""Agent runs, as the events that they tell: starts, model calls, tool calls, ends.

Events only ever arrive. One that occurred long ago may arrive now, some starts never find their
end, and some ends never had a start.
"""

from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import NamedTuple

from dashboard.demo.world import MINUTE_US, SECOND_US, TENANT_SHARES, TENANTS, World, minutes

RUNS_A_DAY = 20_000
LONGEST_RUN_US = 20 * MINUTE_US
LATEST_US = 30 * MINUTE_US
# All that a run ever tells has arrived this long after its start.
HORIZON_US = LONGEST_RUN_US + LATEST_US + MINUTE_US

FAILURE_RATE = 0.05
LATE_RATE = 0.005
LOST_END_RATE = 0.0005
LOST_START_RATE = 0.001
COST_ONLY_ON_CALLS_RATE = 0.15
TOOL_CALL_RATE = 0.5
MICRO_USD_A_TOKEN = 3

PROJECTS = ("support", "research", "billing")
AGENTS = ("planner", "researcher", "writer", "reviewer", "coder")
WORKFLOWS = ("answer-ticket", "weekly-report", "triage", "code-review")
MODELS = ("sonnet", "haiku", "opus")
TOOLS = ("search", "fetch", "sql", "shell")
ERROR_TYPES = (
    "ToolTimeoutError",
    "ModelOverloadedError",
    "ContextLengthExceeded",
    "GuardrailViolation",
    "BudgetExceeded",
)
ERROR_WEIGHTS = (8, 5, 3, 2, 1)


class Event(NamedTuple):
    """One row of agent_events, without its number."""

    event_id: str
    event_type: str
    occurred_us: int
    ingested_us: int
    tenant_id: str
    workspace_id: str
    project_id: str
    run_id: str
    agent_id: str
    workflow_id: str
    trace_id: str
    span_id: str
    parent_span_id: str | None
    run_status: str | None = None
    error_type: str | None = None
    total_tokens: int | None = None
    cost_usd: float | None = None
    payload: str = "{}"


Names = tuple[str, str, str, str, str, str, str]
"""What all events of a run share: an Event's tenant_id to trace_id, in its order."""


class Run(NamedTuple):
    """One run, of which events tell."""

    names: Names
    root_span: str
    started_us: int
    latency_us: int


def events(world: World, since_us: int, until_us: int) -> list[Event]:
    """The events that arrived in `[since, until)`, in the order of their arrival."""
    first_us = max(since_us - HORIZON_US, world.begin_us)
    arrived = [
        event
        for minute in minutes(first_us, until_us)
        for event in _events_of(world, minute)
        if since_us <= event.ingested_us < until_us
    ]
    return sorted(arrived, key=lambda event: (event.ingested_us, event.event_id))


@lru_cache(maxsize=128)  # the living demo asks for the same last hour each second
def _events_of(world: World, minute: int) -> tuple[Event, ...]:
    """Everything that the runs which start in one minute will ever tell."""
    dice = world.dice("agent", minute)
    return tuple(
        event
        for at_us in world.moments(dice, minute, a_day=RUNS_A_DAY)
        for event in _told(dice, _run(dice, at_us))
        if at_us >= world.begin_us
    )


def _run(dice: Random, at_us: int) -> Run:
    [tenant] = dice.choices(TENANTS, cum_weights=TENANT_SHARES)
    names = (
        tenant,
        f"{tenant}-main",
        f"{tenant}-{dice.choice(PROJECTS)}",
        f"run_{dice.getrandbits(64):016x}",
        dice.choice(AGENTS),
        dice.choice(WORKFLOWS),
        f"{dice.getrandbits(128):032x}",
    )
    latency_us = int(35 * dice.lognormvariate(0, 0.6) * SECOND_US)
    return Run(names, _span(dice), at_us, min(latency_us, LONGEST_RUN_US))


def _told(dice: Random, run: Run) -> Iterator[Event]:
    """The events of one run, but for those that were lost."""
    calls = [_model_call(dice, run) for _ in range(dice.randint(1, 2))]
    start, end = _event(dice, run, "run.started", 0), _end(dice, run, calls)
    if dice.random() >= LOST_START_RATE:
        yield start._replace(run_status="running")
    yield from calls
    if dice.random() < TOOL_CALL_RATE:
        yield _tool_call(dice, run)
    if dice.random() >= LOST_END_RATE:
        yield end


def _model_call(dice: Random, run: Run) -> Event:
    tokens = dice.randint(400, 9_000)
    return _event(dice, run, "model.call.completed", dice.uniform(0.05, 0.95))._replace(
        total_tokens=tokens,
        cost_usd=_cost_usd(tokens),
        payload=f'{{"model":"{dice.choice(MODELS)}"}}',
    )


def _tool_call(dice: Random, run: Run) -> Event:
    call = _event(dice, run, "tool.call.completed", dice.uniform(0.05, 0.95))
    return call._replace(payload=f'{{"tool":"{dice.choice(TOOLS)}"}}')


def _end(dice: Random, run: Run, calls: list[Event]) -> Event:
    """The end costs what its model calls cost; some ends leave that to be summed up by others."""
    tokens = sum(call.total_tokens or 0 for call in calls)
    has_failed = dice.random() < FAILURE_RATE
    status = "failed" if has_failed else "completed"
    return _event(dice, run, f"run.{status}", 1)._replace(
        run_status=status,
        error_type=dice.choices(ERROR_TYPES, ERROR_WEIGHTS)[0] if has_failed else None,
        total_tokens=tokens,
        cost_usd=None if dice.random() < COST_ONLY_ON_CALLS_RATE else _cost_usd(tokens),
        payload=f'{{"run":{{"latency_ms":{run.latency_us // 1000}}}}}',
    )


def _event(dice: Random, run: Run, event_type: str, share: float) -> Event:
    """An event at a share of the run's time; those of the run itself carry its root span."""
    is_of_run = event_type.startswith("run.")
    occurred_us = run.started_us + int(run.latency_us * share)
    return Event(
        _uuid(dice),
        event_type,
        occurred_us,
        occurred_us + _delay_us(dice),
        *run.names,
        run.root_span if is_of_run else _span(dice),
        None if is_of_run else run.root_span,
    )


def _cost_usd(tokens: int) -> float:
    return tokens * MICRO_USD_A_TOKEN / 1_000_000


def _delay_us(dice: Random) -> int:
    """How long an event is on its way: mostly a moment, now and then many minutes."""
    is_late = dice.random() < LATE_RATE
    seconds = dice.uniform(60, LATEST_US / SECOND_US) if is_late else dice.uniform(0.02, 0.4)
    return int(seconds * SECOND_US)


def _span(dice: Random) -> str:
    return f"{dice.getrandbits(64):016x}"


def _uuid(dice: Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
