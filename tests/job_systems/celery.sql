-- tasks = { created = "null", completed = 2, failed = 4, cancelled = 1, processing = 2, queued = "null", retrying = 1 }
-- errors = { ValueError = 2, KeyError = 1, "jobs.PaymentDeclined" = 1 }
-- not_measurable = ["tasks.created", "ledger", "latency.timeToProcessingMs", "latency.timeToCompleteMs", "backlog.queued.oldestAgeMs", "backlog.processing.oldestAgeMs", "tasks.queued"]
CREATE TABLE celery_taskmeta (
  id int PRIMARY KEY, task_id varchar(155) UNIQUE, status varchar(50), result bytea, date_done timestamp, traceback text, name varchar(155), args bytea, kwargs bytea, worker varchar(155), retries int, queue varchar(155)
);
INSERT INTO celery_taskmeta (id, task_id, status, date_done, result, traceback) VALUES
(1, 'a', 'SUCCESS', '2026-01-30 09:07:00', '\x7b7d', NULL), (2, 'b', 'IGNORED', '2026-01-30 09:07:00', NULL, NULL),
(3, 'c', 'FAILURE', '2026-01-30 09:07:00', convert_to('{"exc_type": "ValueError", "exc_message": ["bad thing 42"], "exc_module": "builtins"}', 'UTF8'), NULL),
(4, 'd', 'FAILURE', '2026-01-30 09:07:00', decode('gASVKgAAAAAAAACMCGJ1aWx0aW5zlIwKVmFsdWVFcnJvcpSTlIwIYmFkIDQyIHiUhZRSlC4=', 'base64'), NULL),
(5, 'e', 'FAILURE', '2026-01-30 09:07:00', decode('gASVKQAAAAAAAACMCGJ1aWx0aW5zlIwIS2V5RXJyb3KUk5SMCWJhZCB0aGluZ5SFlFKULg==', 'base64'), NULL),
(6, 'f', 'FAILURE', '2026-01-30 09:07:00', NULL, E'Traceback (most recent call last):\n  File "a.py", line 1, in f\njobs.PaymentDeclined: card 4242\n'),
(7, 'g', 'REVOKED', '2026-01-30 09:07:00', NULL, NULL), (8, 'h', 'RETRY', NULL, NULL, NULL), (9, 'i', 'STARTED', '2026-01-30 08:07:00', NULL, NULL), (10, 'j', 'PROGRESS', NULL, NULL, NULL),
(11, 'k', 'SUCCESS', '2026-01-30 08:07:00', NULL, NULL);
