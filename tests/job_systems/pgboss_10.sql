-- tasks = { created = 12, completed = 2, failed = 4, cancelled = 1, processing = 1, queued = 2, scheduled = 1, retrying = 1 }
-- errors = { TypeError = 2, card_declined = 1, "plain string thrown" = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 1500 }
CREATE TYPE job_state AS ENUM ('created', 'retry', 'active', 'completed', 'cancelled', 'failed');
CREATE TABLE version (version int);
CREATE TABLE job (keep_until timestamptz,
  id uuid NOT NULL DEFAULT gen_random_uuid(), name text NOT NULL, priority int DEFAULT 0, data jsonb,
  state job_state NOT NULL, retry_limit int, retry_count int DEFAULT 0,
  start_after timestamptz NOT NULL, started_on timestamptz, created_on timestamptz NOT NULL,
  completed_on timestamptz, output jsonb, PRIMARY KEY (name, id)
) PARTITION BY LIST (name);
CREATE TABLE job_common PARTITION OF job DEFAULT;
INSERT INTO job (name, state, created_on, start_after, started_on, completed_on, output) VALUES
('mail', 'created', '2026-01-30 09:05Z', '2026-01-30 09:30Z', NULL, NULL, NULL),
('mail', 'created', '2026-01-30 09:05Z', '2026-01-30 12:00Z', NULL, NULL, NULL),
('mail', 'retry', '2026-01-30 09:05Z', '2026-01-30 12:00Z', '2026-01-30 09:40Z', NULL, '{"name": "X"}'),
('mail', 'retry', '2026-01-30 09:05Z', '2026-01-30 09:59Z', '2026-01-30 09:40Z', NULL, '{"name": "X"}'),
('mail', 'active', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:50Z', NULL, NULL),
('mail', 'completed', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:06:01.5Z', '{"code": 7}'),
('mail', 'completed', '2026-01-30 08:05Z', '2026-01-30 08:05Z', '2026-01-30 08:06Z', '2026-01-30 08:10Z', NULL),
('boom', 'failed', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:10Z', '{"name": "TypeError", "message": "bad thing 42", "stack": "TypeError: bad"}'),
('boom', 'failed', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:10Z', '{"name": "TypeError", "message": "bad thing 43"}'),
('boom', 'failed', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:10Z', '{"name": "PaymentDeclined", "code": "card_declined", "message": "card 4242 declined"}'),
('boom', 'failed', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:10Z', '{"value": "plain string thrown"}'),
('mail', 'cancelled', '2026-01-30 09:05Z', '2026-01-30 09:05Z', NULL, '2026-01-30 09:07Z', NULL);
CREATE TABLE archive (LIKE job INCLUDING DEFAULTS);
ALTER TABLE archive ADD archived_on timestamptz NOT NULL DEFAULT '2026-01-30 23:00Z';
INSERT INTO archive (name, state, created_on, start_after, started_on, completed_on, output) VALUES
('mail', 'completed', '2026-01-30 09:05Z', '2026-01-30 09:05Z', '2026-01-30 09:06Z', '2026-01-30 09:06:01.5Z', NULL);
