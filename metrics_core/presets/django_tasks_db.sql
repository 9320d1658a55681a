-- title = "Django Tasks (django-tasks-db)"
-- versions = "0.13.0 with Django 6.1.3 seen"
-- tables.django_tasks_database_dbtaskresult = [
--   "id", "status", "enqueued_at", "run_after", "started_at", "finished_at", "queue_name",
--   "task_path", "backend_name", "exception_class_path", "traceback",
-- ]
-- dimensions = ["queue", "task"]
-- error_format = "traceback"
-- retention = "prune_db_task_results deletes ended tasks of over 14 days, where it is run."
-- indexes = "None on enqueued_at or finished_at: a scan reads the table."
-- traps = ["run_after of 9999-01-01 means no delay.", "SQLite's times have no zone: they are UTC."]
-- [statuses]
-- queued = ["READY"]
-- processing = ["RUNNING"]
-- completed = ["SUCCESSFUL", "SUCCEEDED"]
-- failed = ["FAILED"]
SELECT
  id,
  status,
  enqueued_at AS created_at,
  CASE WHEN run_after < '9998-01-01' THEN run_after END AS eligible_at,
  started_at,
  finished_at,
  CASE WHEN status = 'FAILED' THEN traceback END AS error,
  CASE
    WHEN status <> 'FAILED' THEN NULL
    WHEN exception_class_path LIKE 'builtins.%' THEN substr(exception_class_path, 10)
    ELSE nullif(exception_class_path, '')
  END AS error_code,
  queue_name AS queue,
  task_path AS task
FROM {django_tasks_database_dbtaskresult}
