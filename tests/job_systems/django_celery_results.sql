-- tasks = { created = "null", completed = 1, failed = 4, cancelled = 1, processing = 2, queued = "null", retrying = 1 }
-- errors = { ValueError = 1, PaymentDeclined = 1, KeyError = 1, RuntimeError = 1 }
-- not_measurable = ["tasks.created", "ledger", "latency.timeToProcessingMs", "backlog.queued.oldestAgeMs", "tasks.queued"]
-- p95 = { time_to_complete = 7000 }
CREATE TABLE django_celery_results_taskresult (
  id int PRIMARY KEY, task_id varchar(255) UNIQUE, task_name varchar(255), status varchar(50), content_type varchar(128) DEFAULT 'application/json', content_encoding varchar(64) DEFAULT 'utf-8',
  result text, date_created timestamptz DEFAULT '2026-01-30 09:06:00', date_started timestamptz, date_done timestamptz NOT NULL, traceback text, meta text, worker varchar(100)
);
INSERT INTO django_celery_results_taskresult (id, task_id, status, date_started, date_done, result) VALUES
(1, 'a', 'SUCCESS', '2026-01-30 09:06:00', '2026-01-30 09:06:07', '{"exc_type": "no"}'), (2, 'b', 'FAILURE', NULL, '2026-01-30 09:07:00', '{"exc_type": "ValueError", "exc_message": ["bad thing 42"], "exc_module": "builtins"}'),
(3, 'c', 'FAILURE', NULL, '2026-01-30 09:07:00', '{"exc_type": "PaymentDeclined", "exc_message": ["card"], "exc_module": "dapp"}'),
(4, 'd', 'FAILURE', NULL, '2026-01-30 09:07:00', 'gASVKQAAAAAAAACMCGJ1aWx0aW5zlIwIS2V5RXJyb3KUk5SMCWJhZCB0aGluZ5SFlFKULg=='), (5, 'e', 'REVOKED', NULL, '2026-01-30 09:07:00', NULL),
(6, 'f', 'STARTED', '2026-01-30 09:50:00', '2026-01-30 09:49:59', NULL), (7, 'g', 'PROGRESS', '2026-01-30 09:50:00', '2026-01-30 08:49:00', '{}'), (8, 'h', 'RETRY', NULL, '2026-01-30 09:50:00', '{}'),
(9, 'i', 'SUCCESS', NULL, '2026-01-30 08:07:00', NULL), (10, 'j', 'FAILURE', NULL, '2026-01-30 09:07:00', '{"exc_type": "RuntimeError", "exc_message": "{not json');
