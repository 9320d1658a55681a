-- tasks = { created = "null", completed = "null", failed = 3, cancelled = 0, processing = 1, queued = 1, scheduled = 1, retrying = 1 }
-- errors = { "bad thing <num>" = 2, NO_MESSAGE = 1 }
-- not_measurable = ["tasks.created", "tasks.completed", "failureRate", "ledger", "latency.timeToProcessingMs", "latency.timeToCompleteMs"]
CREATE TABLE _private_jobs (
  id bigint PRIMARY KEY, task_identifier text DEFAULT 'mail', queue_name text, priority smallint DEFAULT 0, run_at timestamptz NOT NULL DEFAULT '2026-01-30 09:05Z',
  attempts smallint NOT NULL DEFAULT 0, max_attempts smallint NOT NULL DEFAULT 25, last_error text, created_at timestamptz NOT NULL DEFAULT '2026-01-30 09:05Z',
  updated_at timestamptz NOT NULL DEFAULT '2026-01-30 09:05Z', key text, locked_at timestamptz, locked_by text, revision int DEFAULT 0, flags jsonb
);
ALTER TABLE _private_jobs ENABLE ROW LEVEL SECURITY;
CREATE VIEW jobs AS SELECT * FROM _private_jobs;
INSERT INTO _private_jobs (id, run_at, attempts, max_attempts, last_error, locked_at) VALUES
(1, '2026-01-30 09:05Z', 0, 25, NULL, NULL), (2, '2026-01-30 12:00Z', 0, 25, NULL, NULL), (3, '2026-01-30 09:05Z', 1, 25, NULL, '2026-01-30 09:50Z'),
(4, '2026-01-30 12:00Z', 3, 25, 'bad thing 41', NULL), (5, '2026-01-30 09:30Z', 1, 1, 'bad thing 42', NULL), (6, '2026-01-30 09:30Z', 2, 2, 'bad thing 43', NULL),
(7, '2026-01-30 09:05Z', 1, 1, NULL, '2026-01-30 05:50Z');
