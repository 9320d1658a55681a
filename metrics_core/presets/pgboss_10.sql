-- title = "pg-boss 10"
-- versions = "10.4.2 seen"
-- dialects = ["postgresql"]
-- schema = "pgboss"
-- tables.job = [
--   "id", "name", "state", "start_after", "created_on", "started_on", "completed_on", "output",
-- ]
-- tables.archive = [
--   "id", "name", "state", "start_after", "created_on", "started_on", "completed_on", "output",
--   "archived_on",
-- ]
-- tables.version = ["version"]
-- dimensions = ["queue"]
-- retention = "Finished jobs move to the archive after 12 h, and are deleted there later."
-- indexes = "None on created_on or completed_on: a scan reads both tables."
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
  CASE WHEN state = 'retry' AND start_after <= :window_to THEN 'created' ELSE state END AS status,
  created_on AS created_at,
  start_after AS eligible_at,
  started_on AS started_at,
  completed_on AS finished_at,
  CASE WHEN state IN ('failed', 'expired') THEN coalesce(
    output ->> 'message', output -> 'value' ->> 'message', output ->> 'value', output::text
  ) END AS error,
  CASE WHEN state IN ('failed', 'expired')
    THEN coalesce(output ->> 'code', output ->> 'name', output -> 'value' ->> 'name')
  END AS error_code,
  name AS queue
FROM (
  SELECT id, state::text, start_after, created_on, started_on, completed_on, output, name
  FROM {job}
  UNION ALL
  SELECT id, state::text, start_after, created_on, started_on, completed_on, output, name
  FROM {archive}
) AS kept
