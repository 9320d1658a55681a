-- tasks = { created = 7, completed = 1, failed = 1, cancelled = 2, processing = 2, queued = 1, scheduled = 1 }
-- not_measurable = ["errors"]
-- p95 = { time_to_processing = 60000, time_to_complete = 3000 }
CREATE TYPE procrastinate_job_status AS ENUM ('todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborting', 'aborted');
CREATE TYPE procrastinate_job_event_type AS ENUM ('deferred', 'started', 'deferred_for_retry', 'failed', 'succeeded', 'cancelled', 'abort_requested', 'aborted', 'scheduled', 'retried');
CREATE TABLE procrastinate_jobs (
  id bigint PRIMARY KEY, queue_name varchar(128) NOT NULL DEFAULT 'default', task_name varchar(128) NOT NULL DEFAULT 'mail.send', priority int DEFAULT 0,
  lock text, queueing_lock text, args jsonb DEFAULT '{}', status procrastinate_job_status NOT NULL, scheduled_at timestamptz, attempts int DEFAULT 0
);
CREATE TABLE procrastinate_events (id bigserial PRIMARY KEY, job_id bigint NOT NULL, type procrastinate_job_event_type, at timestamptz);
INSERT INTO procrastinate_jobs (id, status, scheduled_at) VALUES
(1, 'todo', NULL), (2, 'todo', '2026-01-30 12:00Z'), (3, 'doing', NULL), (4, 'succeeded', NULL), (5, 'failed', NULL), (6, 'cancelled', NULL),
(7, 'aborted', NULL), (8, 'succeeded', NULL), (9, 'aborting', NULL);
INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'deferred', '2026-01-30 09:05Z' FROM procrastinate_jobs WHERE id < 8;
INSERT INTO procrastinate_events (job_id, type, at) VALUES
(2, 'scheduled', '2026-01-30 12:00Z'), (3, 'started', '2026-01-30 09:50Z'), (4, 'started', '2026-01-30 09:05:30Z'), (4, 'deferred_for_retry', '2026-01-30 09:05:40Z'),
(4, 'started', '2026-01-30 09:06Z'), (4, 'succeeded', '2026-01-30 09:06:03Z'), (5, 'started', '2026-01-30 09:06Z'), (5, 'failed', '2026-01-30 09:07Z'),
(6, 'cancelled', '2026-01-30 09:07Z'), (7, 'started', '2026-01-30 09:06Z'), (7, 'abort_requested', '2026-01-30 09:07Z'), (7, 'aborted', '2026-01-30 09:08Z'),
(8, 'deferred', '2026-01-30 08:05Z'), (8, 'started', '2026-01-30 08:06Z'), (8, 'succeeded', '2026-01-30 08:07Z'),
(9, 'deferred', '2026-01-30 08:05Z'), (9, 'started', '2026-01-30 08:06Z'), (9, 'abort_requested', '2026-01-30 09:50Z');
