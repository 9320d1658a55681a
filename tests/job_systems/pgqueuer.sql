-- tasks = { created = 8, completed = 1, failed = 3, cancelled = 1, processing = 1, queued = 1, scheduled = 1 }
-- errors = { ValueError = 2, KeyError = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 4000 }
CREATE TYPE pgqueuer_status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed');
CREATE TABLE pgqueuer (
  id int PRIMARY KEY, priority int DEFAULT 0, queue_manager_id uuid, created timestamptz DEFAULT '2026-01-30 09:05Z', updated timestamptz,
  heartbeat timestamptz, execute_after timestamptz DEFAULT '2026-01-30 09:05Z', status pgqueuer_status, entrypoint text DEFAULT 'fetch', payload bytea, attempts int DEFAULT 0, headers jsonb
);
CREATE TABLE pgqueuer_log (
  id bigserial PRIMARY KEY, created timestamptz NOT NULL, job_id bigint NOT NULL, status pgqueuer_status NOT NULL, priority int DEFAULT 0,
  entrypoint text NOT NULL DEFAULT 'fetch', traceback jsonb, aggregated boolean DEFAULT false
);
INSERT INTO pgqueuer (id, status, execute_after) VALUES (1, 'queued', '2026-01-30 09:05Z'), (2, 'queued', '2026-01-30 12:00Z'), (3, 'picked', '2026-01-30 09:05Z'), (7, 'failed', '2026-01-30 09:05Z');
INSERT INTO pgqueuer_log (created, job_id, status) SELECT '2026-01-30 09:05Z', n, 'queued' FROM generate_series(1, 8) AS n;
INSERT INTO pgqueuer_log (created, job_id, status) SELECT '2026-01-30 09:06Z', n, 'picked' FROM generate_series(3, 7) AS n;
INSERT INTO pgqueuer_log (created, job_id, status, traceback) VALUES
('2026-01-30 09:06:04Z', 4, 'successful', NULL), ('2026-01-30 09:07Z', 5, 'exception', '{"exception_type": "ValueError", "exception_message": "bad payload 1"}'),
('2026-01-30 09:07Z', 6, 'exception', '{"exception_type": "ValueError", "exception_message": "bad payload 2"}'),
('2026-01-30 09:07Z', 7, 'failed', '{"exception_type": "KeyError", "exception_message": "held"}'), ('2026-01-30 09:07Z', 8, 'canceled', NULL),
('2026-01-30 08:05Z', 9, 'queued', NULL), ('2026-01-30 08:06Z', 9, 'picked', NULL), ('2026-01-30 08:07Z', 9, 'successful', NULL);
