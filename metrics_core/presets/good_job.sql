-- title = "GoodJob"
-- versions = "4.19.2 read"
-- dialects = ["postgresql"]
-- tables.good_jobs = [
--   "id", "active_job_id", "queue_name", "job_class", "created_at", "scheduled_at", "performed_at",
--   "finished_at", "error", "serialized_params",
-- ]
-- dimensions = ["queue", "job_class"]
-- retention = "Ended jobs are deleted after 14 days; at once where preserve_job_records is off."
-- indexes = "created_at and finished_at are indexed: both serve the window."
-- traps = [
--   "Times have no zone, unless the application says otherwise: they are UTC.",
--   "A retry resets performed_at and overwrites scheduled_at: times are of the last attempt.",
-- ]
SELECT
  id,
  CASE
    WHEN finished_at IS NOT NULL AND error IS NULL THEN 'completed'
    WHEN finished_at IS NOT NULL THEN 'failed'
    WHEN performed_at IS NOT NULL THEN 'processing'
    WHEN error IS NOT NULL
      AND coalesce(scheduled_at, created_at) > CAST(:window_to AS timestamp) THEN 'retrying'
    ELSE 'queued'
  END AS status,
  created_at,
  scheduled_at AS eligible_at,
  performed_at AS started_at,
  finished_at,
  error,
  substring(error FROM '^([A-Za-z_][A-Za-z0-9_:]*): ') AS error_code,
  queue_name AS queue,
  job_class
FROM {good_jobs}
