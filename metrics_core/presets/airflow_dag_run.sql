-- title = "Airflow 3 DAG runs"
-- versions = "3.3.2 read"
-- tables.dag_run = [
--   "id", "dag_id", "run_id", "run_type", "state", "queued_at", "run_after", "start_date", "end_date",
-- ]
-- tables.task_instance = ["dag_id", "task_id", "run_id", "state", "try_number", "queued_dttm"]
-- dimensions = ["dag_id", "run_type"]
-- retention = "Kept until airflow db clean."
-- indexes = "None on queued_at or end_date: a scan reads dag_run."
-- traps = ["A run that is cleared begins anew: its times are those of the last time."]
-- [not_measurable]
-- errors = "Airflow stores no exception: they are in the logs of its tasks."
-- [statuses]
-- processing = ["running"]
-- completed = ["success"]
SELECT
  id,
  state AS status,
  -- Earlier releases have no created_at.
  queued_at AS created_at,
  run_after AS eligible_at,
  start_date AS started_at,
  end_date AS finished_at,
  dag_id,
  run_type
FROM {dag_run}
