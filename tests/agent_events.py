"""A seeded table of agent run events in PostgreSQL, with all that goes wrong with such events.

Rows are made in the order of occurrence and stored in the order of arrival, so that late events lie
behind younger ones. Times are microseconds since the epoch; many of them stand on whole hours.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import psycopg
from psycopg import sql

from metrics_core.window import from_epoch_us

HOUR_US = 3_600_000_000
DAYS = 21
TABLE = """
CREATE TABLE agent_events (
  id bigserial PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  event_version text NOT NULL,
  event_type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  tenant_id text NOT NULL,
  workspace_id text NOT NULL,
  project_id text NOT NULL,
  run_id text NOT NULL,
  agent_id text NOT NULL,
  workflow_id text NOT NULL,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  parent_span_id text,
  run_status text,
  error_type text,
  total_tokens bigint,
  cost_usd numeric(18, 6),
  payload jsonb NOT NULL
);
CREATE INDEX ON agent_events (tenant_id, occurred_at DESC);
CREATE INDEX ON agent_events (workspace_id, occurred_at DESC);
CREATE INDEX ON agent_events (project_id, occurred_at DESC);
CREATE INDEX ON agent_events (event_type, occurred_at DESC);
CREATE INDEX ON agent_events (run_id);
CREATE INDEX ON agent_events (trace_id);
"""
COLUMNS = (
    "event_id, event_version, event_type, occurred_at, ingested_at, tenant_id, workspace_id, "
    "project_id, run_id, agent_id, workflow_id, trace_id, span_id, error_type, cost_usd, payload"
)
ERRORS = ("ToolError", "ToolError", "ModelTimeout", "BudgetExceeded", "Überlauf", None)
STEPS = ("step.started", "step.completed", "tool.call.failed", "alert.emitted", "policy.decision")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One row; `id` is its place in the order of arrival, from 1."""

    id: int
    type: str
    at: int
    ids: tuple[str, str, str, str, str]
    """tenant, workspace, project, agent, workflow."""
    run: str
    trace: str
    error: str | None
    millionths: int | None
    latency_ms: int | None


Draft = dict[str, object]


def seeded_events(seed: int, size: int, first: int) -> list[Event]:
    """So many events of runs that began in the DAYS from `first`, in the order of arrival."""
    dice, drafts = Random(seed), list[Draft]()
    number = 0
    while len(drafts) < size:
        number += 1
        drafts.extend(_run(dice, f"run-{dice.randrange(16**6):06x}-{number}", first))
    arrived = sorted(drafts[:size], key=lambda draft: (draft["arrived"], str(draft["run"])))
    members = [{k: v for k, v in draft.items() if k != "arrived"} for draft in arrived]
    return [Event(id=i, **member) for i, member in enumerate(members, 1)]  # type: ignore[arg-type]


def _run(dice: Random, run: str, first: int) -> Iterator[Draft]:
    """The events of one run, each of which may arrive late."""
    tenant = dice.choice("aaaab")
    ids = (
        f"t-{tenant}",
        f"w-{tenant}{dice.randrange(3)}",
        f"p-{dice.randrange(6)}",
        f"agent {dice.randrange(9)}",
        dice.choice(("wf-ä", "wf-b", "wf-😀")),
    )
    begin = first + dice.randrange(DAYS * 24 * HOUR_US)
    if dice.random() < 0.1:
        begin -= begin % HOUR_US
    length = dice.choice((dice.randrange(60_000_000), dice.randrange(HOUR_US), HOUR_US))
    shared: Draft = {"ids": ids, "run": run, "trace": f"trace-{run}"}
    for kind, at, more in _happenings(dice, begin, length):
        late = dice.choice((0, 0, 0, dice.randrange(6 * HOUR_US)))
        blank: Draft = {"error": None, "millionths": None, "latency_ms": None}
        yield {**shared, **blank, "type": kind, "at": at, "arrived": at + late, **more}


def _happenings(dice: Random, begin: int, length: int) -> Iterator[tuple[str, int, Draft]]:
    """Type, time and values of a run's events: some have no start, some no end, some have two."""
    fate = dice.random()
    if fate > 0.06:
        yield "run.started", begin, {}
    for _ in range(dice.randrange(4)):
        at = begin + dice.randrange(length + 1)
        kind = dice.choice(("model.call.completed", "model.call.completed", "model.call.failed"))
        yield kind, at, {"millionths": dice.choice((None, dice.randrange(2_000_000)))}
    yield dice.choice(STEPS), begin, {"millionths": dice.choice((None, 7))}
    if fate > 0.92:
        return
    end = begin + length
    if fate < 0.08:
        end = begin - dice.randrange(5_000_000)  # its clock is ahead of the one of the end
    yield _end(dice, end, length)
    if fate < 0.14:
        yield _end(dice, end + dice.choice((0, 1, dice.randrange(7 * 24 * HOUR_US))), length)


def _end(dice: Random, at: int, length: int) -> tuple[str, int, Draft]:
    kind = dice.choice(("run.completed", "run.completed", "run.completed", "run.failed"))
    return (
        kind,
        at,
        {
            "error": dice.choice(ERRORS) if kind == "run.failed" else None,
            "millionths": dice.choice((None, 0, dice.randrange(5_000_000))),
            "latency_ms": dice.choice((None, 0, length // 1000, length // 1000)),
        },
    )


def load(url: str, events: Sequence[Event]) -> None:
    """Makes the table in an empty database; each row's id is its event's."""
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(sql.SQL(f"COPY agent_events ({COLUMNS}) FROM STDIN")) as copy:
            for event in events:
                copy.write_row(_row(event))
        cursor.execute("ANALYZE agent_events")


def _row(event: Event) -> tuple[object, ...]:
    tenant, workspace, project, agent, workflow = event.ids
    run = {} if event.latency_ms is None else {"latency_ms": event.latency_ms}
    usd = None if event.millionths is None else f"{event.millionths / 1_000_000:.6f}"
    return (
        uuid.UUID(int=event.id),
        "1",
        event.type,
        from_epoch_us(event.at),
        from_epoch_us(event.at),
        tenant,
        workspace,
        project,
        event.run,
        agent,
        workflow,
        event.trace,
        f"span-{event.id}",
        event.error,
        usd,
        json.dumps({"run": run} if event.type.startswith("run.") else {"x": 1}),
    )
