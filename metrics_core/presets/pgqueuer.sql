-- title = "PGQueuer"
-- versions = "1.6.0 seen"
-- dialects = ["postgresql"]
-- prefixed = true
-- tables.pgqueuer = ["id", "entrypoint", "execute_after", "heartbeat", "queue_manager_id", "status"]
-- tables.pgqueuer_log = ["id", "created", "job_id", "status", "entrypoint", "traceback", "aggregated"]
-- dimensions = ["entrypoint"]
-- retention = "Ended jobs leave the queue at once; the log, which is read here, is never pruned."
-- indexes = "created and (job_id, created) of the log serve the window."
-- traps = [
--   "A job that is retried is logged as queued with a traceback: only a failed one's is its error.",
--   "A retry's times are those of the last attempt.",
-- ]
-- [statuses]
-- processing = ["picked"]
-- completed = ["successful"]
-- failed = ["exception", "failed"]
-- cancelled = ["canceled", "deleted"]
WITH alive AS (
  -- Jobs that are in the queue still, and those that were logged since the window began.
  SELECT id AS job_id FROM {pgqueuer}
  UNION
  SELECT job_id FROM {pgqueuer_log} WHERE created >= :window_from
)
SELECT
  alive.job_id AS id,
  log.status,
  log.created_at,
  greatest(log.created_at, queued.execute_after) AS eligible_at,
  CASE WHEN log.status <> 'queued' THEN log.started_at END AS started_at,
  CASE WHEN log.status NOT IN ('queued', 'picked') THEN log.finished_at END AS finished_at,
  CASE WHEN log.status IN ('exception', 'failed')
    THEN log.traceback ->> 'exception_message'
  END AS error,
  CASE WHEN log.status IN ('exception', 'failed')
    THEN log.traceback ->> 'exception_type'
  END AS error_code,
  log.entrypoint
FROM alive
CROSS JOIN LATERAL (
  SELECT
    (array_agg(status::text ORDER BY id DESC))[1] AS status,
    (array_agg(entrypoint ORDER BY id DESC))[1] AS entrypoint,
    min(created) FILTER (WHERE status::text = 'queued') AS created_at,
    max(created) FILTER (WHERE status::text = 'picked') AS started_at,
    max(created) FILTER (WHERE status::text NOT IN ('queued', 'picked')) AS finished_at,
    (array_agg(traceback ORDER BY id DESC) FILTER (WHERE traceback IS NOT NULL))[1] AS traceback
  FROM {pgqueuer_log}
  WHERE job_id = alive.job_id
) AS log
LEFT JOIN {pgqueuer} AS queued ON queued.id = alive.job_id
WHERE log.status IS NOT NULL
