-- title = "pg-boss"
-- versions = "12.35.0 seen; 11 has the same columns"
-- dialects = ["postgresql"]
-- schema = "pgboss"
-- tables.job = [
--   "id", "name", "state", "start_after", "created_on", "started_on", "completed_on", "output",
-- ]
-- tables.version = ["version"]
-- without = ["archive"]
-- dimensions = ["queue"]
-- retention = "Finished jobs are deleted after deletion_seconds, 7 days where a queue sets none."
-- indexes = "None on created_on or completed_on: a scan reads the table."
-- traps = [
--   "The output of a completed job is its result: it is read of failed ones only.",
--   "A retry overwrites started_on and start_after: times are of the last attempt.",
-- ]
-- [statuses]
-- queued = ["created"]
-- retrying = ["retry"]
-- processing = ["active"]
-- failed = ["failed", "expired"]
SELECT
  id,
  -- A retry that is due waits like any other job.
  CASE WHEN state::text = 'retry' AND start_after <= :window_to THEN 'created'
    ELSE state::text
  END AS status,
  created_on AS created_at,
  start_after AS eligible_at,
  started_on AS started_at,
  completed_on AS finished_at,
  CASE WHEN state::text IN ('failed', 'expired') THEN coalesce(
    output ->> 'message', output -> 'value' ->> 'message', output ->> 'value', output::text
  ) END AS error,
  CASE WHEN state::text IN ('failed', 'expired')
    THEN coalesce(output ->> 'code', output ->> 'name', output -> 'value' ->> 'name')
  END AS error_code,
  name AS queue
FROM {job}
