-- tasks = { created = 11, completed = 1, failed = 3, cancelled = 1, processing = 1, queued = 2, scheduled = 2, retrying = 1 }
-- errors = { RuntimeError = 1, ValueError = 1, "DBConnection.ConnectionError" = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 2000 }
CREATE TYPE oban_job_state AS ENUM ('available', 'suspended', 'scheduled', 'executing', 'retryable', 'completed', 'discarded', 'cancelled');
CREATE TABLE oban_jobs (
  id bigserial PRIMARY KEY, state oban_job_state NOT NULL, queue text NOT NULL DEFAULT 'default', worker text NOT NULL DEFAULT 'App.Mail',
  args jsonb NOT NULL DEFAULT '{}', errors jsonb[] NOT NULL DEFAULT '{}', attempt int DEFAULT 0, max_attempts int DEFAULT 20,
  inserted_at timestamp NOT NULL DEFAULT '2026-01-30 09:05', scheduled_at timestamp NOT NULL DEFAULT '2026-01-30 09:05',
  attempted_at timestamp, completed_at timestamp, discarded_at timestamp, cancelled_at timestamp,
  attempted_by text[], priority int DEFAULT 0, tags text[], meta jsonb
);
INSERT INTO oban_jobs (state, scheduled_at, attempted_at) VALUES
('available', '2026-01-30 09:05', NULL), ('scheduled', '2026-01-30 12:00', NULL), ('suspended', '2026-01-30 09:05', NULL),
('retryable', '2026-01-30 12:00', '2026-01-30 09:40'), ('retryable', '2026-01-30 09:59', '2026-01-30 09:40'),
('executing', '2026-01-30 09:05', '2026-01-30 09:50');
INSERT INTO oban_jobs (state, attempted_at, completed_at) VALUES ('completed', '2026-01-30 09:06', '2026-01-30 09:06:02');
INSERT INTO oban_jobs (state, inserted_at, scheduled_at, attempted_at, completed_at) VALUES
('completed', '2026-01-30 08:05', '2026-01-30 08:05', '2026-01-30 08:06', '2026-01-30 08:07');
INSERT INTO oban_jobs (state, attempted_at, cancelled_at, errors) VALUES
('cancelled', '2026-01-30 09:06', '2026-01-30 09:07', ARRAY['{"error": "** (Oban.PerformError) cancelled"}'::jsonb]);
INSERT INTO oban_jobs (state, attempted_at, discarded_at, errors) VALUES
('discarded', '2026-01-30 09:06', '2026-01-30 09:07', ARRAY['{"at": "x", "attempt": 1, "error": "** (First) no"}', '{"at": "x", "attempt": 2, "error": "** (RuntimeError) went wrong\n    (app 0.1.0) lib/app.ex:3: App.run/1"}']::jsonb[]),
('discarded', '2026-01-30 09:06', '2026-01-30 09:07', ARRAY['{"attempt": 1, "error": "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    raise ValueError(1)\nValueError: bad\nsecond line"}'::jsonb]),
('discarded', '2026-01-30 09:06', '2026-01-30 09:07', ARRAY['{"attempt": 1, "error": "** (DBConnection.ConnectionError) tcp"}'::jsonb]);
