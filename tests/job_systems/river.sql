-- tasks = { created = 10, completed = 1, failed = 3, cancelled = 1, processing = 1, queued = 2, scheduled = 2, retrying = 1 }
-- errors = { "dial tcp" = 2, "job <num> not found" = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 8000 }
CREATE TYPE river_job_state AS ENUM ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');
CREATE TABLE river_job (
  id bigserial PRIMARY KEY, state river_job_state NOT NULL, attempt smallint DEFAULT 0, max_attempts smallint DEFAULT 25, attempted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT '2026-01-30 09:05Z', finalized_at timestamptz, scheduled_at timestamptz NOT NULL DEFAULT '2026-01-30 09:05Z', priority smallint DEFAULT 1,
  args jsonb DEFAULT '{}', attempted_by text[], errors jsonb[], kind text DEFAULT 'mail', metadata jsonb DEFAULT '{}', queue text DEFAULT 'default', tags varchar(255)[]
);
INSERT INTO river_job (state, scheduled_at, attempted_at, finalized_at, errors) VALUES
('available', '2026-01-30 09:05Z', NULL, NULL, NULL), ('pending', '2026-01-30 09:05Z', NULL, NULL, NULL), ('scheduled', '2026-01-30 12:00Z', NULL, NULL, NULL),
('retryable', '2026-01-30 12:00Z', '2026-01-30 09:40Z', NULL, NULL), ('retryable', '2026-01-30 09:59Z', '2026-01-30 09:40Z', NULL, NULL), ('running', '2026-01-30 09:05Z', '2026-01-30 09:50Z', NULL, NULL),
('completed', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:06:08Z', NULL), ('cancelled', '2026-01-30 09:05Z', NULL, '2026-01-30 09:06:08Z', NULL),
('discarded', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:07Z', ARRAY['{"attempt": 1, "error": "first: no"}', '{"attempt": 2, "error": "dial tcp: 10.0.0.7:5432: refused", "trace": ""}']::jsonb[]),
('discarded', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:07Z', ARRAY['{"attempt": 1, "error": "dial tcp: timeout"}']::jsonb[]),
('discarded', '2026-01-30 08:05Z', '2026-01-30 09:06Z', '2026-01-30 09:07Z', ARRAY['{"attempt": 1, "error": "job 42 not found"}']::jsonb[]);
UPDATE river_job SET created_at = '2026-01-30 08:05Z' WHERE scheduled_at = '2026-01-30 08:05Z';
INSERT INTO river_job (state, created_at, finalized_at) VALUES ('completed', '2026-01-30 08:05Z', '2026-01-30 08:07Z');
