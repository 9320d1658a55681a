-- title = "DBOS Transact"
-- versions = "3.4.0 seen"
-- schema = "dbos"
-- tables.workflow_status = [
--   "workflow_uuid", "status", "name", "queue_name", "created_at", "updated_at",
--   "started_at_epoch_ms", "completed_at", "delay_until_epoch_ms", "error", "recovery_attempts",
-- ]
-- tables.workflow_output = ["workflow_uuid", "error"]
-- dimensions = ["queue", "workflow"]
-- time_unit = "ms"
-- error_format = "pickle"
-- retention = "Workflows are kept until garbage collection is called."
-- indexes = "created_at and completed_at are indexed: both serve the window."
-- traps = [
--   "Times are epoch milliseconds, on SQLite to the second only.",
--   "A workflow that no queue started starts when it is created.",
--   "Errors are pickles: their class is read out of them, and nothing of them is ever run.",
-- ]
-- [statuses]
-- queued = ["ENQUEUED"]
-- scheduled = ["DELAYED"]
-- processing = ["PENDING"]
-- completed = ["SUCCESS"]
-- failed = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
-- cancelled = ["CANCELLED"]
SELECT
  w.workflow_uuid AS id,
  w.status,
  w.created_at,
  w.delay_until_epoch_ms AS eligible_at,
  coalesce(w.started_at_epoch_ms, CASE WHEN w.queue_name IS NULL THEN w.created_at END)
    AS started_at,
  w.completed_at AS finished_at,
  w.updated_at,
  CASE WHEN w.status = 'ERROR' THEN coalesce(
    w.error,
    (SELECT o.error FROM {workflow_output} AS o WHERE o.workflow_uuid = w.workflow_uuid)
  ) END AS error,
  CASE WHEN w.status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' THEN w.status END AS error_code,
  w.queue_name AS queue,
  w.name AS workflow
FROM {workflow_status} AS w
