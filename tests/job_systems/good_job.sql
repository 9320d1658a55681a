-- tasks = { created = 9, completed = 1, failed = 3, cancelled = 0, processing = 1, queued = 2, scheduled = 1, retrying = 1 }
-- errors = { "Net::ReadTimeout" = 2, "went wrong" = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 9000 }
CREATE TABLE good_jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), queue_name text DEFAULT 'default', priority int, serialized_params jsonb, scheduled_at timestamp(6), performed_at timestamp(6), finished_at timestamp(6),
  error text, created_at timestamp(6) NOT NULL DEFAULT '2026-01-30 09:05', updated_at timestamp(6) NOT NULL DEFAULT '2026-01-30 09:05', active_job_id uuid, concurrency_key text, cron_key text, job_class text DEFAULT 'MailJob', error_event smallint, labels text[]
);
INSERT INTO good_jobs (scheduled_at, performed_at, finished_at, error) VALUES
(NULL, NULL, NULL, NULL), ('2026-01-30 12:00', NULL, NULL, NULL), ('2026-01-30 12:00', NULL, NULL, 'Net::ReadTimeout: x'), ('2026-01-30 09:59', NULL, NULL, 'Net::ReadTimeout: x'),
(NULL, '2026-01-30 09:50', NULL, NULL), (NULL, '2026-01-30 09:06', '2026-01-30 09:06:09', NULL), (NULL, '2026-01-30 09:06', '2026-01-30 09:07', 'Net::ReadTimeout: after 31 s'),
(NULL, '2026-01-30 09:06', '2026-01-30 09:07', 'Net::ReadTimeout: after 32 s'), (NULL, '2026-01-30 09:06', '2026-01-30 09:07', 'went wrong');
INSERT INTO good_jobs (created_at, performed_at, finished_at) VALUES ('2026-01-30 08:05', '2026-01-30 08:06', '2026-01-30 08:07');
