-- title = "Oban"
-- versions = "Python 0.7.0 seen; Elixir 2.23, migrations 1 to 14, read; SQLite as Oban.Engines.Lite"
-- tables.oban_jobs = [
--   "id", "state", "queue", "worker", "inserted_at", "scheduled_at", "attempted_at",
--   "completed_at", "discarded_at", "cancelled_at", "errors",
-- ]
-- dimensions = ["queue", "worker"]
-- error_format = "json_last_attempt"
-- retention = "The Pruner deletes ended jobs, usually after a day; Elixir's is to be switched on."
-- indexes = "Those on state and on the three times of an end serve the window."
-- traps = [
--   "Times have no zone: they are UTC.",
--   "errors is jsonb[] in Elixir and jsonb in Python; its last element is of the last attempt.",
--   "A retry overwrites attempted_at and scheduled_at: times are of the last attempt.",
-- ]
-- [statuses]
-- queued = ["available"]
-- scheduled = ["scheduled", "suspended"]
-- retrying = ["retryable"]
-- processing = ["executing"]
-- failed = ["discarded"]
SELECT
  id,
  -- A retry that is due waits like any other job.
  CASE WHEN state::text = 'retryable' AND scheduled_at <= CAST(:window_to AS timestamp)
    THEN 'available'
    ELSE state::text
  END AS status,
  inserted_at AS created_at,
  -- A suspended job is not due at any time.
  CASE WHEN state::text <> 'suspended' THEN scheduled_at END AS eligible_at,
  attempted_at AS started_at,
  CASE state::text
    WHEN 'completed' THEN completed_at
    WHEN 'discarded' THEN discarded_at
    WHEN 'cancelled' THEN cancelled_at
  END AS finished_at,
  CASE WHEN state::text = 'discarded' THEN to_jsonb(errors) -> -1 ->> 'error' END AS error,
  queue,
  worker
FROM {oban_jobs}
-- In the terms of its indexes: ended jobs by their end, all others by their state, as ranges (there
-- may be states of other releases, and whatever their order, a range too many only reads more).
WHERE state = 'completed' AND completed_at >= CAST(:window_from AS timestamp)
  OR state = 'discarded' AND discarded_at >= CAST(:window_from AS timestamp)
  OR state = 'cancelled' AND cancelled_at >= CAST(:window_from AS timestamp)
  OR state < 'completed'
  OR state > 'completed' AND state < 'discarded'
  OR state > 'discarded' AND state < 'cancelled'
  OR state > 'cancelled'
