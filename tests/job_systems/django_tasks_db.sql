-- tasks = { created = 7, completed = 2, failed = 2, cancelled = 0, processing = 1, queued = 1, scheduled = 1 }
-- errors = { ValueError = 1, "jobs.PaymentDeclined" = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 6000 }
CREATE TABLE django_tasks_database_dbtaskresult (
  id uuid PRIMARY KEY, status varchar(10) NOT NULL, enqueued_at timestamptz NOT NULL, started_at timestamptz, finished_at timestamptz, args_kwargs jsonb, priority int DEFAULT 0,
  task_path text DEFAULT 'jobs.mail', queue_name text DEFAULT 'default', backend_name text DEFAULT 'default', run_after timestamptz NOT NULL DEFAULT '9999-01-01 00:00:00',
  return_value jsonb, exception_class_path text DEFAULT '', traceback text DEFAULT '', worker_ids jsonb
);
INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, run_after, started_at, finished_at, exception_class_path, traceback) VALUES
('00000000000000000000000000000001', 'READY', '2026-01-30 09:05:00', '9999-01-01 00:00:00', NULL, NULL, '', ''),
('00000000000000000000000000000002', 'READY', '2026-01-30 09:05:00', '2026-01-30 12:00:00', NULL, NULL, '', ''),
('00000000000000000000000000000003', 'RUNNING', '2026-01-30 09:05:00', '9999-01-01 00:00:00', '2026-01-30 09:50:00', NULL, '', ''),
('00000000000000000000000000000004', 'SUCCESSFUL', '2026-01-30 09:05:00', '9999-01-01 00:00:00', '2026-01-30 09:06:00', '2026-01-30 09:06:06', '', ''),
('00000000000000000000000000000005', 'SUCCEEDED', '2026-01-30 09:05:00', '9999-01-01 00:00:00', '2026-01-30 09:06:00', '2026-01-30 09:06:06', '', ''),
('00000000000000000000000000000006', 'FAILED', '2026-01-30 09:05:00', '9999-01-01 00:00:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', 'builtins.ValueError', 'Traceback (most recent call last):
  File "a.py", line 1, in f
ValueError: bad 42
'),
('00000000000000000000000000000007', 'FAILED', '2026-01-30 09:05:00', '9999-01-01 00:00:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', 'jobs.PaymentDeclined', 'Traceback (most recent call last):
  File "a.py", line 1, in f
jobs.PaymentDeclined: card'),
('00000000000000000000000000000008', 'SUCCESSFUL', '2026-01-30 08:05:00', '9999-01-01 00:00:00', '2026-01-30 08:06:00', '2026-01-30 08:07:00', '', '');
