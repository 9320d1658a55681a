"""How video tasks fail: the catalogue of error sentences, and how often each is told."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One error: its code, its sentence for people, how often it comes, and when.

    `run_seconds` is how long a task runs before it fails so; None: it is turned away in the queue.
    """

    code: str
    message: str
    rate: float
    run_seconds: float | None


INVALID_PROMPT = Fault("INVALID_PROMPT", "Invalid prompt. Check content guidelines.", 0.008, 1)
CATALOGUE = (
    INVALID_PROMPT,
    Fault("ENGINE_TIMEOUT", "Video generation timed out. Please try again.", 0.010, 180),
    Fault("ENGINE_RATE_LIMITED", "Service busy. Please wait and retry.", 0.006, None),
    Fault("ENGINE_UNAVAILABLE", "Video service temporarily unavailable.", 0.005, 4),
    Fault("ENGINE_AUTH_ERROR", "Service configuration error.", 0.001, 1),
    Fault("ENGINE_CIRCUIT_OPEN", "Video generation temporarily disabled.", 0.002, None),
    Fault("TASK_TIMEOUT", "Task exceeded maximum processing time.", 0.002, 600),
    Fault("UNKNOWN_ERROR", "An unexpected error occurred.", 0.004, 12),
)
CATALOGUE_RATE = sum(fault.rate for fault in CATALOGUE)

# On top of the catalogue, so that this tenant fails four times as often as the others.
FAILING_TENANT_RATE = 3 * CATALOGUE_RATE

# It is in no catalogue, as a new error would be: its code has to be read off the message.
BAD_DEPLOY = "ENGINE_SCHEMA_MISMATCH: the engine's answer has no field 'output.video_url'"
BAD_DEPLOY_RATE = 0.18


def fault_at(roll: float, *, more_invalid_prompts: float) -> Fault | None:
    """The fault that a throw in [0, 1) means, or none."""
    if roll < more_invalid_prompts:
        return INVALID_PROMPT
    roll -= more_invalid_prompts
    for fault in CATALOGUE:
        if roll < fault.rate:
            return fault
        roll -= fault.rate
    return None
