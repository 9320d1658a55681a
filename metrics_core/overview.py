"""Overview: a window's runs in the shape that consumers of agent run events parse. Pure.

A view of a Snapshot: it measures nothing itself. Number format: the rate and the mean have at most
6 digits behind the point, cost is a whole number of millionths of a dollar; an empty set is zeros,
as this contract wants it (where the snapshot says null).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from metrics_core.record import Count, Utc, definite_json
from metrics_core.snapshot import Snapshot

SCOPE_IDS = ("tenant_id", "workspace_id", "project_id", "agent_id", "workflow_id")
"""The contract's scope ids in its order; further dimensions of a source follow by name."""

Filters = Annotated[
    Mapping[str, int | str],
    AfterValidator(MappingProxyType),
    PlainSerializer(dict, return_type=dict[str, int | str]),
]


class Answer(BaseModel):
    """A body under /v1: members in snake_case and in their order, one definite JSON text."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def to_json(self) -> str:
        """Equal answers are equal texts: two-space indent, every character as itself."""
        return definite_json(self.model_dump(mode="json"))


class Overview(Answer):
    """The runs (completed and failed tasks) that ended in [window_start, window_end).

    `filters` echoes window_hours and the scope. `success_rate` is 0 to 100, `total_cost_usd` is
    over all runs whose cost is known, `avg_latency_ms` over all whose run time is known.
    """

    window_start: Utc
    window_end: Utc
    window_hours: Annotated[int, Field(ge=1, le=168)]
    filters: Filters
    total_runs: Count
    successful_runs: Count
    failed_runs: Count
    success_rate: Annotated[float, Field(ge=0, le=100)]
    total_cost_usd: float
    avg_latency_ms: Annotated[float, Field(ge=0)]


def overview_of(snapshot: Snapshot, window_hours: int, filters: Mapping[str, str]) -> Overview:
    """The snapshot's overview; `filters` are the scope ids that were asked for."""
    runs, completed = snapshot.runs, snapshot.tasks.completed or 0
    return Overview(
        window_start=snapshot.window.from_,
        window_end=snapshot.window.to,
        window_hours=window_hours,
        filters={"window_hours": window_hours, **in_order(filters)},
        total_runs=runs.count,
        successful_runs=completed,
        failed_runs=snapshot.tasks.failed,
        success_rate=round(100 * completed / runs.count, 6) if runs.count else 0.0,
        total_cost_usd=runs.cost.usd if runs.cost else 0.0,
        avg_latency_ms=runs.avg_latency_ms or 0.0,
    )


def in_order(filters: Mapping[str, str]) -> dict[str, str]:
    """The filters in one definite order, whatever order they were given in.

    >>> in_order({"queue": "q", "agent_id": "a1", "tenant_id": "t1"})
    {'tenant_id': 't1', 'agent_id': 'a1', 'queue': 'q'}
    """
    known = [name for name in SCOPE_IDS if name in filters]
    return {name: filters[name] for name in (*known, *sorted({*filters} - {*SCOPE_IDS}))}
