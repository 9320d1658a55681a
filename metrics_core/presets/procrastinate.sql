-- title = "Procrastinate"
-- versions = "3.10.0 seen"
-- dialects = ["postgresql"]
-- tables.procrastinate_jobs = ["id", "queue_name", "task_name", "status", "attempts", "scheduled_at"]
-- tables.procrastinate_events = ["id", "job_id", "type", "at"]
-- dimensions = ["queue", "task"]
-- retention = "Jobs are kept, unless the application deletes them."
-- indexes = "None on procrastinate_events.at: CREATE INDEX CONCURRENTLY ON procrastinate_events (at) serves the window."
-- traps = [
--   "All times are rows of procrastinate_events; one of type scheduled lies in the future.",
--   "A retry overwrites scheduled_at, and its start is the last one: times are of the last attempt.",
-- ]
-- [not_measurable]
-- errors = "Procrastinate stores no error: exceptions are only in the worker's log."
-- [statuses]
-- queued = ["todo"]
-- processing = ["doing", "aborting"]
-- completed = ["succeeded"]
-- cancelled = ["cancelled", "aborted"]
WITH alive AS (
  -- Open jobs, by their partial index, and those that had an event since the window began: among
  -- those are jobs that are aborting, a state of releases before 3.
  SELECT id FROM {procrastinate_jobs} WHERE status IN ('todo', 'doing')
  UNION
  SELECT job_id FROM {procrastinate_events} WHERE at >= :window_from
)
SELECT
  job.id,
  job.status::text AS status,
  event.created_at,
  greatest(event.created_at, job.scheduled_at) AS eligible_at,
  CASE WHEN job.status::text <> 'todo' THEN event.started_at END AS started_at,
  CASE WHEN job.status::text IN ('succeeded', 'failed', 'cancelled', 'aborted')
    THEN event.finished_at
  END AS finished_at,
  job.queue_name AS queue,
  job.task_name AS task
FROM alive
JOIN {procrastinate_jobs} AS job ON job.id = alive.id
CROSS JOIN LATERAL (
  SELECT
    min(at) FILTER (WHERE type::text = 'deferred') AS created_at,
    max(at) FILTER (WHERE type::text = 'started') AS started_at,
    max(at) FILTER (
      WHERE type::text IN ('succeeded', 'failed', 'cancelled', 'aborted')
    ) AS finished_at
  FROM {procrastinate_events}
  WHERE job_id = alive.id
) AS event
