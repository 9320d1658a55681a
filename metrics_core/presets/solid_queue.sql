-- title = "Solid Queue"
-- versions = "1.5.0 read"
-- tables.solid_queue_jobs = [
--   "id", "queue_name", "class_name", "created_at", "scheduled_at", "finished_at",
-- ]
-- tables.solid_queue_failed_executions = ["job_id", "error", "created_at"]
-- tables.solid_queue_claimed_executions = ["job_id", "created_at"]
-- tables.solid_queue_scheduled_executions = ["job_id"]
-- dimensions = ["queue", "job_class"]
-- error_format = "json_object"
-- retention = "Finished jobs are deleted after a day; failed ones stay until retried or discarded."
-- indexes = "finished_at is indexed, and serves the window."
-- traps = [
--   "Times have no zone: they are UTC.",
--   "It often has a database of its own.",
--   "A job that retry_on tries again counts as completed, and its next attempt is a job of its own.",
-- ]
-- [not_measurable]
-- "latency.timeToProcessingMs" = "Solid Queue deletes the time of a job's start when it ends."
-- "latency.timeToCompleteMs" = "Solid Queue deletes the time of a job's start when it ends."
SELECT
  job.id,
  CASE
    WHEN job.finished_at IS NOT NULL THEN 'completed'
    WHEN failed.job_id IS NOT NULL THEN 'failed'
    WHEN claimed.job_id IS NOT NULL THEN 'processing'
    WHEN scheduled.job_id IS NOT NULL THEN 'scheduled'
    ELSE 'queued'
  END AS status,
  job.created_at,
  -- A job that is due, and waits for the dispatcher, counts as queued.
  job.scheduled_at AS eligible_at,
  claimed.created_at AS started_at,
  coalesce(job.finished_at, failed.created_at) AS finished_at,
  failed.error,
  job.queue_name AS queue,
  job.class_name AS job_class
FROM {solid_queue_jobs} AS job
LEFT JOIN {solid_queue_failed_executions} AS failed ON failed.job_id = job.id
LEFT JOIN {solid_queue_claimed_executions} AS claimed ON claimed.job_id = job.id
LEFT JOIN {solid_queue_scheduled_executions} AS scheduled ON scheduled.job_id = job.id
-- To SQLite, where times are texts, the cast makes a number, and every text is above that.
WHERE job.finished_at IS NULL OR job.finished_at >= CAST(:window_from AS timestamp)
