-- title = "Celery (SQLAlchemy result backend)"
-- versions = "5.7.0 seen; results of 5.5.3 too; 5.3.6 and 5.6.0 read"
-- tables.celery_taskmeta = [
--   "task_id", "status", "result", "date_done", "traceback", "name", "queue",
-- ]
-- server_zone = true
-- dimensions = ["queue", "task"]
-- error_format = "celery"
-- retention = "Celery beat deletes results after result_expires, a day where none is set."
-- indexes = "date_done is indexed from 5.7 on; one on status is needed beside it, for open tasks."
-- traps = [
--   "date_done has no zone: PostgreSQL's own, SQLite's Celery's: set timezone where it is not UTC.",
--   "date_done is an end of ended tasks only: others have the time of their last write, or none.",
--   "Up to 5.6 results are pickles: their class is read out of them, nothing of them is ever run.",
--   "A task's name and queue are null unless result_extended is set.",
--   "An own state, as PROGRESS, counts as processing.",
-- ]
-- [not_measurable]
-- "tasks.created" = "Celery stores no row before a task ends or starts, and not when it was sent."
-- "tasks.queued" = "Celery stores no row of a task that waits: the broker has it."
-- ledger = "Celery does not store when a task was sent."
-- "latency.timeToProcessingMs" = "Celery stores neither when a task was sent nor when it started."
-- "latency.timeToCompleteMs" = "Celery does not store when a task started."
-- "backlog.queued.oldestAgeMs" = "Celery stores no row of a task that waits: the broker has it."
-- "backlog.processing.oldestAgeMs" = "Celery does not store when a task started."
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
  CASE WHEN status IN ('SUCCESS', 'IGNORED', 'FAILURE', 'REVOKED', 'REJECTED')
    THEN date_done
  END AS finished_at,
  CASE WHEN status = 'FAILURE'
    THEN coalesce(encode(substring(result FROM 1 FOR 8192), 'hex'), traceback)
  END AS error,
  queue,
  name AS task
FROM {celery_taskmeta}
-- What was saved last before the window and has ended lies outside of it (with a margin, since an
-- hour may come twice). Any status but the ended ones, as ranges that an index on status serves:
-- there may be states of one's own.
WHERE date_done >= CAST(:window_from AS timestamp) - interval '3 hours'
  OR status < 'FAILURE'
  OR status > 'FAILURE' AND status < 'REVOKED'
  OR status > 'REVOKED' AND status < 'SUCCESS'
  OR status > 'SUCCESS'
  OR status IS NULL
  OR date_done IS NULL
