-- The form of river.sql that SQLite understands: errors are a JSON text, times are texts.
SELECT
  id,
  CASE WHEN state = 'retryable' AND julianday(scheduled_at) <= julianday(:window_to)
    THEN 'available'
    ELSE state
  END AS status,
  created_at,
  CASE WHEN state <> 'pending' THEN scheduled_at END AS eligible_at,
  attempted_at AS started_at,
  finalized_at AS finished_at,
  CASE WHEN state = 'discarded' THEN errors END AS error,
  queue,
  kind
FROM {river_job}
