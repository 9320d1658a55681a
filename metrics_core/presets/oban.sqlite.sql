-- The form of oban.sql that SQLite understands: errors are a JSON text, times are texts.
SELECT
  id,
  CASE WHEN state = 'retryable' AND julianday(scheduled_at) <= julianday(:window_to)
    THEN 'available'
    ELSE state
  END AS status,
  inserted_at AS created_at,
  CASE WHEN state <> 'suspended' THEN scheduled_at END AS eligible_at,
  attempted_at AS started_at,
  CASE state
    WHEN 'completed' THEN completed_at
    WHEN 'discarded' THEN discarded_at
    WHEN 'cancelled' THEN cancelled_at
  END AS finished_at,
  CASE WHEN state = 'discarded' THEN errors END AS error,
  queue,
  worker
FROM {oban_jobs}
