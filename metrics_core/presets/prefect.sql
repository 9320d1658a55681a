-- title = "Prefect 3 flow runs"
-- versions = "3.9.1 read"
-- tables.flow_run = [
--   "id", "flow_id", "state_id", "state_type", "state_name", "created", "expected_start_time",
--   "start_time", "end_time", "total_run_time", "work_queue_name",
-- ]
-- tables.flow_run_state = ["id", "flow_run_id", "type", "message"]
-- tables.flow = ["id", "name"]
-- dimensions = ["queue", "flow"]
-- error_format = "traceback"
-- retention = "Runs are kept."
-- indexes = "end_time is indexed, created is not."
-- traps = [
--   "Time to processing is Prefect's lateness: from the expected start.",
--   "A run's state may have any name: its type is what counts.",
--   "A crash has no exception, but a sentence: its code is the name of its state.",
-- ]
-- [statuses]
-- queued = ["PENDING"]
-- scheduled = ["SCHEDULED"]
-- retrying = ["AwaitingRetry"]
-- processing = ["RUNNING", "PAUSED", "CANCELLING"]
-- completed = ["COMPLETED"]
-- failed = ["FAILED", "CRASHED"]
-- cancelled = ["CANCELLED"]
SELECT
  run.id,
  CASE
    WHEN run.state_type IS NULL THEN 'PENDING'
    WHEN run.state_name = 'AwaitingRetry' THEN 'AwaitingRetry'
    ELSE CAST(run.state_type AS text)
  END AS status,
  run.created AS created_at,
  run.expected_start_time AS eligible_at,
  run.start_time AS started_at,
  run.end_time AS finished_at,
  CASE WHEN run.state_type IN ('FAILED', 'CRASHED') THEN replace(replace(
    state.message, 'Flow run encountered an exception: ', ''
  ), 'Flow run encountered an exception ', '') END AS error,
  CASE
    WHEN run.state_type NOT IN ('FAILED', 'CRASHED') THEN NULL
    WHEN state.message LIKE 'Flow run encountered an exception%' THEN NULL
    ELSE run.state_name
  END AS error_code,
  run.work_queue_name AS queue,
  flow.name AS flow
FROM {flow_run} AS run
LEFT JOIN {flow} AS flow ON flow.id = run.flow_id
LEFT JOIN {flow_run_state} AS state ON state.id = run.state_id
