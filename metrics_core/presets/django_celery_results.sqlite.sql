-- The form of django_celery_results.sql for SQLite: without its bounds, since times are texts.
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
