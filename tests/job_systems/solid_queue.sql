-- tasks = { created = 7, completed = 1, failed = 2, cancelled = 0, processing = 1, queued = 2, scheduled = 1 }
-- errors = { "Net::ReadTimeout" = 1, RuntimeError = 1 }
-- not_measurable = ["latency.timeToProcessingMs", "latency.timeToCompleteMs"]
CREATE TABLE solid_queue_jobs (
  id bigint PRIMARY KEY, queue_name varchar NOT NULL DEFAULT 'default', class_name varchar NOT NULL DEFAULT 'MailJob', arguments text, priority int DEFAULT 0, active_job_id varchar,
  scheduled_at timestamp(6), finished_at timestamp(6), concurrency_key varchar, created_at timestamp(6) NOT NULL DEFAULT '2026-01-30 09:05:00', updated_at timestamp(6)
);
CREATE TABLE solid_queue_failed_executions (id bigint PRIMARY KEY, job_id bigint NOT NULL, error text, created_at timestamp(6) NOT NULL);
CREATE TABLE solid_queue_claimed_executions (id bigint PRIMARY KEY, job_id bigint NOT NULL, process_id bigint, created_at timestamp(6) NOT NULL);
CREATE TABLE solid_queue_scheduled_executions (id bigint PRIMARY KEY, job_id bigint NOT NULL, scheduled_at timestamp(6) NOT NULL, created_at timestamp(6) NOT NULL);
CREATE TABLE solid_queue_ready_executions (id bigint PRIMARY KEY, job_id bigint NOT NULL, created_at timestamp(6) NOT NULL);
CREATE TABLE solid_queue_blocked_executions (id bigint PRIMARY KEY, job_id bigint NOT NULL, created_at timestamp(6) NOT NULL);
INSERT INTO solid_queue_jobs (id, scheduled_at, finished_at) VALUES
(1, '2026-01-30 09:05:00', NULL), (2, '2026-01-30 12:00:00', NULL), (3, '2026-01-30 09:05:00', NULL), (4, '2026-01-30 09:05:00', '2026-01-30 09:07:00'), (5, '2026-01-30 09:05:00', NULL), (6, '2026-01-30 09:05:00', NULL), (7, '2026-01-30 09:05:00', NULL);
INSERT INTO solid_queue_jobs (id, created_at, scheduled_at, finished_at) VALUES (8, '2026-01-28 08:05:00', '2026-01-28 08:05:00', '2026-01-28 08:07:00');
INSERT INTO solid_queue_ready_executions VALUES (1, 1, '2026-01-30 09:05:00');
INSERT INTO solid_queue_blocked_executions VALUES (1, 7, '2026-01-30 09:05:00');
INSERT INTO solid_queue_scheduled_executions VALUES (1, 2, '2026-01-30 12:00:00', '2026-01-30 09:05:00');
INSERT INTO solid_queue_claimed_executions VALUES (1, 3, 1, '2026-01-30 09:50:00');
INSERT INTO solid_queue_failed_executions VALUES (1, 5, '{"exception_class": "Net::ReadTimeout", "message": "after 31 s", "backtrace": ["a.rb:1"]}', '2026-01-30 09:07:00'), (2, 6, '{"exception_class": "RuntimeError", "message": "no", "backtrace": []}', '2026-01-30 09:07:00');
