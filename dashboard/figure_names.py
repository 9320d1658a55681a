"""Figure names: what people call the figures that a source may be unable to give."""

FIGURES = {
    "tasks.created": "Tasks created",
    "tasks.completed": "Tasks completed",
    "tasks.processing": "Tasks processing",
    "tasks.queued": "Tasks queued",
    "failureRate": "Failure rate",
    "ledger": "Balance of opened and ended tasks",
    "latency.timeToProcessingMs": "Time to processing",
    "latency.timeToCompleteMs": "Time to complete",
    "backlog.queued.oldestAgeMs": "Age of the oldest queued task",
    "backlog.processing.oldestAgeMs": "Age of the oldest processing task",
    "errors": "Errors",
}
