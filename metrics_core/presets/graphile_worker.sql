-- title = "Graphile Worker"
-- versions = "0.18.0 seen"
-- dialects = ["postgresql"]
-- schema = "graphile_worker"
-- tables.jobs = [
--   "id", "task_identifier", "queue_name", "run_at", "created_at", "attempts", "max_attempts",
--   "last_error", "locked_at",
-- ]
-- dimensions = ["queue", "task"]
-- retention = "Completed jobs are deleted at once; those that failed for good stay."
-- indexes = "None on times: what is read is the backlog and the failures."
-- traps = [
--   "The tables behind the view have row level security: read the view.",
--   "Nothing says when a job failed: it is run_at less the delay of its next attempt.",
--   "A lock of over 4 hours is of a worker that died.",
--   "last_error is a message without its class.",
-- ]
-- [not_measurable]
-- "tasks.created" = "Graphile Worker deletes completed jobs at once, and so what tells of their creation."
-- "tasks.completed" = "Graphile Worker deletes completed jobs at once."
-- failureRate = "Graphile Worker deletes completed jobs at once."
-- ledger = "Graphile Worker deletes completed jobs at once."
-- "latency.timeToProcessingMs" = "Graphile Worker deletes completed jobs at once."
-- "latency.timeToCompleteMs" = "Graphile Worker deletes completed jobs at once."
WITH job AS (
  SELECT *, locked_at > :window_to - interval '4 hours' AS locked
  FROM {jobs}
)
SELECT
  id,
  CASE
    WHEN locked THEN 'processing'
    WHEN attempts >= max_attempts THEN 'failed'
    WHEN attempts > 0 THEN 'retrying'
    ELSE 'queued'
  END AS status,
  created_at,
  run_at AS eligible_at,
  CASE WHEN locked THEN locked_at END AS started_at,
  CASE WHEN locked IS NOT TRUE AND attempts >= max_attempts
    THEN greatest(created_at, run_at - exp(least(attempts, 10)) * interval '1 second')
  END AS finished_at,
  last_error AS error,
  queue_name AS queue,
  task_identifier AS task
FROM job
