-- title = "Django Q2"
-- versions = "1.11.1 seen"
-- tables.django_q_task = ["id", "func", "cluster", "started", "stopped", "success", "result"]
-- tables.django_q_ormq = ["id", "key", "payload", "lock"]
-- dimensions = ["queue", "task"]
-- error_format = "pickle"
-- retention = "The last save_limit successes, 250 where none is set, and all failures."
-- indexes = "None on times: a scan reads the tables."
-- traps = [
--   "started is when a task was enqueued.",
--   "A queued task's name is in a signed pickle, which is not read: its task is unknown.",
--   "A locked task is being run, or waits to be tried again.",
-- ]
-- [not_measurable]
-- "tasks.created" = "Django Q deletes all successes but the last save_limit (250): not_measurable = {} says that yours keeps them all."
-- "tasks.completed" = "Django Q deletes all successes but the last save_limit (250): not_measurable = {} says that yours keeps them all."
-- failureRate = "Django Q deletes successes, but no failures."
-- ledger = "Django Q deletes all successes but the last save_limit (250)."
-- "latency.timeToProcessingMs" = "Django Q does not store when a task was started: its started is when it was enqueued."
-- "latency.timeToCompleteMs" = "Django Q does not store when a task was started: its started is when it was enqueued."
-- "backlog.processing.oldestAgeMs" = "Django Q does not store when a task was started."
SELECT
  id,
  CASE WHEN success THEN 'completed' ELSE 'failed' END AS status,
  started AS created_at,
  stopped AS finished_at,
  CASE WHEN success THEN NULL ELSE result END AS error,
  cluster AS queue,
  func AS task
FROM {django_q_task}
UNION ALL
SELECT
  'ormq:' || CAST(id AS text),
  CASE WHEN lock > :window_to THEN 'processing' ELSE 'queued' END,
  -- Until it is picked up, the lock is the time at which it was enqueued.
  CASE WHEN lock <= :window_to THEN lock END,
  NULL,
  NULL,
  key,
  NULL
FROM {django_q_ormq}
