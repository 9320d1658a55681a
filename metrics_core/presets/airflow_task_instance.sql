-- title = "Airflow 3 task instances"
-- versions = "3.3.2 read"
-- tables.task_instance = [
--   "id", "dag_id", "task_id", "run_id", "state", "try_number", "scheduled_dttm", "queued_dttm",
--   "start_date", "end_date", "updated_at", "queue", "pool",
-- ]
-- tables.dag_run = ["dag_id", "run_id", "run_type", "state", "run_after"]
-- dimensions = ["dag_id", "task_id", "queue", "pool"]
-- retention = "Kept until airflow db clean."
-- indexes = "None on times: a scan reads task_instance."
-- traps = [
--   "A try overwrites scheduled_dttm, queued_dttm and start_date: times are of the last try.",
--   "Time to processing begins when the executor was given the task.",
--   "skipped, upstream_failed and removed count as cancelled.",
-- ]
-- [not_measurable]
-- errors = "Airflow stores no exception: they are in the logs of its tasks."
-- [statuses]
-- queued = ["queued", "restarting"]
-- scheduled = ["none"]
-- retrying = ["up_for_retry", "up_for_reschedule"]
-- processing = ["running", "deferred", "awaiting_input"]
-- completed = ["success"]
-- cancelled = ["skipped", "upstream_failed", "removed"]
SELECT
  id,
  CASE
    WHEN state IS NULL THEN 'none'
    WHEN state = 'scheduled' THEN 'queued'
    ELSE state
  END AS status,
  coalesce(scheduled_dttm, queued_dttm) AS created_at,
  CASE WHEN state IS NOT NULL THEN queued_dttm END AS eligible_at,
  CASE WHEN state NOT IN ('scheduled', 'queued') THEN start_date END AS started_at,
  CASE WHEN state IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed')
    THEN coalesce(end_date, updated_at)
  END AS finished_at,
  dag_id,
  task_id,
  queue,
  pool
FROM {task_instance}
