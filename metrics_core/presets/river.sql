-- title = "River"
-- versions = "0.43, migrations 1 to 7, applied"
-- tables.river_job = [
--   "id", "state", "queue", "kind", "created_at", "scheduled_at", "attempted_at", "finalized_at",
--   "errors",
-- ]
-- dimensions = ["queue", "kind"]
-- error_format = "json_last_attempt"
-- retention = "Completed and cancelled jobs are deleted after 24 h, discarded ones after 7 days."
-- indexes = "(state, finalized_at) and (state, queue, ...) serve the window."
-- traps = [
--   "A retry or a snooze overwrites attempted_at and scheduled_at: times are of the last attempt.",
--   "A pending job is parked: it is not due at any time.",
--   "Go's errors have no class: their code is what stands before the first colon.",
-- ]
-- [statuses]
-- queued = ["available"]
-- scheduled = ["scheduled", "pending"]
-- retrying = ["retryable"]
-- processing = ["running"]
-- failed = ["discarded"]
SELECT
  id,
  CASE WHEN state::text = 'retryable' AND scheduled_at <= :window_to THEN 'available'
    ELSE state::text
  END AS status,
  created_at,
  CASE WHEN state::text <> 'pending' THEN scheduled_at END AS eligible_at,
  attempted_at AS started_at,
  finalized_at AS finished_at,
  CASE WHEN state::text = 'discarded'
    THEN errors[array_upper(errors, 1)] ->> 'error'
  END AS error,
  CASE WHEN state::text = 'discarded'
    THEN substring(errors[array_upper(errors, 1)] ->> 'error' FROM '^([^:0-9]+):')
  END AS error_code,
  queue,
  kind
FROM {river_job}
-- In the terms of its indexes: by state, and of ended jobs by their end.
WHERE state IN ('completed', 'cancelled', 'discarded') AND finalized_at >= :window_from
  OR state IN ('available', 'pending', 'retryable', 'running', 'scheduled')
