-- title = "Celery (django-celery-results)"
-- versions = "2.6.0 seen"
-- tables.django_celery_results_taskresult = [
--   "task_id", "status", "task_name", "date_done", "date_started", "content_type",
--   "content_encoding", "result", "traceback",
-- ]
-- dimensions = ["task"]
-- error_format = "celery"
-- retention = "Celery beat deletes results after result_expires, a day where none is set."
-- indexes = "date_done and status are indexed: both serve the window."
-- traps = [
--   "date_created is when a result was first stored, not when the task was sent.",
--   "date_done changes with every save: it is an end of ended tasks only.",
--   "A task's name is null unless result_extended is set, its start unless task_track_started is.",
--   "An own state, as PROGRESS, counts as processing.",
-- ]
-- [not_measurable]
-- "tasks.created" = "Celery stores no row before a worker has the task, and not when it was sent."
-- "tasks.queued" = "Celery stores no row of a task that waits: the broker has it."
-- ledger = "Celery does not store when a task was sent."
-- "latency.timeToProcessingMs" = "Celery does not store when a task was sent."
-- "backlog.queued.oldestAgeMs" = "Celery stores no row of a task that waits: the broker has it."
-- [statuses]
-- queued = ["PENDING", "RECEIVED"]
-- retrying = ["RETRY"]
-- processing = ["STARTED"]
-- completed = ["SUCCESS", "IGNORED"]
-- failed = ["FAILURE"]
-- cancelled = ["REVOKED", "REJECTED"]
SELECT
  task_id AS id,
  CASE WHEN status IN (
    'PENDING', 'RECEIVED', 'RETRY', 'SUCCESS', 'IGNORED', 'FAILURE', 'REVOKED', 'REJECTED'
  ) THEN status ELSE 'STARTED' END AS status,
  date_started AS started_at,
  CASE WHEN status IN ('SUCCESS', 'IGNORED', 'FAILURE', 'REVOKED', 'REJECTED')
    THEN date_done
  END AS finished_at,
  CASE WHEN status = 'FAILURE' THEN coalesce(result, traceback) END AS error,
  task_name AS task
FROM {django_celery_results_taskresult}
-- What was saved last before the window and has ended lies outside of it. Any status but three, as
-- ranges that the index on status serves: there may be states of one's own.
WHERE date_done >= :window_from
  OR status < 'FAILURE'
  OR status > 'FAILURE' AND status < 'REVOKED'
  OR status > 'REVOKED' AND status < 'SUCCESS'
  OR status > 'SUCCESS'
