-- The form of celery.sql that SQLite understands.
SELECT
  task_id AS id,
  CASE WHEN status IN (
    'PENDING', 'RECEIVED', 'RETRY', 'SUCCESS', 'IGNORED', 'FAILURE', 'REVOKED', 'REJECTED'
  ) THEN status ELSE 'STARTED' END AS status,
  CASE WHEN status IN ('SUCCESS', 'IGNORED', 'FAILURE', 'REVOKED', 'REJECTED')
    THEN date_done
  END AS finished_at,
  CASE WHEN status = 'FAILURE'
    THEN coalesce(nullif(hex(substr(result, 1, 8192)), ''), traceback)
  END AS error,
  queue,
  name AS task
FROM {celery_taskmeta}
