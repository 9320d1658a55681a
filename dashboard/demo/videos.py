"""Video tasks: when they arrive, what becomes of each, and a few workers who serve them in order.

A pool of workers is simulated, so that the times are those of a real queue: a task starts when a
worker is free, a stall makes a backlog, and the backlog drains no faster than the workers work.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import heapify, heapreplace
from random import Random
from typing import NamedTuple
from uuid import NAMESPACE_DNS, uuid5

from dashboard.demo.faults import (
    BAD_DEPLOY,
    BAD_DEPLOY_RATE,
    FAILING_TENANT_RATE,
    Fault,
    fault_at,
)
from dashboard.demo.world import (
    DEPLOYED_ENGINE,
    DRIFTING_ENGINE,
    ENGINE_SHARES,
    ENGINES,
    FAILING_TENANT,
    MINUTE_US,
    SECOND_US,
    TENANT_SHARES,
    TENANTS,
    World,
    minutes,
)

TASKS_A_DAY = 50_000
WORKERS = {"runway": 21, "luma": 24, "pika": 6}
RUN_SECONDS = {"runway": 40, "luma": 45, "pika": 18}
PICKUP_SECONDS = 5
CANCEL_RATE = 0.02
TITLES = ("Harbour at dawn", "Paper boats", "Night train", "Fox in snow", "City from above")
USERS = {t: [str(uuid5(NAMESPACE_DNS, f"{n}.{t}.example")) for n in range(12)] for t in TENANTS}
NEVER_US = 2**62


class Task(NamedTuple):
    """A task as it was created, and what is settled about it whenever it may start.

    It starts `pickup_us` after its creation at the earliest, and leaves the queue at `leaves_us`
    if it has not started before that.
    """

    id: str
    user_id: str
    tenant_id: str
    title: str
    engine: str
    created_us: int
    pickup_us: int
    leaves_us: int
    run_us: int
    fault: Fault | None
    is_cancelled: bool
    meets_bad_deploy: bool


class Course(NamedTuple):
    """What becomes of a task: when it starts (or never), when and how it ends."""

    task: Task
    started_us: int | None
    finished_us: int
    status: str
    error: str | None = None


def arrivals(world: World, since_us: int, until_us: int) -> Iterator[Task]:
    """The tasks created in `[since, until)`, oldest first."""
    for minute in minutes(since_us, until_us):
        for task in _created_in(world, minute).values():
            if since_us <= task.created_us < until_us:
                yield task


def task_of(world: World, task_id: str, created_us: int) -> Task:
    """A task of which the database remembers no more than its id and its creation."""
    return _created_in(world, created_us // MINUTE_US)[task_id]


@lru_cache(maxsize=128)  # the living demo asks for the minutes of its open tasks each second
def _created_in(world: World, minute: int) -> Mapping[str, Task]:
    dice = world.dice("video", minute)
    moments = world.moments(dice, minute, a_day=TASKS_A_DAY)
    return {task.id: task for task in (_task(dice, at_us) for at_us in moments)}


def _task(dice: Random, created_us: int) -> Task:
    [tenant] = dice.choices(TENANTS, cum_weights=TENANT_SHARES)
    [engine] = dice.choices(ENGINES, cum_weights=ENGINE_SHARES)
    more = FAILING_TENANT_RATE if tenant == FAILING_TENANT else 0.0
    fault = fault_at(dice.random(), more_invalid_prompts=more)
    is_cancelled = fault is None and dice.random() < CANCEL_RATE
    return Task(
        id=f"task_{dice.getrandbits(64):016x}",
        user_id=dice.choice(USERS[tenant]),
        tenant_id=tenant,
        title=dice.choice(TITLES),
        engine=engine,
        created_us=created_us,
        pickup_us=_spread_us(dice, PICKUP_SECONDS, 0.5),
        leaves_us=created_us + _patience_us(dice, fault, is_cancelled=is_cancelled),
        run_us=_spread_us(dice, _run_seconds(engine, fault), 0.3),
        fault=fault,
        is_cancelled=is_cancelled,
        meets_bad_deploy=engine == DEPLOYED_ENGINE and dice.random() < BAD_DEPLOY_RATE,
    )


def _spread_us(dice: Random, median_seconds: float, spread: float) -> int:
    """A time around a median, with the long tail that real ones have; at least half a second."""
    return int(max(median_seconds * dice.lognormvariate(0, spread), 0.5) * SECOND_US)


def _patience_us(dice: Random, fault: Fault | None, *, is_cancelled: bool) -> int:
    """How long a task stays in the queue at most: one that is turned away goes at once."""
    if fault and fault.run_seconds is None:
        return int(dice.uniform(0.05, 0.4) * SECOND_US)
    return int(dice.uniform(2, 400) * SECOND_US) if is_cancelled else NEVER_US


def _run_seconds(engine: str, fault: Fault | None) -> float:
    return fault.run_seconds if fault and fault.run_seconds else RUN_SECONDS[engine]


def served(world: World, waiting: Iterable[Task], running: Iterable[Course]) -> Iterator[Course]:
    """The courses of waiting tasks, oldest first, beside those that run: first come, first served.

    Each engine has a fixed number of workers; a heap holds the instants at which they are free.
    """
    workers = _workers(running)
    for task in waiting:
        course = _course(world, task, workers[task.engine][0])
        if course.started_us is not None:
            heapreplace(workers[task.engine], course.finished_us)
        yield course


def _workers(running: Iterable[Course]) -> dict[str, list[int]]:
    workers: dict[str, list[int]] = {engine: [] for engine in ENGINES}
    for course in running:
        workers[course.task.engine].append(course.finished_us)
    for engine, free_us in workers.items():
        free_us.extend([0] * (WORKERS[engine] - len(free_us)))
        heapify(free_us)
    return workers


def _course(world: World, task: Task, worker_free_us: int) -> Course:
    start_us = max(task.created_us + task.pickup_us, worker_free_us)
    stall_begin_us, stall_end_us = world.stall_us
    if stall_begin_us <= start_us < stall_end_us:
        start_us = stall_end_us
    if start_us < task.leaves_us:
        return started(world, task, start_us)
    if task.fault:
        return Course(task, None, task.leaves_us, "failed", task.fault.message)
    return Course(task, None, task.leaves_us, "cancelled")


def started(world: World, task: Task, start_us: int) -> Course:
    """The course of a task that a worker starts at an instant."""
    if task.meets_bad_deploy and start_us >= world.deploy_us:
        return Course(task, start_us, start_us + task.run_us // 20, "failed", BAD_DEPLOY)
    if task.fault:
        return Course(task, start_us, start_us + task.run_us, "failed", task.fault.message)
    if task.is_cancelled:
        return Course(task, start_us, start_us + task.run_us // 2, "cancelled")
    drift = world.drift(start_us) if task.engine == DRIFTING_ENGINE else 1.0
    return Course(task, start_us, start_us + int(task.run_us * drift), "completed")
